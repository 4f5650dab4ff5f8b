// What a change would do, over the real handlers, reconcilers and store: told alike before and when it is made, and nothing
// stays of the telling.

import { clusterSchemas } from '@postern/contract/schemas/cluster'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createProviders } from '../../providers/providers.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { specFromBody } from '../cluster/body.ts'
import { clusterHandlers } from '../cluster/handlers.ts'
import { type AnsweringEdge, liveConnection, startAnswering } from '../edge/answering.testing.ts'
import { createEdgeNews } from '../edge/news.ts'
import { edgeQuestionHandlers } from '../edge/question-handlers.ts'
import { createJourney, type Journey, type View } from '../private-endpoint/testing.ts'
import { creationPreviewHandlers } from './creation-handlers.ts'
import { deletionPreviewHandlers } from './deletion-handlers.ts'
import { callerRoleHandlers } from './role-handlers.ts'

let open: TestStore
let journey: Journey
let service: View
let own: string
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
let edge: AnsweringEdge | undefined
afterEach(async () => {
  await edge?.stop()
  edge = undefined
})
beforeEach(async () => {
  await clearStore(open.store)
  const news = createEdgeNews()
  journey = await createJourney(open.store, {
    more: {
      handlers: (parts) => ({
        ...clusterHandlers(parts),
        ...creationPreviewHandlers(
          parts,
          createProviders(parts, async () => 'free'),
        ),
        ...deletionPreviewHandlers({ ...parts, news }),
        ...callerRoleHandlers(parts),
        ...edgeQuestionHandlers(parts, news),
      }),
      reconcilers: () => [],
    },
  })
  service = await journey.newService({ providerName: 'AWS' })
  own = journey.servicePath('AWS', service.id).replace('/api/atlas/v2/', '/api/postern/v1/')
})

const send = async (method: string, path: string, body?: unknown): Promise<View> => {
  const answer = await journey.ask({ method, path, ...(body !== undefined && { body }) })
  return { ...(answer.body as object), http: answer.status }
}
const group = () => `/api/postern/v1/groups/${journey.groupId}`
const newVpcEndpoint = (): Promise<string> => journey.newVpcEndpoint(service)
const newCluster = (): Promise<readonly string[]> => {
  const electableSpecs = { instanceSize: 'M10', nodeCount: 3 }
  const regionConfigs = [{ providerName: 'AWS', regionName: 'US_EAST_1', priority: 7, electableSpecs }]
  const asked = { name: 'Shop', clusterType: 'REPLICASET', replicationSpecs: [{ regionConfigs }] }
  const body = clusterSchemas.createGroupCluster.body.parse(asked)
  const spec = specFromBody(body, { ids: journey.parts.ids, version: '2024-08-05' })
  return journey.newCluster('Shop', 3, { engine: 'sandbox', spec: JSON.stringify(spec) })
}
const newEndpoint = async (): Promise<string> => {
  const id = await newVpcEndpoint()
  await send('POST', `${own}/endpoint:ensure`, { id })
  await journey.settle()
  await journey.edge('edge-1').takeOver()
  return id
}
/** Every row that callers could see changed, as text. */
const everything = async (): Promise<string> => {
  const tables = ['endpoint_service', 'private_endpoint', 'event', 'cluster', 'network_container', 'termination']
  const rows = await Promise.all(
    tables.map((table) => sql`select * from ${sql.table(table)} order by 1`.execute(open.store.read)),
  )
  return JSON.stringify(rows.map((each) => each.rows))
}
const nothingChanges = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  const before = await everything()
  const result = await work()
  expect(await everything()).toBe(before)
  return result
}

describe('a creation', () => {
  test.each([
    { says: 'a free region', body: { providerName: 'AWS', region: 'eu-west-1' }, blockers: [] },
    {
      says: 'a region that has one',
      body: { providerName: 'AWS', region: 'us-east-1' },
      blockers: ['PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION'],
    },
    { says: 'a region of nowhere', body: { providerName: 'AWS', region: 'moon-1' }, blockers: ['INVALID_ATTRIBUTE'] },
    {
      says: 'a field of another cloud',
      body: { providerName: 'AZURE', region: 'eastus2', portMappingEnabled: true },
      blockers: ['PROVIDER_UNSUPPORTED'],
    },
  ])('of a service in $says is told as it would be refused', async ({ body, blockers }) => {
    const told = await nothingChanges(() => send('POST', `${group()}/privateEndpoint/endpointService:check`, body))
    expect(told).toMatchObject({ http: 200, possible: blockers.length === 0 })
    expect(told.blockers.map(({ errorCode }: View) => errorCode)).toEqual(blockers)
    const made = await send('POST', `/api/atlas/v2/groups/${journey.groupId}/privateEndpoint/endpointService`, body)
    expect(made.http < 300).toBe(told.possible)
    if (!told.possible) expect(told.blockers[0].detail).toBe(made.detail)
  })

  test('of an endpoint says what its first turn would say', async () => {
    const check = (id: string) => nothingChanges(() => send('POST', `${own}/endpoint:check`, { id }))
    expect(await check(await newVpcEndpoint())).toMatchObject({ possible: true, blockers: [] })
    expect(await check('nothing')).toMatchObject({ possible: false, blockers: [{ errorCode: expect.any(String) }] })
    expect(await check('vpce-11111111111111111')).toMatchObject({
      possible: false,
      blockers: [{ errorCode: null, field: 'id', detail: expect.stringContaining('vpce-11111111111111111') }],
    })
    const attached = await newEndpoint()
    expect(await check(attached)).toMatchObject({ blockers: [{ errorCode: 'PRIVATE_ENDPOINT_ALREADY_EXISTS' }] })
  })

  test('at a service that is not there is 404', async () => {
    const other = own.replace(service.id, '0'.repeat(24))
    expect(await send('POST', `${other}/endpoint:check`, { id: 'vpce-1' })).toMatchObject({ http: 404 })
  })
})

describe('regional mode', () => {
  const mode = (how: string, enabled: boolean) => send(how === 'check' ? 'POST' : 'PATCH', pathOf(how), { enabled })
  const pathOf = (how: string): string =>
    how === 'check'
      ? `${group()}/privateEndpoint/regionalMode:check`
      : `/api/atlas/v2/groups/${journey.groupId}/privateEndpoint/regionalMode`

  test('could be turned on where no cluster stands in the way, and is not', async () => {
    expect(await nothingChanges(() => mode('check', true))).toMatchObject({ http: 200, possible: true, blockers: [] })
    expect(await send('GET', pathOf('get'))).toMatchObject({ enabled: false })
  })

  test('as it is already is in nobody’s way', async () => {
    await newCluster()
    expect(await mode('check', false)).toMatchObject({ possible: true, blockers: [] })
  })

  test('names the clusters that are not sharded, as the change would', async () => {
    await newCluster()
    const told = await nothingChanges(() => mode('check', true))
    const refused = await mode('change', true)
    expect(refused).toMatchObject({ http: 409, detail: expect.stringContaining('Shop') })
    expect(told).toMatchObject({
      possible: false,
      blockers: [{ errorCode: refused.errorCode, detail: refused.detail }],
    })
  })

  test('of a project that is not there is 404', async () => {
    const other = pathOf('check').replace(journey.groupId, '0'.repeat(24))
    expect(await send('POST', other, { enabled: true })).toMatchObject({ http: 404 })
  })
})

describe('a deletion', () => {
  test('of the last endpoint names strings and connections that go, and the service with it', async () => {
    const id = await newEndpoint()
    await newCluster()
    await journey.settle()
    const row = await open.store.read.selectFrom('private_endpoint').select('id').executeTakeFirstOrThrow()
    const cluster = await open.store.read.selectFrom('cluster').select('id').executeTakeFirstOrThrow()
    const held = [1, 2, 3].map((n) =>
      liveConnection(n, { endpointId: row.id, clusterId: cluster.id, appName: n === 1 ? null : 'shop' }),
    )
    edge = startAnswering(journey.http, 'edge-1', held)
    const deletion = `${own}/endpoint/${id}/deletion`
    const [told, kept] = await nothingChanges(async () => [
      await send('GET', deletion),
      await send('GET', `${deletion}?keepService=true`),
    ])
    expect(told).toMatchObject({
      http: 200,
      possible: true,
      connections: 3,
      clusters: [{ clusterName: 'Shop', connections: 3 }],
      appNames: [
        { appName: 'shop', connections: 2 },
        { appName: null, connections: 1 },
      ],
      unansweredEdges: [],
      endpointIds: [id],
      endpointServiceGoes: true,
      undoMinutes: 60,
    })
    expect(told.connectionStrings).toMatchObject([
      { clusterName: 'Shop', endpointId: id, standard: expect.stringMatching(/^mongodb:/) },
    ])
    expect(kept).toMatchObject({ endpointServiceGoes: false, connections: 3 })
  })

  test('of one of two endpoints leaves the service', async () => {
    const [one] = [await newEndpoint(), await newEndpoint()]
    edge = startAnswering(journey.http, 'edge-1', [])
    expect(await send('GET', `${own}/endpoint/${one}/deletion`)).toMatchObject({ endpointServiceGoes: false })
  })

  test('of a service says what is in its way', async () => {
    expect(await nothingChanges(() => send('GET', `${own}/deletion`))).toMatchObject({
      possible: true,
      endpointServiceGoes: true,
      endpointIds: [],
    })
    const id = await newEndpoint()
    edge = startAnswering(journey.http, 'edge-1', [])
    expect(await nothingChanges(() => send('GET', `${own}/deletion`))).toMatchObject({
      possible: false,
      endpointServiceGoes: false,
      endpointIds: [id],
      blockers: [{ errorCode: 'PRIVATE_ENDPOINT_SERVICE_HAS_ENDPOINTS', detail: expect.stringContaining(id) }],
    })
  })

  test('of what is not there is 404', async () => {
    expect(await send('GET', `${own}/endpoint/vpce-1/deletion`)).toMatchObject({ http: 404 })
  })
})

describe('roles', () => {
  const rolesOf = async (as: Parameters<Journey['ask']>[0]['as']): Promise<View> =>
    (await journey.ask({ method: 'GET', path: `${group()}/callerRoles`, ...(as && { as }) })).body

  test('of an owner that is a key allow every operation of the project', async () => {
    const told = await rolesOf(undefined)
    expect(told).toMatchObject({ groupId: journey.groupId, orgId: journey.orgId, mayAddThemselves: false })
    expect(told.operations).toEqual(expect.arrayContaining(['createGroupPrivateEndpointEndpointService', 'deleteOrg']))
  })
  test('of a reader allow reading', async () => {
    const told = await rolesOf(await journey.newCaller('API_KEY', { group: ['GROUP_READ_ONLY'] }))
    expect(told).toMatchObject({ roles: ['GROUP_READ_ONLY'] })
    expect(told.operations).toContain('previewGroupPrivateEndpointDeletion')
    expect(told.operations).not.toContain('deleteGroupPrivateEndpoint')
  })
})

describe('members of a cluster', () => {
  test('are listed with what they last said', async () => {
    await newCluster()
    const told = await send('GET', `${group()}/clusters/Shop/members`)
    expect(told).toMatchObject({ totalCount: 3, errorMessage: null })
    expect(told.results[0]).toMatchObject({ providerName: 'AWS', regionName: 'US_EAST_1', listed: true })
    expect(await send('GET', `${group()}/clusters/None/members`)).toMatchObject({ http: 404 })
  })
})
