// Endpoints under Atlas's behaviour, as an automation sees them come and go, and their clusters with them.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { View } from '../resources/private-endpoint/testing.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'
import { begin, delayMs, prepared } from './automation.testing.ts'

const privateStrings = ({ connectionStrings }: View): number => connectionStrings.privateEndpoint?.length ?? 0

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())

describe('an endpoint that comes', () => {
  test('shows each state for a while, then turns clusters UPDATING; its string is there when they are IDLE', async () => {
    const { journey, does, service } = await prepared(open.store, 'atlas')
    const endpoint = await does.attach(service)
    await does.takeOver()
    expect((await journey.get(endpoint.path)).connectionStatus).toBe('PENDING_ACCEPTANCE')

    await journey.pass(delayMs)
    await does.takeOver()
    expect((await journey.get(endpoint.path)).connectionStatus).toBe('AVAILABLE')
    const during = await does.cluster()
    expect([during.stateName, privateStrings(during)]).toEqual(['UPDATING', 0])

    await journey.pass(delayMs)
    const after = await does.cluster()
    expect([after.stateName, privateStrings(after)]).toEqual(['IDLE', 1])
  })

  test('here, the cluster stays IDLE and has its string at once', async () => {
    const { journey, does, service } = await prepared(open.store, 'postern')
    const endpoint = await does.attach(service)
    await does.takeOver()
    expect((await journey.get(endpoint.path)).connectionStatus).toBe('AVAILABLE')
    const cluster = await does.cluster()
    expect([cluster.stateName, privateStrings(cluster)]).toEqual(['IDLE', 1])
  })

  test('one that does not exist is PENDING_ACCEPTANCE before it is REJECTED, and no cluster is touched', async () => {
    const { journey, does, service } = await prepared(open.store, 'atlas')
    const endpoint = await does.attach(service, 'vpce-11111111111111111')
    expect((await journey.get(endpoint.path)).connectionStatus).toBe('PENDING_ACCEPTANCE')
    await journey.pass(delayMs)
    const refused = await journey.get(endpoint.path)
    expect([refused.connectionStatus, refused.errorMessage]).toEqual(['REJECTED', expect.stringMatching(/.{20,}/)])
    expect((await does.cluster()).stateName).toBe('IDLE')
  })
})

describe('an endpoint that goes', () => {
  const attached = async (fidelity: 'postern' | 'atlas') => {
    const world = await prepared(open.store, fidelity)
    const endpoint = await world.does.attach(world.service)
    await world.journey.pass(delayMs)
    await world.does.takeOver()
    await world.journey.pass(delayMs)
    expect(privateStrings(await world.does.cluster())).toBe(1)
    return { ...world, endpoint }
  }

  test('its string stays until clusters are IDLE again; it and its service are DELETING for a while', async () => {
    const { journey, does, service, endpoint } = await attached('atlas')
    const string = (await does.cluster()).connectionStrings
    await does.must({ method: 'DELETE', path: endpoint.path })
    await does.takeOver()
    const during = await does.cluster()
    expect([during.stateName, during.connectionStrings]).toEqual(['UPDATING', string])
    expect((await journey.get(endpoint.path)).connectionStatus).toBe('DELETING')

    await journey.pass(delayMs)
    const after = await does.cluster()
    expect([after.stateName, privateStrings(after)]).toEqual(['IDLE', 0])
    expect((await journey.ask({ method: 'GET', path: endpoint.path })).status).toBe(404)
    expect((await journey.get(service)).status).toBe('DELETING')

    await journey.pass(delayMs)
    expect((await journey.ask({ method: 'GET', path: service })).status).toBe(404)
  })

  test('here, its string goes with the request', async () => {
    const { does, endpoint } = await attached('postern')
    await does.must({ method: 'DELETE', path: endpoint.path })
    const cluster = await does.cluster()
    expect([cluster.stateName, privateStrings(cluster)]).toEqual(['IDLE', 0])
  })

  test('its service cannot be deleted before it is gone', async () => {
    const { does, journey, service, endpoint } = await attached('atlas')
    await does.must({ method: 'DELETE', path: endpoint.path })
    const answer = await journey.ask({ method: 'DELETE', path: service })
    expect([answer.status, (answer.body as View).errorCode]).toEqual([409, 'PRIVATE_ENDPOINT_SERVICE_HAS_ENDPOINTS'])
  })

  test('one that vanishes in its cloud turns clusters UPDATING too', async () => {
    const { does, journey, endpoint } = await attached('atlas')
    await does.must({ method: 'DELETE', path: `/api/postern/v1/local/aws/vpcEndpoints/${endpoint.id}` })
    await journey.settle()
    expect((await journey.get(endpoint.path)).connectionStatus).toBe('REJECTED')
    expect((await does.cluster()).stateName).toBe('UPDATING')
  })
})

test.each([
  { fidelity: 'atlas', status: 404, says: 'takes its service along, though it never worked' },
  { fidelity: 'postern', status: 200, says: 'leaves its service alone when it never worked' },
] as const)('$fidelity: the last endpoint $says', async ({ fidelity, status }) => {
  const { journey, does, service } = await prepared(open.store, fidelity)
  const endpoint = await does.attach(service, 'vpce-11111111111111111')
  await journey.pass(delayMs)
  await does.must({ method: 'DELETE', path: endpoint.path })
  await does.takeOver()
  for (const _ of ['endpoint', 'service']) await journey.pass(delayMs)
  expect((await journey.ask({ method: 'GET', path: service })).status).toBe(status)
})

describe('several endpoints', () => {
  const second = async (fidelity: 'postern' | 'atlas', regions: readonly string[]) => {
    const { journey, does } = await begin(open.store, fidelity)
    const services = []
    for (const region of new Set(regions)) services.push([region, await does.makeService(region)] as const)
    await journey.pass(delayMs)
    const paths = new Map(services)
    const ids = regions.map((_, at) => `vpce-${String(at).padStart(17, '0')}`)
    const codes: unknown[] = []
    for (const [at, region] of regions.entries()) {
      const path = `${paths.get(region)}/endpoint`
      codes.push(((await journey.ask({ method: 'POST', path, body: { id: ids[at] } })).body as View).errorCode)
    }
    return codes
  }
  const refused = 'MULTIPLE_PRIVATE_ENDPOINTS_RESTRICTED_TO_SINGLE_REGION'

  test.each([
    { says: 'one in each of two regions', regions: ['US_EAST_1', 'EU_WEST_1'], last: undefined },
    { says: 'two in one region', regions: ['US_EAST_1', 'US_EAST_1'], last: undefined },
    { says: 'two in one region, then one elsewhere', regions: ['US_EAST_1', 'US_EAST_1', 'EU_WEST_1'], last: refused },
    {
      says: 'one in each of two, then a second in one',
      regions: ['US_EAST_1', 'EU_WEST_1', 'EU_WEST_1'],
      last: refused,
    },
  ])('$says: $last', async ({ regions, last }) => {
    const codes = await second('atlas', regions)
    expect(codes).toEqual([...regions.slice(1).map(() => undefined), last])
  })

  test('here, anywhere', async () => {
    expect(await second('postern', ['US_EAST_1', 'US_EAST_1', 'EU_WEST_1'])).toEqual([undefined, undefined, undefined])
  })
})
