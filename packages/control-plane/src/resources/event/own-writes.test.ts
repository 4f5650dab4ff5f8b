// Every write of the route table that is not Atlas's own, made once on the whole control plane: each leaves an event, or
// says here why there is none. Atlas's writes are walked in http/*-journey.test.ts, under the same witness.

import { randomUUID } from 'node:crypto'
import { type OperationId, routes } from '@postern/contract/routes'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Ask, ask, testHttpParts } from '../../http/testing.ts'
import { startWhole, type Whole } from '../../http/whole.testing.ts'
import { makeOwnRequest } from '../certificate/own-request.ts'
import { liveConnection, startAnswering } from '../edge/answering.testing.ts'
import { createEventWitness, type EventWitness } from './witness.testing.ts'

/** Nothing of theirs belongs to an organization, or they change nothing. */
const quiet: Partial<Readonly<Record<OperationId, string>>> = {
  createSession: 'a person signs in; what they do then leaves its events',
  createSessionByLink: 'a person signs in',
  deleteSession: 'a person signs out',
  changeSessionPassword: 'a person’s password belongs to them, not to an organization',
  describeInvitation: 'only looks',
  testGroupWebhook: 'changes nothing',
  testOrgWebhook: 'changes nothing',
  diagnoseGroup: 'only looks',
  checkGroupEndpointService: 'only looks',
  checkGroupPrivateEndpoint: 'only looks',
  checkGroupPrivateEndpointRegionalMode: 'only looks',
  checkGroupDeployment: 'only looks',
  createLocalAwsVpcEndpoint: 'the consumer’s own cloud: its owner made it; what it does to an endpoint, turns tell',
  deleteLocalAwsVpcEndpoint: 'the consumer’s own cloud',
  createLocalAzurePrivateEndpoint: 'the consumer’s own cloud',
  deleteLocalAzurePrivateEndpoint: 'the consumer’s own cloud',
  createLocalGcpForwardingRule: 'the consumer’s own cloud',
  deleteLocalGcpForwardingRule: 'the consumer’s own cloud',
  createEdgeReport: 'what an edge sees belongs to the server; what follows for an endpoint, turns tell',
  createEdgeAnswer: 'an edge says what it has; what ends there, killGroupConnections tells',
  createEdgeCertificate: 'an edge renews what it serves; the log has it',
  enrolEdge: 'an edge has no name but the one it enrols by: EDGE_ENROLLED is told by SYSTEM',
  createTestingFault: 'of a test, and only where the server was started for tests; what follows, turns tell',
  deleteTestingFault: 'of a test',
  deleteTestingFaults: 'of a test',
  advanceTestingClock: 'of a test; what becomes due leaves its events',
  keepTestingSeed: 'of a test',
  resetTesting: 'of a test; events since the seed are among what goes',
  stopTesting: 'of a test',
}

const ownWrites = (Object.keys(routes) as OperationId[]).filter(
  (id) => routes[id].method !== 'GET' && !routes[id].path.startsWith('/api/atlas/'),
)

let whole: Whole
let events: EventWitness
beforeAll(async () => {
  whole = await startWhole()
  events = createEventWitness(whole.store, quiet)
})
afterAll(() => whole?.close())

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came.
type Body = any

const call = async (method: string, path: string, more: Partial<Ask> = {}): Promise<Body> => {
  const { http, owner } = whole.api
  const { status, text, body } = await ask(events.watch(http), { method, path, as: owner, ...more })
  if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text}`)
  return body
}
const own = '/api/postern/v1'

describe('Postern’s own writes leave events', () => {
  test('a token, issued and revoked', async () => {
    const { orgId } = whole.api
    const body = { name: 'ci', description: 'of a pipeline', roles: ['ORG_MEMBER'], secretExpiresAfterHours: 8 }
    const { clientId, secrets } = await call('POST', `/api/atlas/v2/orgs/${orgId}/serviceAccounts`, {
      body,
      version: '2024-08-05',
    })
    const authorization = `Basic ${Buffer.from(`${clientId}:${secrets[0].secret}`).toString('base64')}`
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
    const form = (path: string, text: string): Promise<Body> =>
      call('POST', `/api/oauth/${path}`, { body: text, headers })
    const { access_token } = await form('token', 'grant_type=client_credentials')
    await form('revoke', `token=${access_token}`)
  })

  test('an invitation, accepted', async () => {
    const users = `/orgs/${whole.api.orgId}/users`
    const body = { username: 'ada@example.com', roles: { orgRoles: ['ORG_MEMBER'] } }
    const { id } = await call('POST', `/api/atlas/v2${users}`, { body, version: '2025-02-19' })
    const { invitationToken } = await call('POST', `${own}${users}/${id}/invitationToken`)
    await call('POST', `${own}/invitations/describe`, { body: { invitationToken } })
    await call('POST', `${own}/invitations/accept`, {
      body: { invitationToken, password: 'correct-horse-battery', firstName: 'Ada', lastName: 'L' },
    })
    await call('POST', `${own}${users}/${id}/sessionLink`)
  })

  test('a deployment, registered', async () => {
    const { groupId, parts } = whole.api
    const { url = '', token = '' } = parts.settings.sandbox ?? {}
    const made = await fetch(`${url}/clusters/${parts.ids.objectId()}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'own', setName: 'own', members: 1, admin: { user: 'dba', password: 'their own' } }),
    })
    const { members } = (await made.json()) as { readonly members: readonly { readonly hostPort: string }[] }
    const connectionString = `mongodb://${members[0]?.hostPort}`
    const body = { name: 'Mine', connectionString, provider: 'AWS', region: 'US_EAST_1' }
    await expect
      .poll(() => call('POST', `${own}/groups/${groupId}/deployments`, { body }).then(() => 'registered', String), {
        timeout: 30_000,
      })
      .toBe('registered')
    await call('PATCH', `${own}/groups/${groupId}/clusters/Mine/standardListener`, { body: { enabled: true } })
  })

  test('endpoint services and private endpoints: ensured, labelled, retried, terminated and taken back', async () => {
    const { groupId } = whole.api
    const group = `${own}/groups/${groupId}/privateEndpoint`
    const becomes = (path: string, status: string) =>
      expect
        .poll(
          () =>
            call('GET', path).then(
              (seen) => seen.status,
              () => 'gone',
            ),
          { timeout: 30_000, interval: 20 },
        )
        .toBe(status)
    const labels = { env: 'prod' }
    const body = { providerName: 'AWS', region: 'US_EAST_1' }
    const { id } = await call('POST', `${group}/endpointService:ensure`, { body })
    const service = `${group}/AWS/endpointService/${id}`
    await becomes(service, 'AVAILABLE')
    await call('PATCH', service, { body: { labels } })

    const endpointId = 'vpce-11111111111111111'
    const endpoint = `${service}/endpoint/${endpointId}`
    await call('POST', `${service}/endpoint:ensure`, { body: { id: endpointId } })
    await becomes(endpoint, 'REJECTED')
    await call('PATCH', endpoint, { body: { labels } })
    await call('POST', `${endpoint}:retry`)
    await becomes(endpoint, 'REJECTED')
    await call('DELETE', endpoint)
    await becomes(endpoint, 'gone')
    await call('POST', `${endpoint}:undo`)
    await becomes(endpoint, 'REJECTED')

    await whole.store.transact(async (tx) => {
      await tx.deleteFrom('local_service').where('service_id', '=', id).execute()
      await whole.api.parts.turns.wake(tx, 'endpointService', id)
    })
    await becomes(service, 'FAILED')
    await call('POST', `${service}:retry`)
    await becomes(service, 'AVAILABLE')
    await call('DELETE', endpoint)
    await becomes(endpoint, 'gone')
    await call('DELETE', service.replace(own, '/api/atlas/v2'))
    await becomes(service, 'gone')
    await call('POST', `${service}:undo`)
    await becomes(service, 'AVAILABLE')
  })

  test('live connections, ended by an application’s name and by their id', async () => {
    const { http, groupId } = whole.api
    const service = `${own}/groups/${groupId}/privateEndpoint/AZURE/endpointService`
    const { id } = await call('POST', `${service}:ensure`.replace('/AZURE', ''), {
      body: { providerName: 'AZURE', region: 'US_EAST_2' },
    })
    const azureId = `/subscriptions/${randomUUID()}/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/shop`
    const status = () => call('GET', `${service}/${id}`).then((seen) => seen.status)
    await expect.poll(status, { timeout: 30_000, interval: 20 }).toBe('AVAILABLE')
    const body = { id: azureId, privateEndpointIPAddress: '10.0.0.4' }
    await call('POST', `${service}/${id}/endpoint:ensure`, { body })
    const row = await whole.store.read
      .selectFrom('private_endpoint')
      .select('id')
      .where('cloud_id', '=', azureId)
      .executeTakeFirstOrThrow()
    const headers = { authorization: `Bearer ${testHttpParts.edgeToken}` }
    const report = { epoch: 'e', n: 1, bound: [], failed: [] }
    await ask(http, { method: 'POST', path: `${own}/edges/edge-1/reports/gateway`, body: report, headers })
    const held = [1, 2].map((n) => liveConnection(n, { endpointId: row.id, appName: `app-${n}` }))
    const edge = startAnswering(http, 'edge-1', held)
    const connections = `${own}/groups/${groupId}/connections`
    expect(await call('DELETE', `${connections}?appName=app-1`)).toMatchObject({ killed: 1 })
    expect(await call('DELETE', `${connections}/${held[1]?.id}`)).toMatchObject({ killed: 1 })
    await edge.stop()
    await ask(http, { method: 'DELETE', path: `${own}/edges/edge-1`, as: whole.api.owner })
  })

  test('an edge: its token made and used, its identity revoked, the edge forgotten', async () => {
    const edge = `${own}/edges/gateway-1`
    const { token } = await call('POST', `${edge}/enrolment`, { body: {} })
    const { csr } = await makeOwnRequest()
    await call('POST', `${edge}/identity`, { body: { token, csr, credentialHash: 'c0'.repeat(32) } })
    await call('DELETE', `${edge}/identity`)
    await call('DELETE', edge)
  })

  test('webhooks', async () => {
    const { groupId, orgId } = whole.api
    for (const place of [`/groups/${groupId}`, `/orgs/${orgId}`]) {
      const { id } = await call('POST', `${own}${place}/webhooks`, { body: { url: 'https://hooks.example.com/' } })
      const webhook = `${own}${place}/webhooks/${id}`
      await call('PATCH', webhook, { body: { enabled: false } })
      await call('DELETE', webhook)
    }
  })

  test('a project and an API key of one’s own choice', async () => {
    const { orgId } = whole.api
    const { id } = await call('POST', `${own}/orgs/${orgId}/groups`, { body: { name: 'Chosen', hash: 'chosn' } })
    await call('POST', `${own}/groups/${id}/apiKeys`, {
      body: {
        desc: 'suite',
        roles: ['GROUP_OWNER'],
        publicKey: 'chosenab',
        privateKey: '00000000-0000-4000-8000-000000000001',
      },
    })
  })

  test('a project’s switch for private ways alone', async () => {
    await call('PATCH', `${own}/groups/${whole.api.groupId}/privateOnly`, { body: { enabled: true } })
  })

  test('a project’s fidelity', async () => {
    await call('PATCH', `${own}/groups/${whole.api.groupId}/fidelity`, { body: { own: 'atlas' } })
  })
})

test('every one of them was made here or says why it is quiet, and no other', () => {
  expect(events.problems()).toEqual([])
  expect(events.unseen(ownWrites)).toEqual([])
  expect(Object.keys(quiet).filter((id) => !ownWrites.some((write) => write === id))).toEqual([])
})
