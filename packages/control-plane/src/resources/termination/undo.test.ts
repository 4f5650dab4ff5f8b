// Taking a termination back, over the real handlers, reconcilers and store, with edges that take over and let go.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey, type JourneyOptions, type View } from '../private-endpoint/testing.ts'

let open: TestStore
let journey: Journey
let service: View
/** In Atlas's API and in Postern's own. */
let path: string
let own: string
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(() => begin())

const begin = async (options: JourneyOptions = {}): Promise<void> => {
  await clearStore(open.store)
  journey = await createJourney(open.store, options)
  await journey.newCluster('Cluster0', 2)
  service = await journey.newService({ providerName: 'AWS' })
  path = journey.servicePath('AWS', service.id)
  own = path.replace('/api/atlas/v2/', '/api/postern/v1/')
}

const send = (method: string, at: string, body?: unknown) =>
  journey.ask({ method, path: at, ...(body !== undefined && { body }) })
const statusOf = async (at: string): Promise<number> => (await send('GET', at)).status
const edge = () => journey.edge('edge-1')
const vpcEndpoint = (): Promise<string> => journey.newVpcEndpoint(service)
const attach = (id: string) => send('POST', `${path}/endpoint`, { id })
const working = async (): Promise<string> => {
  const id = await vpcEndpoint()
  expect((await attach(id)).status).toBe(201)
  await journey.settle()
  await edge().takeOver()
  expect((await journey.get(`${path}/endpoint/${id}`)).connectionStatus).toBe('AVAILABLE')
  return id
}
const terminate = async (id: string): Promise<void> => {
  await send('DELETE', `${path}/endpoint/${id}`)
  await journey.settle()
}
const gone = async (id: string): Promise<void> => {
  await terminate(id)
  await edge().takeOver()
  expect(await statusOf(`${path}/endpoint/${id}`)).toBe(404)
}
const undo = (at: string) => send('POST', `${at}:undo`)
/** What clients know of an endpoint: the names and the ports by member. */
const known = async (id: string) => {
  const { endpoints, listeners } = (await edge().fetch('gateway')).body
  const found = endpoints.find(({ cloudEndpointId }) => cloudEndpointId === id)
  return {
    id: found?.id,
    names: found?.names,
    advertised: found?.advertised,
    limits: found?.limits,
    status: found?.status,
    listeners,
  }
}
const refusal = ({ status, body }: { readonly status: number; readonly body: unknown }) => [
  status,
  (body as View).errorCode,
]
const terminations = () => journey.get(`/api/postern/v1/groups/${journey.groupId}/privateEndpoint/terminations`)
const events = async (): Promise<readonly string[]> => {
  const rows = await open.store.read.selectFrom('event').select('type').where('type', 'like', '%RESTORED').execute()
  return rows.map(({ type }) => type).toSorted()
}

describe('an endpoint comes back as it was', () => {
  test('also where a sharded cluster has a place of its own behind its service', async () => {
    await journey.newCluster('Sharded', 2, { cluster_type: 'SHARDED', set_name: null })
    const id = await working()
    const before = await known(id)
    expect(before.listeners.filter(({ balances }) => balances !== undefined)).toHaveLength(1)
    await gone(id)
    expect((await undo(`${own}/endpoint/${id}`)).status).toBe(202)
    await journey.settle()
    await edge().takeOver()
    expect(await known(id)).toEqual(before)
  })

  test('with the service that went with it: id, names, ports, limits and policy, so that its strings work again', async () => {
    const id = await working()
    await send('PATCH', `${own}/endpoint/${id}`, { limits: { connections: 7 }, policy: { idleSeconds: 60 } })
    await journey.settle()
    const before = await known(id)
    const shown = await journey.get(`${own}/endpoint/${id}`)
    await gone(id)
    expect(await statusOf(path)).toBe(404)

    const answer = await undo(`${own}/endpoint/${id}`)
    expect(answer).toMatchObject({
      status: 202,
      body: { endpointId: id, status: 'PENDING_ACCEPTANCE', undoUntil: null },
    })
    await journey.settle()
    await edge().takeOver()
    expect(await journey.get(`${own}/endpoint/${id}`)).toEqual(shown)
    expect(await known(id)).toEqual(before)
    expect((await journey.get(path)).endpointServiceName).toBe(service.endpointServiceName)
    expect(await events()).toEqual(['ENDPOINT_SERVICE_RESTORED', 'INTERFACE_ENDPOINT_RESTORED'])
    expect((await terminations()).results).toEqual([])
  })

  test('alone, where its service stands', async () => {
    const [id, other] = [await working(), await working()]
    const before = await known(id)
    await gone(id)
    expect((await undo(`${own}/endpoint/${id}`)).status).toBe(202)
    await journey.settle()
    await edge().takeOver()
    expect(await known(id)).toEqual(before)
    expect((await journey.get(`${path}/endpoint/${other}`)).connectionStatus).toBe('AVAILABLE')
    expect(await events()).toEqual(['INTERFACE_ENDPOINT_RESTORED'])
  })

  test('while it is still DELETING, also where an edge is silent', async () => {
    const id = await working()
    const before = await known(id)
    await terminate(id)
    expect((await journey.get(`${path}/endpoint/${id}`)).connectionStatus).toBe('DELETING')
    expect((await journey.get(`${own}/endpoint/${id}`)).undoUntil).toBe('2026-01-01T01:00:00.000Z')
    expect((await undo(`${own}/endpoint/${id}`)).status).toBe(202)
    await journey.settle()
    await edge().takeOver()
    expect((await journey.get(`${path}/endpoint/${id}`)).connectionStatus).toBe('AVAILABLE')
    expect(await known(id)).toEqual(before)
  })

  test('with another gateway port, where its own was taken meanwhile; clients’ ports stay', async () => {
    const id = await working()
    const before = await known(id)
    await gone(id)
    await journey.newAwsEndpoint('us-west-2')
    await undo(`${own}/endpoint/${id}`)
    await journey.settle()
    await edge().takeOver()
    const after = await known(id)
    expect({ ...after, listeners: null }).toEqual({ ...before, listeners: null })
    const portsOf = (all: typeof before) =>
      all.listeners.filter(({ serviceId }) => serviceId === service.id).map(({ gatewayPort }) => gatewayPort)
    expect([portsOf(before), portsOf(after)]).toEqual([
      [40_000, 40_001],
      [40_002, 40_003],
    ])
  })

  test('to its end where its cloud has it no more: REJECTED with the reason, as anything new', async () => {
    const id = await working()
    await gone(id)
    await send('DELETE', `/api/postern/v1/local/aws/vpcEndpoints/${id}`)
    expect((await undo(`${own}/endpoint/${id}`)).status).toBe(202)
    await journey.settle()
    expect(await journey.get(`${path}/endpoint/${id}`)).toMatchObject({
      connectionStatus: 'REJECTED',
      errorMessage: expect.stringContaining('does not exist'),
    })
  })
})

describe('a service comes back', () => {
  test('gone or still going: under its id and its cloud’s name, with its labels', async () => {
    for (const settled of [true, false]) {
      await begin()
      await send('PATCH', own, { labels: { env: 'prod' }, supportedRemoteRegions: ['EU_WEST_1'] })
      const before = await journey.get(own)
      await send('DELETE', path)
      if (settled) await journey.settle()
      expect(await statusOf(path)).toBe(settled ? 404 : 200)
      expect((await undo(own)).status).toBe(202)
      await journey.settle()
      expect(await journey.get(own)).toEqual(before)
      expect(await events()).toEqual(['ENDPOINT_SERVICE_RESTORED'])
    }
  })
})

describe('the way back holds nothing', () => {
  test('404 comes as soon as without it, and the region is free', async () => {
    const id = await working()
    await gone(id)
    const body = { providerName: 'AWS', region: 'us-east-1' }
    const made = await send('POST', `${journey.groupPath}/endpointService`, body)
    expect(made.status).toBe(201)
    const other = (made.body as View).id

    const answer = await undo(`${own}/endpoint/${id}`)
    expect(refusal(answer)).toEqual([409, 'POSTERN_UNDO_REFUSED'])
    expect(answer.text).toContain(`AWS US_EAST_1 has another private endpoint service meanwhile, ${other}`)
    expect(refusal(await undo(own))).toEqual([409, 'POSTERN_UNDO_REFUSED'])
    const { results } = await terminations()
    const why = results.map(({ kind, problem }: View) => `${kind}: ${problem}`)
    expect(why.toSorted()).toEqual([
      expect.stringMatching(/^endpoint: .* meanwhile/),
      expect.stringMatching(/^endpointService: .* meanwhile/),
    ])
    // With that gone too, the way is free again.
    await send('DELETE', journey.servicePath('AWS', other))
    await journey.settle()
    expect((await undo(`${own}/endpoint/${id}`)).status).toBe(202)
  })

  test('an endpoint that was attached anew has its place', async () => {
    const id = await working()
    await working()
    await gone(id)
    expect((await attach(id)).status).toBe(201)
    const answer = await undo(`${own}/endpoint/${id}`)
    expect(refusal(answer)).toEqual([409, 'POSTERN_UNDO_REFUSED'])
    expect(answer.text).toContain('was attached')
  })

  test('a group goes, whatever could have been taken back', async () => {
    await gone(await working())
    expect((await terminations()).totalCount).toBe(2)
    await open.store.transact(async (tx) => {
      await tx.deleteFrom('cluster').execute()
      await tx.deleteFrom('group').where('id', '=', journey.groupId).execute()
    })
    expect(await open.store.read.selectFrom('termination').selectAll().execute()).toEqual([])
  })
})

describe('there is nothing to take back', () => {
  test('of what stands', async () => {
    const id = await working()
    expect(refusal(await undo(own))).toEqual([409, 'POSTERN_NOT_TERMINATED'])
    expect(refusal(await undo(`${own}/endpoint/${id}`))).toEqual([409, 'POSTERN_NOT_TERMINATED'])
  })

  test('of what never was, or is another group’s', async () => {
    const id = await working()
    await gone(id)
    const stranger = own.replace(service.id, 'f'.repeat(24))
    expect(refusal(await undo(stranger))).toEqual([404, 'POSTERN_TERMINATION_NOT_FOUND'])
    const other = await createJourney(open.store)
    const at = `${other.servicePath('AWS', service.id)}/endpoint/${id}:undo`.replace('/atlas/v2/', '/postern/v1/')
    expect(refusal(await other.ask({ method: 'POST', path: at }))).toEqual([404, 'POSTERN_TERMINATION_NOT_FOUND'])
  })

  test('once the window is over, gone or still going', async () => {
    await begin({ settings: { undoWindowMs: 1_800_000 } })
    const [id, stuck] = [await working(), await working()]
    await gone(id)
    await terminate(stuck)
    await journey.pass(1_800_000)
    for (const each of [id, stuck])
      expect(refusal(await undo(`${own}/endpoint/${each}`))).toEqual([404, 'POSTERN_TERMINATION_NOT_FOUND'])
    expect((await terminations()).totalCount).toBe(0)
  })

  test('where the window is none', async () => {
    await begin({ settings: { undoWindowMs: 0 } })
    const id = await working()
    await gone(id)
    expect(await open.store.read.selectFrom('termination').selectAll().execute()).toEqual([])
    expect(refusal(await undo(`${own}/endpoint/${id}`))).toEqual([404, 'POSTERN_TERMINATION_NOT_FOUND'])
  })
})
