import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey, type View } from '../private-endpoint/testing.ts'
import { regionalModeProblem } from './regional-mode.ts'

let open: TestStore
let journey: Journey
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
// Each test has a group of its own; nothing here depends on what other groups have.
beforeEach(async () => {
  journey = await createJourney(open.store)
})

const create = (body: unknown) => journey.ask({ method: 'POST', path: `${journey.groupPath}/endpointService`, body })
const events = async (): Promise<readonly string[]> => {
  const rows = await open.store.read
    .selectFrom('event')
    .select('type')
    .where('group_id', '=', journey.groupId)
    .where('type', 'like', '%ENDPOINT%')
    .execute()
  return rows.map(({ type }) => type).toSorted()
}

describe('creating a service', () => {
  test.each([
    { spelling: 'us-east-1', provider: 'AWS', regionName: 'US_EAST_1' },
    { spelling: 'US_EAST_1', provider: 'AWS', regionName: 'US_EAST_1' },
    { spelling: 'eastus2', provider: 'AZURE', regionName: 'US_EAST_2' },
    { spelling: 'asia-northeast1', provider: 'GCP', regionName: 'NORTHEASTERN_ASIA_PACIFIC' },
    { spelling: 'CENTRAL_US', provider: 'GCP', regionName: 'CENTRAL_US' },
  ])('$provider $spelling is answered as $regionName', async ({ spelling, provider, regionName }) => {
    const made = await create({ providerName: provider, region: spelling })
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ regionName, status: 'INITIATING' })])
  })

  test('names are null or empty until the cloud gave them, as recorded per provider', async () => {
    const azure = (await create({ providerName: 'AZURE', region: 'eastus2' })).body
    expect(azure).toMatchObject({
      privateEndpoints: [],
      privateLinkServiceName: null,
      privateLinkServiceResourceId: null,
    })
    const gcp = (await create({ providerName: 'GCP', region: 'us-east4' })).body
    expect(gcp).toMatchObject({ endpointGroupNames: [], serviceAttachmentNames: [], portMappingEnabled: false })
  })

  test.each([
    {
      says: 'a region that the provider does not have',
      body: { region: 'eastus' },
      code: 'INVALID_ATTRIBUTE',
      names: 'region',
    },
    {
      says: 'remote regions in the cloud’s spelling',
      body: { supportedRemoteRegions: ['eu-west-1'] },
      code: 'INVALID_ATTRIBUTE',
      names: 'supportedRemoteRegions',
    },
    {
      says: 'the own region among the remote ones',
      body: { supportedRemoteRegions: ['EU_WEST_1', 'US_EAST_1'] },
      code: 'CROSS_REGION_PRIVATE_LINK_SELF_REGION',
      names: 'US_EAST_1',
    },
    {
      says: 'remote regions on another provider',
      body: { providerName: 'AZURE', region: 'eastus', supportedRemoteRegions: ['EUROPE_WEST'] },
      code: 'PROVIDER_UNSUPPORTED',
      names: 'supportedRemoteRegions',
    },
    {
      says: 'port mapping on AWS',
      body: { portMappingEnabled: true },
      code: 'PROVIDER_UNSUPPORTED',
      names: 'portMappingEnabled',
    },
    {
      says: 'more than 35 remote regions',
      body: { supportedRemoteRegions: Array.from({ length: 36 }, () => 'EU_WEST_1') },
      code: 'INVALID_ATTRIBUTE',
      names: 'supportedRemoteRegions',
    },
  ])('$says: 400 $code, and nothing is stored', async ({ body, code, names }) => {
    const answer = await create({ providerName: 'AWS', region: 'US_EAST_1', ...body })
    expect([answer.status, (answer.body as View).errorCode]).toEqual([400, code])
    expect(answer.text).toContain(names)
    expect(await journey.get(`${journey.groupPath}/AWS/endpointService`)).toEqual([])
    expect(await events()).toEqual([])
  })

  test('a second one in the region: 409 with provider and region as parameters, and the id of the one there', async () => {
    const { id } = (await create({ providerName: 'AWS', region: 'us-east-1' })).body as View
    const answer = await create({ providerName: 'AWS', region: 'US_EAST_1' })
    expect([answer.status, answer.body]).toEqual([
      409,
      expect.objectContaining({
        detail: 'A private endpoint service already exists for AWS region US_EAST_1.',
        errorCode: 'PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION',
        parameters: ['AWS', 'US_EAST_1', id],
      }),
    ])
  })

  test('eight at once: one is made, seven are told that it is there', async () => {
    const body = { providerName: 'AWS', region: 'us-east-1' }
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(body)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 7 }, () => 409)])
    expect(await journey.get(`${journey.groupPath}/AWS/endpointService`)).toHaveLength(1)
    expect(await events()).toEqual(['ENDPOINT_SERVICE_CREATED'])
  })

  test('on Google Cloud one with and one without port mapping may stand side by side', async () => {
    const statuses = []
    for (const portMappingEnabled of [false, true]) {
      statuses.push((await create({ providerName: 'GCP', region: 'us-east4', portMappingEnabled })).status)
    }
    expect(statuses).toEqual([201, 201])
  })
})

describe('finding a service', () => {
  const stranger = '0123456789abcdef01234567'
  test.each([
    {
      says: 'an id that nobody has',
      path: (_: string) => `AWS/endpointService/${stranger}`,
      answer: [404, 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND'],
    },
    {
      says: 'the wrong provider',
      path: (id: string) => `AZURE/endpointService/${id}`,
      answer: [404, 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND'],
    },
    {
      says: 'no provider at all',
      path: (id: string) => `IBM/endpointService/${id}`,
      answer: [400, 'PATH_PARAM_PARSE_ERROR'],
    },
    { says: 'what is no id', path: (_: string) => 'AWS/endpointService/no', answer: [400, 'PATH_PARAM_PARSE_ERROR'] },
  ])('$says', async ({ path, answer }) => {
    const { id } = await journey.newService({ providerName: 'AWS' })
    for (const method of ['GET', 'DELETE']) {
      const got = await journey.ask({ method, path: `${journey.groupPath}/${path(id)}` })
      expect([got.status, (got.body as View).errorCode]).toEqual(answer)
    }
  })

  test('another group’s service is not found', async () => {
    const { id } = await journey.newService({ providerName: 'AWS' })
    const other = await createJourney(open.store)
    const got = await other.ask({ method: 'GET', path: other.servicePath('AWS', id) })
    expect([got.status, (got.body as View).errorCode]).toEqual([404, 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND'])
  })

  test('the list is a bare array of one provider', async () => {
    const aws = await journey.newService({ providerName: 'AWS' })
    await journey.newService({ providerName: 'AZURE' })
    expect(await journey.get(`${journey.groupPath}/AWS/endpointService`)).toEqual([aws])
  })
})

describe('accepted endpoint regions', () => {
  const patch = (id: string, body: unknown) =>
    journey.ask({ method: 'PATCH', path: `${journey.groupPath}/endpointService/${id}`, body })

  test('are set, left alone and cleared', async () => {
    const { id } = await journey.newService({ providerName: 'AWS' })
    const set = await patch(id, {
      cloudProvider: 'AWS',
      supportedRemoteRegions: ['EU_WEST_1', 'EU_WEST_1', 'SA_EAST_1'],
    })
    expect([set.status, (set.body as View).supportedRemoteRegions]).toEqual([200, ['EU_WEST_1', 'SA_EAST_1']])
    expect((await patch(id, { cloudProvider: 'AWS' })).body).toEqual(set.body)
    const cleared = await patch(id, { cloudProvider: 'AWS', supportedRemoteRegions: null })
    expect((cleared.body as View).supportedRemoteRegions).toBeNull()
  })

  test('are refused for a service of another provider', async () => {
    const { id } = await journey.newService({ providerName: 'AZURE' })
    for (const cloudProvider of ['AWS', 'AZURE']) {
      const answer = await patch(id, { cloudProvider, supportedRemoteRegions: [] })
      expect([answer.status, (answer.body as View).errorCode]).toEqual([400, 'PROVIDER_UNSUPPORTED'])
    }
  })

  test('let a VPC endpoint of such a region in, and no other', async () => {
    const service = await journey.newService({ providerName: 'AWS', supportedRemoteRegions: ['EU_WEST_1'] })
    const path = journey.servicePath('AWS', service.id)
    const states = []
    for (const region of ['eu-west-1', 'sa-east-1']) {
      const id = await journey.newVpcEndpoint(service, { region })
      await journey.ask({ method: 'POST', path: `${path}/endpoint`, body: { id } })
      await journey.settle()
      states.push(await journey.get(`${path}/endpoint/${id}`))
    }
    expect(states.map(({ connectionStatus }) => connectionStatus)).toEqual(['PENDING', 'REJECTED'])
    expect(states[1].errorMessage).toContain('SA_EAST_1')
  })
})

describe('deleting a service', () => {
  test('202 {} at once, DELETING or 404 from then on, and again 202 or 404', async () => {
    const { id } = await journey.newService({ providerName: 'AWS' })
    const path = journey.servicePath('AWS', id)
    const answer = await journey.ask({ method: 'DELETE', path })
    expect([answer.status, answer.body]).toEqual([202, {}])
    expect((await journey.get(path)).status).toBe('DELETING')
    expect((await journey.ask({ method: 'DELETE', path })).status).toBe(202)
    await journey.settle()
    expect((await journey.ask({ method: 'GET', path })).status).toBe(404)
    expect(await events()).toEqual([
      'ENDPOINT_SERVICE_AVAILABLE',
      'ENDPOINT_SERVICE_CREATED',
      'ENDPOINT_SERVICE_DELETED',
    ])
  })

  test('its region is free again when it is gone', async () => {
    const { id } = await journey.newService({ providerName: 'AWS' })
    await journey.ask({ method: 'DELETE', path: journey.servicePath('AWS', id) })
    expect((await create({ providerName: 'AWS', region: 'us-east-1' })).status).toBe(409)
    await journey.settle()
    expect((await create({ providerName: 'AWS', region: 'us-east-1' })).status).toBe(201)
  })

  test('one that is still in the making goes too', async () => {
    const made = await create({ providerName: 'AWS', region: 'us-east-1' })
    const path = journey.servicePath('AWS', (made.body as View).id)
    await journey.ask({ method: 'DELETE', path })
    await journey.settle()
    expect((await journey.ask({ method: 'GET', path })).status).toBe(404)
  })
})

describe('the regional mode', () => {
  const toggle = (enabled: boolean) =>
    journey.ask({ method: 'PATCH', path: `${journey.groupPath}/regionalMode`, body: { enabled } })

  test('is off, is turned on with 202, and leaves an event each time that it changes', async () => {
    expect(await journey.get(`${journey.groupPath}/regionalMode`)).toEqual({ enabled: false })
    for (const enabled of [true, true, false]) {
      const answer = await toggle(enabled)
      expect([answer.status, answer.body]).toEqual([202, { enabled }])
    }
    expect(await events()).toEqual([
      'REGIONALIZED_PRIVATE_ENDPOINT_MODE_DISABLED',
      'REGIONALIZED_PRIVATE_ENDPOINT_MODE_ENABLED',
    ])
  })

  test('is refused while a cluster is no sharded one, naming it', async () => {
    await journey.newCluster('Cluster0', 0)
    const answer = await toggle(true)
    expect([answer.status, (answer.body as View).errorCode]).toEqual([
      409,
      'REGIONALIZED_PRIVATE_ENDPOINT_MODE_NOT_ALLOWED',
    ])
    expect((answer.body as View).detail).toContain('Cluster0')
    expect(await journey.get(`${journey.groupPath}/regionalMode`)).toEqual({ enabled: false })
  })

  const sharded = { name: 'S', type: 'SHARDED' }
  test.each([
    { says: 'on: no cluster at all', enable: true, clusters: [], endpointRegions: [], refused: false },
    { says: 'on: all are sharded', enable: true, clusters: [sharded], endpointRegions: [], refused: false },
    {
      says: 'on: one is a replica set',
      enable: true,
      clusters: [sharded, { name: 'R', type: 'REPLICASET' }],
      endpointRegions: [],
      refused: true,
    },
    {
      says: 'off: one endpoint in each of two regions',
      enable: false,
      clusters: [],
      endpointRegions: ['a', 'b'],
      refused: false,
    },
    {
      says: 'off: several in one region alone',
      enable: false,
      clusters: [],
      endpointRegions: ['a', 'a'],
      refused: false,
    },
    {
      says: 'off: several in one and one in another',
      enable: false,
      clusters: [],
      endpointRegions: ['a', 'a', 'b'],
      refused: true,
    },
  ])('$says: refused is $refused', ({ enable, clusters, endpointRegions, refused }) => {
    expect(regionalModeProblem(enable, { clusters, endpointRegions }) !== null).toBe(refused)
  })
})
