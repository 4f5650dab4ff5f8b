// What takes minutes, or an edge that says so: the control plane's own view of it, by a clock that a test moves. In a whole
// installation every check is broken by packages/postern/journeys/doctor-*.test.ts.

import type { Diagnosis } from '@postern/contract/schemas/diagnosis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Settings } from '../../parts.ts'
import { createProviders } from '../../providers/providers.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { describeDeployment } from '../deployment/description.ts'
import { createEdgeNews } from '../edge/news.ts'
import { createJourney, type Journey, type JourneyOptions } from '../private-endpoint/testing.ts'
import { newPerson } from '../user/testing.ts'
import { diagnosisHandlers } from './handlers.ts'

let open: TestStore
let journey: Journey
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(async () => {
  await clearStore(open.store)
  journey = await anew()
})

const anew = (options: JourneyOptions = {}): Promise<Journey> =>
  createJourney(open.store, {
    ...options,
    more: {
      handlers: (parts) =>
        diagnosisHandlers(
          { ...parts, news: createEdgeNews() },
          createProviders(parts, async () => 'free'),
        ),
      reconcilers: () => [],
    },
  })

/** An AWS endpoint, attached to a service of its own, and no edge told of it yet. */
const attached = async (settings?: Partial<Settings>) => {
  if (settings !== undefined) {
    journey = await anew({ settings })
    await journey.edge('edge-1').takeOver()
  }
  const { id: serviceId } = await journey.newService({ providerName: 'AWS' })
  await journey.pass(settings?.localProvisionMs ?? 300)
  const endpointId = await journey.newVpcEndpoint(await journey.get(journey.servicePath('AWS', serviceId)))
  const path = `${journey.servicePath('AWS', serviceId)}/endpoint`
  await journey.ask({ method: 'POST', path, body: { id: endpointId } })
  await journey.settle()
  return { serviceId: String(serviceId), endpointId }
}

const newCluster = (name = 'Cluster0') => {
  const described = {
    provider: 'AWS',
    region: 'US_EAST_1',
    clusterType: 'REPLICASET',
    members: 3,
    version: '8.0.4',
  } as const
  const spec = JSON.stringify(describeDeployment(described, journey.parts.ids))
  return journey.newCluster(name, 3, { spec })
}

const diagnose = async (body: object = {}): Promise<Diagnosis> => {
  const path = `/api/postern/v1/groups/${journey.groupId}:diagnose`
  const answer = await journey.ask({ method: 'POST', path, body })
  expect(answer.status).toBe(200)
  return answer.body as Diagnosis
}
const found = async (body?: object) =>
  (await diagnose(body)).findings
    .filter(({ status }) => status === 'FAILED' || status === 'WARNING')
    .map(({ id, status, found: words }) => `${status} ${id}: ${words}`)

test('an installation whose edge is well has no finding', async () => {
  await journey.edge('edge-1').takeOver()
  expect(await found()).toEqual([])
})

test('where no gateway has ever reported', async () => {
  expect(await found()).toEqual(['FAILED edges-heard: Nothing was heard of any gateway ever.'])
})

test('an edge that is silent, and one of two', async () => {
  await journey.edge('edge-1').takeOver()
  await journey.pass(61_000)
  expect(await found()).toEqual([expect.stringMatching(/^FAILED edges-heard: .* gateway since 2026-01-01T00:00:00/)])
  await journey.edge('edge-2').takeOver()
  expect(await found()).toEqual([expect.stringMatching(/^WARNING edges-heard: Nothing was heard of edge edge-1/)])
})

test('edges that are silent while another serves are forgotten by the command that is told', async () => {
  for (const edge of ['edge-1', 'edge-2', 'edge-3']) await journey.edge(edge).takeOver()
  await journey.pass(61_000)
  await journey.edge('edge-3').takeOver()
  const { findings } = await diagnose()
  expect(findings.find(({ id }) => id === 'edges-heard')?.command).toBe(
    'postern edges forget edge-1 && postern edges forget edge-2',
  )
})

test('an edge that stays behind, once it has had time', async () => {
  const edge = journey.edge('edge-1')
  await edge.takeOver()
  const { epoch } = await edge.fetch('gateway')
  await edge.report('gateway', { epoch, n: 0, bound: [], failed: [] })
  expect(await found()).toEqual([])
  await journey.pass(31_000)
  await edge.report('gateway', { epoch, n: 0, bound: [], failed: [] })
  expect(await found()).toEqual([
    'FAILED edges-current: An older snapshot is served: the gateway of edge edge-1 holds number 0.',
  ])
})

test.each([
  { says: 'an older one', version: '0.0.9', told: '0.1.0. Older: edge edge-1 (0.0.9).' },
  { says: 'a newer one', version: '0.2.0', told: '0.1.0. Newer: edge edge-1 (0.2.0).' },
  { says: 'one of before versions were told', version: undefined, told: '0.1.0. Older: edge edge-1 (it tells none).' },
])('an edge of another release: $says', async ({ version, told }) => {
  const edge = journey.edge('edge-1')
  const { epoch, n } = await edge.fetch('gateway')
  await edge.report('gateway', { epoch, n, bound: [], failed: [], version })
  expect(await found()).toEqual([`WARNING edges-release: The control plane runs version ${told}`])
  await edge.takeOver()
  expect(await found()).toEqual([])
})

test('a listener that an edge cannot serve', async () => {
  const edge = journey.edge('edge-1')
  const { epoch, n } = await edge.fetch('gateway')
  await edge.report('gateway', { epoch, n, bound: [], failed: [{ id: '20001', reason: 'address in use' }] })
  expect(await found()).toEqual(['FAILED edges-serve: The gateway of edge edge-1 cannot serve 20001: address in use.'])
})

test('a gateway whose file of listeners names an endpoint that is not there; a port that is taken comes first', async () => {
  const edge = journey.edge('edge-1')
  const { epoch, n } = await edge.fetch('gateway')
  const waits = { id: 'POSTERN_GATEWAY_LISTENERS', reason: 'the listener waits' }
  await edge.report('gateway', { epoch, n, bound: [], failed: [waits] })
  expect(await found()).toEqual(['WARNING edges-serve: POSTERN_GATEWAY_LISTENERS of edge edge-1: the listener waits.'])
  await edge.report('gateway', { epoch, n, bound: [], failed: [waits, { id: '20001', reason: 'in use' }] })
  expect(await found()).toEqual([
    'FAILED edges-serve: The gateway of edge edge-1 cannot serve 20001: in use (and 1 more).',
  ])
})

test('who does not own an edge is told what it cannot serve of this project, and of others nothing', async () => {
  await journey.edge('edge-1').takeOver()
  const { endpointId } = await attached()
  await newCluster()
  await journey.settle()
  const edge = journey.edge('edge-1')
  const { epoch, n, body } = await edge.fetch('gateway')
  const [own] = body.endpoints
  const waits = { id: 'POSTERN_GATEWAY_LISTENERS', reason: 'the listener on 192.0.2.9 waits for vpce-of-others' }
  const foreign = { id: '20001', reason: '192.0.2.9 port 20001 is in use' }
  const reader = await newPerson(journey, 'reader@example.com', { group: ['GROUP_READ_ONLY'] })
  const path = `/api/postern/v1/groups/${journey.groupId}:diagnose`
  const toldTo = async (failed: readonly { id: string; reason: string }[]) => {
    await edge.report('gateway', { epoch, n, bound: [], failed })
    const { body: told, text } = await reader.ask({ method: 'POST', path, body: {} })
    expect(text).not.toMatch(/192\.0\.2\.9|of-others|20001/)
    return (told as Diagnosis).findings.find(({ id }) => id === 'edges-serve')
  }
  expect(own?.cloudEndpointId).toBe(endpointId)
  expect(await toldTo([foreign])).toMatchObject({ status: 'OK' })
  expect(await toldTo([foreign, waits])).toMatchObject({
    status: 'WARNING',
    found:
      'POSTERN_GATEWAY_LISTENERS of edge edge-1: something in that file serves nobody; who owns the edge is told what.',
  })
  const port = String(body.listeners[0]?.gatewayPort)
  for (const id of [own?.id ?? '', port])
    expect(await toldTo([{ id, reason: 'in use' }, foreign])).toMatchObject({
      status: 'FAILED',
      found: `The gateway of edge edge-1 cannot serve ${id}: in use.`,
    })
})

test.each([
  { trusts: ['10.0.0.0/8'], wide: '10.0.0.0/8' },
  { trusts: ['192.0.2.5/32', '10.1.0.0/16', '2001:db8::/32'], wide: '10.1.0.0/16 (edge edge-1), 2001:db8::/32' },
  { trusts: ['0.0.0.0/0'], wide: '0.0.0.0/0' },
  { trusts: ['127.0.0.0/8', '10.1.2.0/24', '2001:db8::/64', '192.0.2.5'], wide: null },
])('a gateway that believes PROXY headers from $trusts', async ({ trusts, wide }) => {
  const edge = journey.edge('edge-1')
  const { epoch, n } = await edge.fetch('gateway')
  await edge.report('gateway', { epoch, n, bound: [], failed: [], trusts })
  const told = await found()
  const reader = await newPerson(journey, 'reader@example.com', { group: ['GROUP_READ_ONLY'] })
  const path = `/api/postern/v1/groups/${journey.groupId}:diagnose`
  const { text } = await reader.ask({ method: 'POST', path, body: {} })
  for (const range of trusts) expect(text).not.toContain(range)
  expect(text.includes('some that edge edge-1 has (who owns it is told which)')).toBe(wide !== null)
  if (wide === null) expect(told).toEqual([])
  else
    expect(told).toEqual([
      expect.stringContaining(`WARNING edges-believe: PROXY headers are believed from whole networks: ${wide}`),
    ])
})

test('a gateway that was revoked, and the last one', async () => {
  const row = {
    proof: 'CREDENTIAL',
    credential_hash: '',
    token_hash: '',
    programs: '["gateway"]',
    org_ids: null,
    group_ids: null,
    owner_org_ids: '[]',
    enrolled: new Date(0),
  }
  await journey.edge('edge-1').takeOver()
  await journey.edge('edge-2').takeOver()
  const revoke = (edge: string) =>
    journey.parts.store.transact((tx) =>
      tx
        .insertInto('edge_identity')
        .values({ ...row, edge, key_hash: edge, revoked: new Date(0) })
        .execute(),
    )
  await revoke('edge-1')
  expect(await found()).toEqual([])
  await revoke('edge-2')
  expect(await found()).toEqual(['FAILED edges-heard: No gateway is left: edge edge-1, edge-2 was revoked.'])
})

describe('an endpoint whose policy names clusters', () => {
  /** One that is AVAILABLE, with three members of each of two clusters. */
  const withPolicy = async (clusters: readonly string[]) => {
    await journey.edge('edge-1').takeOver()
    await newCluster('Own')
    await newCluster('Other')
    const { endpointId, serviceId } = await attached()
    await journey.edge('edge-1').takeOver()
    await journey.settle()
    expect((await diagnose()).served).toHaveLength(6)
    const path = `/api/postern/v1/groups/${journey.groupId}/privateEndpoint/AWS/endpointService/${serviceId}/endpoint/${endpointId}`
    expect((await journey.ask({ method: 'PATCH', path, body: { policy: { clusters } } })).status).toBe(200)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    return endpointId
  }

  test('is served at the ports of these: whoever dials another is refused, the doctor too', async () => {
    await withPolicy(['Own'])
    const { served, roads } = await diagnose()
    expect(roads.map(({ clusterName }) => clusterName)).toEqual(['Own'])
    const hosts = /\/\/([^/]*)/.exec(roads[0]?.connectionString ?? '')?.[1]?.split(',')
    expect(served.toSorted()).toEqual(hosts?.toSorted())
    expect(await found()).toEqual([])
  })

  const goes = (name: string) =>
    open.store.transact(async (tx) => {
      const { id } = await tx.selectFrom('cluster').select('id').where('name', '=', name).executeTakeFirstOrThrow()
      await tx.deleteFrom('member').where('cluster_id', '=', id).execute()
      await tx.deleteFrom('cluster').where('id', '=', id).execute()
    })

  test('opens nothing once the last one has gone, and says so', async () => {
    const endpointId = await withPolicy(['Own'])
    await goes('Own')
    const sentence = `endpoint-accepted: Private endpoint ${endpointId} opens no cluster: none is called Own.`
    expect(await found()).toEqual([`WARNING ${sentence}`])
    expect(await found({ target: endpointId })).toEqual([`FAILED ${sentence}`])
    await newCluster('Own')
    expect(await found({ target: endpointId })).toEqual([])
  })

  test('names one that is gone beside one that is there, and is told which', async () => {
    const endpointId = await withPolicy(['Own', 'Other'])
    await goes('Other')
    const sentence = `WARNING endpoint-accepted: The policy of private endpoint ${endpointId} names clusters that are not there: Other.`
    expect(await found()).toEqual([sentence])
    expect(await found({ target: endpointId })).toEqual([sentence])
    expect(await found({ target: 'Own' })).toEqual([])
    const { findings } = await diagnose()
    expect(findings.find(({ id }) => id === 'endpoint-accepted')?.command).toMatch(/ --allowedCluster Own$/)
    await newCluster('Other')
    expect(await found()).toEqual([])
  })

  test('opens nothing where it names none', async () => {
    const endpointId = await withPolicy([])
    expect((await diagnose()).served).toEqual([])
    expect(await found()).toEqual([
      `WARNING endpoint-accepted: Private endpoint ${endpointId} opens no cluster: its policy names none.`,
    ])
  })
})

test('a service that takes long, and how long', async () => {
  journey = await anew({ settings: { localProvisionMs: 3_600_000 } })
  await journey.edge('edge-1').takeOver()
  const path = `${journey.groupPath}/endpointService`
  const { body } = await journey.ask({ method: 'POST', path, body: { providerName: 'AWS', region: 'us-east-1' } })
  const { id } = body as { readonly id: string }
  expect(await found()).toEqual([])
  expect(await found({ target: id })).toEqual([
    expect.stringMatching(/^WARNING service-made: .* INITIATING for 0 s\.$/),
  ])
  await journey.pass(11 * 60_000)
  await journey.edge('edge-1').takeOver()
  expect(await found()).toEqual([expect.stringMatching(/^WARNING service-made: .* INITIATING for 11 min\.$/)])
})

test('a service that stays DELETING, and the endpoint and the edge that hold it', async () => {
  await journey.edge('edge-1').takeOver()
  const { endpointId, serviceId } = await attached()
  await journey.edge('edge-1').takeOver()
  await journey.settle()
  await journey.edge('edge-2').takeOver()
  const servicePath = journey.servicePath('AWS', serviceId)
  await journey.ask({ method: 'DELETE', path: `${servicePath}/endpoint/${endpointId}` })
  await journey.ask({ method: 'DELETE', path: servicePath })
  await journey.settle()
  await journey.edge('edge-1').takeOver()
  await journey.pass(11 * 60_000)
  await journey.edge('edge-1').takeOver()
  await journey.settle()
  expect(await found({ target: serviceId })).toEqual([
    expect.stringMatching(/^WARNING edges-heard: .* edge edge-2 /),
    expect.stringMatching(
      new RegExp(
        `^WARNING service-made: .* DELETING for 11 min\\. It waits for ${endpointId} \\(Edge edge-2 may still`,
      ),
    ),
    expect.stringMatching(/^FAILED endpoint-accepted: .* DELETING for 11 min\. It waits: Edge edge-2 may still/),
  ])
})

test('an endpoint that its cloud accepted and has yet to connect, until when', async () => {
  const { endpointId } = await attached({ localProvisionMs: 60_000 })
  expect(await found({ target: endpointId })).toEqual([
    expect.stringMatching(
      /^WARNING endpoint-accepted: .* after 0 s: it is accepted, and its cloud connects it by 2026-01-01T00:02:00/,
    ),
  ])
})

test('an endpoint that waits for an edge, which is named', async () => {
  await journey.edge('edge-1').takeOver()
  const { endpointId } = await attached()
  expect(await found({ target: endpointId })).toEqual([
    expect.stringMatching(/^WARNING endpoint-accepted: .*: the gateway of edge edge-1 has not taken it over yet\.$/),
  ])
})

test('members for whom the gateway has no port left', async () => {
  journey = await anew({ settings: { gatewayPorts: { from: 15_000, to: 15_001 } } })
  await journey.edge('edge-1').takeOver()
  await newCluster()
  const { endpointId } = await attached()
  await journey.edge('edge-1').takeOver()
  await journey.settle()
  expect(await found({ target: endpointId })).toEqual([
    expect.stringMatching(/^FAILED room-for-members: 1 members have no port .*: the gateway’s ports are used up\.$/),
  ])
})

const plainUser = {
  awsIAMType: 'NONE',
  ldapAuthType: 'NONE',
  oidcAuthType: 'NONE',
  x509Type: 'NONE',
  description: null,
  labels: [],
  roles: [],
  scopes: [],
}

/** Kept as its handlers would, on no deployment. */
const keepUser = (user: {
  readonly username: string
  readonly database_name: string
  readonly spec: object
  readonly state: string
  readonly error_message: string
}) =>
  open.store.transact((tx) =>
    tx
      .insertInto('database_user')
      .values({
        ...user,
        spec: JSON.stringify(user.spec),
        id: journey.parts.ids.objectId(),
        group_id: journey.groupId,
        password: null,
        applied: '{}',
        drift: null,
        delete_after: null,
        created: new Date(journey.parts.clock.now()),
      })
      .execute(),
  )

/** The first host of a road that is whole. */
const hostOfRoad = async (): Promise<string> => {
  await journey.edge('edge-1').takeOver()
  await newCluster()
  const { endpointId } = await attached()
  await journey.edge('edge-1').takeOver()
  await journey.settle()
  const { roads } = await diagnose({ target: endpointId })
  return /\/\/([^,/]*)/.exec(roads[0]?.connectionString ?? '')?.[1] ?? ''
}

test('a user whose newest wish a deployment does not have', async () => {
  const host = await hostOfRoad()
  await keepUser({
    username: 'app',
    database_name: 'admin',
    spec: plainUser,
    state: 'PENDING',
    error_message: 'no primary',
  })
  expect(await found({ hosts: [host], username: 'app' })).toEqual([
    'WARNING user-applied: Cluster Cluster0 does not have user app as it is wished.',
  ])
})

test.each([
  { proof: { x509Type: 'MANAGED' }, by: 'an X.509 certificate', why: /hands no client certificate on/ },
  { proof: { ldapAuthType: 'USER' }, by: 'LDAP', why: /set it up/ },
  { proof: { oidcAuthType: 'USER' }, by: 'OIDC', why: /set it up/ },
  { proof: { awsIAMType: 'ROLE' }, by: 'AWS IAM', why: /set it up/ },
])('a user who proves itself by $by is nothing to wait for', async ({ proof, by, why }) => {
  const host = await hostOfRoad()
  await keepUser({
    username: 'ada',
    database_name: '$external',
    spec: { ...plainUser, ...proof },
    state: 'NOT_MANAGED',
    error_message: 'only users with a password are made on deployments',
  })
  const question = { hosts: [host], username: 'ada', databaseName: '$external' }
  // A deployment of one's own may know the user; the sandbox never does.
  const sentence = `user-applied: User ada proves itself by ${by}; Postern makes only users with a password on deployments.`
  expect(await found(question)).toEqual([`WARNING ${sentence}`])
  await open.store.transact((tx) => tx.updateTable('cluster').set({ engine: 'sandbox' }).execute())
  expect(await found(question)).toEqual([`FAILED ${sentence}`])
  const { findings } = await diagnose(question)
  expect(findings.find(({ id }: { id: string }) => id === 'user-applied')).toMatchObject({
    why: expect.stringMatching(why),
    whatToDo: expect.stringMatching(/^Take a user with a password/),
  })
})

test('a service that failed, and what it keeps from being', async () => {
  await journey.edge('edge-1').takeOver()
  const { id } = await journey.newService({ providerName: 'AWS' })
  await open.store.transact((tx) =>
    tx
      .updateTable('endpoint_service')
      .set({ status: 'FAILED', error_message: 'no room' })
      .where('id', '=', id)
      .execute(),
  )
  expect(await found()).toEqual([expect.stringMatching(/^FAILED service-made: .* is FAILED: no room$/)])
})

test.each([
  { says: 'a field that it does not know', body: { password: 'x' } },
  { says: 'hosts that are none', body: { hosts: [''] } },
])('$says is refused', async ({ body }) => {
  const path = `/api/postern/v1/groups/${journey.groupId}:diagnose`
  expect((await journey.ask({ method: 'POST', path, body })).status).toBe(400)
})

test('what may be changed is said of the person who asks, or of the keys that do', async () => {
  const path = `/api/postern/v1/groups/${journey.groupId}:diagnose`
  const said = ({ body }: { readonly body: unknown }) =>
    (body as Diagnosis).findings.find(({ id }) => id === 'may-change')
  const wish = { method: 'POST', path, body: {} }
  const reader = await newPerson(journey, 'reader@example.com', { group: ['GROUP_READ_ONLY'] })
  const owner = await newPerson(journey, 'owner@example.com', { group: ['GROUP_OWNER'] })
  const key = await journey.newCaller('API_KEY', { group: ['GROUP_READ_ONLY'] })
  expect(said(await owner.ask(wish))?.found).toBe('You may create and delete endpoint services and endpoints.')
  expect(said(await reader.ask(wish))).toMatchObject({
    found: 'You may look, and create or delete nothing.',
    whatToDo: expect.stringContaining('Access Manager'),
  })
  expect(said(await journey.ask(wish))?.found).toMatch(/^The keys may create/)
  expect(said(await journey.ask({ ...wish, as: key }))?.whatToDo).toContain('use keys of an owner')
})
