// Endpoints in Postern's own API, over the real handlers, reconcilers and store.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey, type JourneyOptions, type View } from './testing.ts'

let open: TestStore
let journey: Journey
let service: View
/** In Postern's API, and of Atlas's service. */
let own: string
let path: string
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(() => begin())

const ownPath = (at: string): string => at.replace('/api/atlas/v2/', '/api/postern/v1/')
const begin = async (options: JourneyOptions = {}): Promise<void> => {
  await clearStore(open.store)
  journey = await createJourney(open.store, options)
  service = await journey.newService({ providerName: 'AWS' })
  path = journey.servicePath('AWS', service.id)
  own = ownPath(path)
}
const send = (method: string, at: string, body?: unknown) =>
  journey.ask({ method, path: at, ...(body !== undefined && { body }) })
const ensure = (body: object, at = own) => send('POST', `${at}/endpoint:ensure`, body)
const vpcEndpoint = (): Promise<string> => journey.newVpcEndpoint(service)
const working = async (): Promise<string> => {
  const id = await vpcEndpoint()
  await ensure({ id })
  await journey.settle()
  await journey.edge('edge-1').takeOver()
  return id
}
const refusal = ({ status, body }: { readonly status: number; readonly body: unknown }) => [
  status,
  (body as View).errorCode,
]
const events = async () => {
  const rows = await open.store.read
    .selectFrom('event')
    .select('type')
    .where('type', 'like', 'INTERFACE%')
    .where('actor_kind', '<>', 'SYSTEM')
    .execute()
  return rows.map(({ type }) => type.replace('INTERFACE_ENDPOINT_', '')).toSorted()
}
const dummy = 'vpce-11111111111111111'
const azureId = (name: string) =>
  `/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/${name}`

describe('ensure', () => {
  test('attached, then as it is, one event', async () => {
    const made = await ensure({ id: dummy, labels: { env: 'prod' }, description: 'shop' })
    expect(made).toMatchObject({
      status: 200,
      body: {
        created: true,
        endpointId: dummy,
        endpointServiceId: service.id,
        regionName: 'US_EAST_1',
        status: 'PENDING_ACCEPTANCE',
        labels: { env: 'prod' },
        description: 'shop',
      },
    })
    await journey.settle()
    expect(await ensure({ id: dummy })).toMatchObject({
      status: 200,
      body: { created: false, status: 'REJECTED', labels: { env: 'prod' } },
    })
    expect(await events()).toEqual(['CREATED'])
  })

  test('409 where what is attached is other than asked for, naming the field', async () => {
    const azure = await journey.newService({ providerName: 'AZURE' })
    const at = ownPath(journey.servicePath('AZURE', azure.id))
    const body = { id: azureId('pe'), privateEndpointIPAddress: '10.0.0.4' }
    expect((await ensure(body, at)).body).toMatchObject({ created: true })
    expect((await ensure({ ...body, id: azureId('PE') }, at)).body).toMatchObject({ created: false })
    const other = await ensure({ ...body, privateEndpointIPAddress: '10.0.0.5' }, at)
    expect(refusal(other)).toEqual([409, 'POSTERN_ENSURE_DIFFERS'])
    expect(other.text).toContain('privateEndpointIPAddress')
  })

  test('eight at once: all of them get the one that is attached', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ensure({ id: dummy })))
    expect(answers.filter(({ body }) => (body as View).created)).toHaveLength(1)
  })
})

describe('retry', () => {
  test('what was REJECTED for want of its endpoint becomes AVAILABLE once that is there', async () => {
    const id = await vpcEndpoint()
    const row = await open.store.read.selectFrom('local_endpoint').selectAll().executeTakeFirstOrThrow()
    await open.store.transact((tx) => tx.deleteFrom('local_endpoint').execute())
    await ensure({ id })
    await journey.settle()
    expect((await journey.get(`${own}/endpoint/${id}`)).status).toBe('REJECTED')
    const { hosts, properties, ...rest } = row
    const again = { ...rest, hosts: JSON.stringify(hosts), properties: JSON.stringify(properties) }
    await open.store.transact((tx) => tx.insertInto('local_endpoint').values(again).execute())
    expect(await send('POST', `${own}/endpoint/${id}:retry`)).toMatchObject({
      status: 202,
      body: { status: 'PENDING_ACCEPTANCE', errorMessage: null },
    })
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect((await journey.get(`${path}/endpoint/${id}`)).connectionStatus).toBe('AVAILABLE')
    expect(await events()).toEqual(['CREATED', 'RETRIED'])
  })

  test('one that has not ended so has nothing to be retried', async () => {
    const id = await working()
    expect(refusal(await send('POST', `${own}/endpoint/${id}:retry`))).toEqual([409, 'POSTERN_NOT_RETRYABLE'])
    expect(refusal(await send('POST', `${own}/endpoint/${dummy}:retry`))).toEqual([
      404,
      'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND',
    ])
  })
})

describe('PATCH', () => {
  test('a wrong id of one that was REJECTED is corrected, and tried anew under the right one', async () => {
    const id = await vpcEndpoint()
    await ensure({ id: dummy })
    await journey.settle()
    const corrected = await send('PATCH', `${own}/endpoint/${dummy}`, { id })
    expect(corrected).toMatchObject({ status: 200, body: { endpointId: id, status: 'PENDING_ACCEPTANCE' } })
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect((await journey.get(`${path}/endpoint/${id}`)).connectionStatus).toBe('AVAILABLE')
    expect((await send('GET', `${path}/endpoint/${dummy}`)).status).toBe(404)
    expect(await events()).toEqual(['CREATED', 'PATCHED'])
  })

  test('labels, description and what becomes of the service are changed at any time', async () => {
    const id = await working()
    const change = { labels: { a: '1' }, description: 'x', keepService: true }
    expect((await send('PATCH', `${own}/endpoint/${id}`, change)).body).toMatchObject({
      ...change,
      status: 'AVAILABLE',
    })
    const same = await send('PATCH', `${own}/endpoint/${id}`, { id, description: 'y' })
    expect(same).toMatchObject({ status: 200, body: { description: 'y', labels: { a: '1' } } })
  })

  test('limits reach the gateways; what is left out stays, and null is as the gateway is set', async () => {
    const id = await working()
    const patch = (limits: object) => send('PATCH', `${own}/endpoint/${id}`, { limits })
    const atGateways = async () => {
      await journey.settle()
      return (await journey.edge('edge-1').fetch('gateway')).body.endpoints[0]?.limits
    }
    expect((await journey.get(`${own}/endpoint/${id}`)).limits).toEqual({ connections: null, newPerSecond: null })
    expect(await atGateways()).toBeUndefined()
    expect((await patch({ connections: 500 })).body).toMatchObject({ limits: { connections: 500, newPerSecond: null } })
    expect((await patch({ newPerSecond: 0 })).body).toMatchObject({ limits: { connections: 500, newPerSecond: 0 } })
    expect(await atGateways()).toEqual({ connections: 500, newPerSecond: 0 })
    await patch({ connections: null })
    expect(await atGateways()).toEqual({ connections: null, newPerSecond: 0 })
    expect(await events()).toEqual(['CREATED', 'PATCHED', 'PATCHED', 'PATCHED'])
  })

  test('what a policy asks of certificates is judged where that is changed: all else can be, whatever became of its authority', async () => {
    const id = await working()
    const patch = async (policy: object) => (await send('PATCH', `${own}/endpoint/${id}`, { policy })).status
    const stored = JSON.stringify({ clientCa: 'an authority of another time', minimumTls: 'TLS1_2' })
    await open.store.transact((tx) => tx.updateTable('private_endpoint').set({ policy: stored }).execute())
    const { policy } = await journey.get(`${own}/endpoint/${id}`)
    expect(await patch({ readOnly: true })).toBe(200)
    expect(await patch({ ...policy, idleSeconds: 60 })).toBe(200)
    expect(await patch({ clientNames: ['app.test'] })).toBe(400)
    expect((await journey.get(`${own}/endpoint/${id}`)).policy).toMatchObject({ idleSeconds: 60, clientNames: null })
  })

  test('a policy reaches the gateways that know policies; the others are told to let nobody in', async () => {
    const id = await working()
    const patch = (policy: object) => send('PATCH', `${own}/endpoint/${id}`, { policy })
    const atGateways = async (schemas: string) => {
      await journey.settle()
      const { body } = await journey.ask({
        method: 'GET',
        path: '/api/postern/v1/edges/edge-1/snapshots/gateway',
        as: null,
        headers: { authorization: 'Bearer edge-token-of-this-test', 'postern-snapshot-schemas': schemas },
      })
      const [{ policy, status, tls }] = (body as { body: { endpoints: [Record<string, unknown>] } }).body.endpoints
      return { policy, status, tls }
    }
    const none = {
      clusters: null,
      minimumTls: null,
      idleSeconds: null,
      databaseUsers: null,
      readOnly: false,
      maxSnapshotAgeSeconds: null,
      clientCa: null,
      clientNames: null,
    }
    expect((await journey.get(`${own}/endpoint/${id}`)).policy).toEqual(none)
    expect(await atGateways('2')).toEqual({ policy: undefined, status: 'AVAILABLE', tls: false })
    const set = await patch({ clusters: [], idleSeconds: 60 })
    expect(set.body).toMatchObject({ policy: { ...none, clusters: [], idleSeconds: 60 } })
    const told = { clusterIds: [], idleMs: 60_000 }
    expect(await atGateways('2, 3')).toEqual({ policy: told, status: 'AVAILABLE', tls: false })
    expect(await atGateways('1, 2')).toEqual({ policy: undefined, status: 'REFUSED', tls: false })
    await patch({ clusters: null, minimumTls: 'TLS1_3' })
    const tls = { idleMs: 60_000, minimumTls: 'TLS1_3' }
    expect(await atGateways('3')).toEqual({ policy: tls, status: 'AVAILABLE', tls: true })
    const app = { username: 'app', databaseName: 'admin' }
    await patch({ idleSeconds: null, minimumTls: null, databaseUsers: [app], readOnly: true })
    expect(await atGateways('3')).toMatchObject({ policy: { databaseUsers: [app], readOnly: true } })
    await patch({ databaseUsers: null, readOnly: false })
    expect(await atGateways('1, 2')).toEqual({ policy: undefined, status: 'AVAILABLE', tls: false })
    expect(await events()).toEqual(['CREATED', 'PATCHED', 'PATCHED', 'PATCHED', 'PATCHED'])
  })

  test.each([
    { policy: { clusters: 'Cluster0' }, field: 'policy.clusters' },
    { policy: { clusters: [''] }, field: 'policy.clusters[0]' },
    { policy: { minimumTls: 'TLS1_0' }, field: 'policy.minimumTls' },
    { policy: { idleSeconds: 29 }, field: 'policy.idleSeconds' },
    { policy: { idleSeconds: 1e9 }, field: 'policy.idleSeconds' },
    { policy: { maxSnapshotAgeSeconds: 59 }, field: 'policy.maxSnapshotAgeSeconds' },
    { policy: { readonly: true }, field: 'policy.readonly' },
    { policy: { readOnly: null }, field: 'policy.readOnly' },
    { policy: { clientCa: 'x', minimumTls: 'TLS1_2' }, field: 'policy.clientCa' },
    { policy: { clientNames: ['CN=app'] }, field: 'policy.clientNames' },
    { policy: { databaseUsers: ['app'] }, field: 'policy.databaseUsers[0]' },
    { policy: { databaseUsers: [{ username: 'app' }] }, field: 'policy.databaseUsers[0].databaseName' },
  ])('$policy is no policy', async ({ policy, field }) => {
    const id = await working()
    const { status, body } = await send('PATCH', `${own}/endpoint/${id}`, { policy })
    expect([status, (body as View).parameters]).toEqual([400, [field]])
    expect(await events()).toEqual(['CREATED'])
  })

  test('a policy that names a cluster which is not there is refused, and nothing is written', async () => {
    const id = await working()
    const answer = await send('PATCH', `${own}/endpoint/${id}`, { policy: { clusters: ['Slip'] }, description: 'x' })
    expect(answer).toMatchObject({ status: 404, body: { errorCode: 'CLUSTER_NOT_FOUND' } })
    expect(await journey.get(`${own}/endpoint/${id}`)).toMatchObject({ policy: { clusters: null }, description: '' })
    expect(await events()).toEqual(['CREATED'])
  })

  test.each([
    { limits: { connections: 0 }, field: 'limits.connections' },
    { limits: { connections: '7' }, field: 'limits.connections' },
    { limits: { newPerSecond: -1 }, field: 'limits.newPerSecond' },
    { limits: { newPerSecond: 1.5 }, field: 'limits.newPerSecond' },
    { limits: { bytes: 7 }, field: 'limits.bytes' },
  ])('$limits is no limit', async ({ limits, field }) => {
    const id = await working()
    const { status, body } = await send('PATCH', `${own}/endpoint/${id}`, { limits })
    expect([status, (body as View).parameters]).toEqual([400, [field]])
    expect(await events()).toEqual(['CREATED'])
  })

  test('Google Cloud’s legacy form: the rules that were missing are added', async () => {
    await open.store.transact((tx) =>
      tx
        .insertInto('group_limit')
        .values({
          group_id: journey.groupId,
          name: 'atlas.project.deployment.privateServiceConnectionsPerRegionGroup',
          value: 3,
        })
        .execute(),
    )
    const gcp = await journey.newService({ providerName: 'GCP' })
    const at = ownPath(journey.servicePath('GCP', gcp.id))
    const local = { name: 'psc', target: gcp.serviceAttachmentNames[0], count: 3 }
    const { forwardingRules } = (await send('POST', '/api/postern/v1/local/gcp/forwardingRules', local)).body as View
    const endpoints = forwardingRules.map(({ name, IPAddress }: View) => ({ endpointName: name, ipAddress: IPAddress }))
    const told = { endpointGroupName: 'psc', gcpProjectId: forwardingRules[0].project }
    await ensure({ ...told, endpoints: endpoints.slice(0, 2) }, at)
    await journey.settle()
    expect((await journey.get(`${at}/endpoint/psc`)).errorMessage).toContain('2 of 3')
    expect((await send('PATCH', `${at}/endpoint/psc`, { endpoints })).status).toBe(200)
    await journey.settle()
    expect(await journey.get(`${at}/endpoint/psc`)).toMatchObject({ status: 'VERIFIED', errorMessage: null })
  })

  test('is refused: another id while it stands, one that is attached, a field of another cloud', async () => {
    const id = await working()
    const moved = await send('PATCH', `${own}/endpoint/${id}`, { id: dummy })
    expect(refusal(moved)).toEqual([409, 'POSTERN_ENDPOINT_NOT_CORRECTABLE'])
    expect(moved.text).toContain('REJECTED')
    await ensure({ id: dummy })
    await journey.settle()
    const taken = await send('PATCH', `${own}/endpoint/${dummy}`, { id })
    expect(refusal(taken)).toEqual([409, 'PRIVATE_ENDPOINT_ALREADY_EXISTS'])
    const foreign = await send('PATCH', `${own}/endpoint/${dummy}`, { privateEndpointIPAddress: '10.0.0.1' })
    expect(refusal(foreign)).toEqual([400, 'INVALID_ATTRIBUTE'])
    const wrong = await send('PATCH', `${own}/endpoint/${dummy}`, { id: 'vpc-1' })
    expect(refusal(wrong)).toEqual([400, 'INVALID_ATTRIBUTE'])
    expect((await journey.get(`${own}/endpoint/${dummy}`)).status).toBe('REJECTED')
  })
})

describe('what becomes of the service when its last endpoint goes', () => {
  test.each([
    { says: 'asked to keep it: it stays', query: '?keepService=true', worked: true, left: 200 },
    {
      says: 'asked to take it: it goes, also when the endpoint never worked',
      query: '?keepService=false',
      worked: false,
      left: 404,
    },
    { says: 'nothing asked: by the setting', query: '', worked: true, left: 404 },
    { says: 'nothing asked, and it never worked: it stays', query: '', worked: false, left: 200 },
  ])('$says', async ({ query, worked, left }) => {
    const id = worked ? await working() : dummy
    if (!worked) await ensure({ id })
    await journey.settle()
    expect(await send('DELETE', `${own}/endpoint/${id}${query}`)).toMatchObject({ status: 202, body: {} })
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect((await send('GET', `${own}/endpoint/${id}`)).status).toBe(404)
    expect((await send('GET', path)).status).toBe(left)
  })

  test('a word that comes while it is going counts too', async () => {
    const id = await working()
    await send('DELETE', `${path}/endpoint/${id}`)
    await send('DELETE', `${own}/endpoint/${id}?keepService=true`)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect((await send('GET', path)).status).toBe(200)
    expect(await events()).toEqual(['CREATED', 'DELETED', 'PATCHED'])
  })

  test('what is no yes or no is refused', async () => {
    await ensure({ id: dummy })
    expect(refusal(await send('DELETE', `${own}/endpoint/${dummy}?keepService=maybe`))).toEqual([
      400,
      'QUERY_PARAM_PARSE_ERROR',
    ])
  })
})

test('a list over all services, filtered by provider, region, status, service, id and label', async () => {
  const id = await working()
  await ensure({ id: dummy, labels: { env: 'prod' } })
  const azure = await journey.newService({ providerName: 'AZURE' })
  const pe = azureId('pe')
  await ensure({ id: pe, privateEndpointIPAddress: '10.0.0.4' }, ownPath(journey.servicePath('AZURE', azure.id)))
  await journey.settle()
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['', [id, dummy, pe]],
    ['?cloudProvider=AZURE', [pe]],
    ['?region=us-east-1', [id, dummy]],
    ['?status=AVAILABLE', [id]],
    ['?status=FAILED', [pe]],
    ['?status=FAILED&status=REJECTED', [dummy, pe]],
    ['?status=VERIFIED', []],
    [`?endpointServiceId=${azure.id}`, [pe]],
    [`?endpointId=${encodeURIComponent(pe.toUpperCase())}`, [pe]],
    ['?label=env:prod', [dummy]],
    ['?label=env:dev', []],
  ]
  const list = `/api/postern/v1/groups/${journey.groupId}/privateEndpoint/endpoint`
  for (const [query, ids] of rows) {
    const found = (await journey.get(`${list}${query}`)).results.map(({ endpointId }: View) => endpointId)
    expect([query, found.toSorted()]).toEqual([query, ids.toSorted()])
  }
  expect((await journey.get(`${list}?itemsPerPage=1`)).totalCount).toBe(3)
})
