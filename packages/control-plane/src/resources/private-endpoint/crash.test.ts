import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Provider } from '../../providers/provider.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type JourneyOptions } from './testing.ts'

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(() => clearStore(open.store))

/** Each change at the cloud is made, and then the process dies before it can write that down: once per kind of change. */
const diesAfterEachChange = (died: Set<string>): ((provider: Provider) => Provider) => {
  const then = async (change: string, done: Promise<void>): Promise<void> => {
    await done
    if (died.has(change)) return
    died.add(change)
    throw new Error(`died after ${change}`)
  }
  return (provider) => ({
    ...provider,
    ensureService: (wish) => then('ensureService', provider.ensureService(wish)),
    removeService: (wish) => then('removeService', provider.removeService(wish)),
    acceptEndpoints: (wish, ids) => then('acceptEndpoints', provider.acceptEndpoints(wish, ids)),
    rejectEndpoints: (wish, ids) => then('rejectEndpoints', provider.rejectEndpoints(wish, ids)),
  })
}

describe('nothing is lost or done twice', () => {
  const died = new Set<string>()
  test.each<{ readonly says: string; readonly options: JourneyOptions; readonly deaths: number }>([
    {
      says: 'when the process dies after each change at the cloud',
      options: { around: diesAfterEachChange(died), retry: true },
      deaths: 4,
    },
    { says: 'when each turn is handed out twice', options: { twice: true }, deaths: 0 },
  ])('$says', async ({ options, deaths }) => {
    died.clear()
    const journey = await createJourney(open.store, options)
    const edge = journey.edge('edge-1')
    await journey.newCluster('Cluster0', 2)
    const service = await journey.newService({ providerName: 'AWS' })
    expect(service.status).toBe('AVAILABLE')
    const path = journey.servicePath('AWS', service.id)
    const id = await journey.newVpcEndpoint(service)
    const endpoint = `${path}/endpoint/${id}`
    await journey.ask({ method: 'POST', path: `${path}/endpoint`, body: { id } })
    await journey.settle()
    await edge.takeOver()
    expect((await journey.get(endpoint)).connectionStatus).toBe('AVAILABLE')
    const { next_pl } = await open.store.read
      .selectFrom('group')
      .select('next_pl')
      .where('id', '=', journey.groupId)
      .executeTakeFirstOrThrow()
    expect(next_pl).toBe(1)

    await journey.ask({ method: 'DELETE', path: endpoint })
    await journey.settle()
    await edge.takeOver()
    expect((await journey.ask({ method: 'GET', path })).status).toBe(404)
    expect(died.size).toBe(deaths)
    for (const table of [
      'private_endpoint',
      'endpoint_service',
      'member_port',
      'local_service',
      'local_acceptance',
    ] as const) {
      const { count } = await open.store.read
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<string>().as('count'))
        .executeTakeFirstOrThrow()
      expect(`${table} ${count}`).toBe(`${table} 0`)
    }
    const events = await open.store.read
      .selectFrom('event')
      .select('type')
      .where('type', 'like', '%ENDPOINT%')
      .execute()
    expect(events.map(({ type }) => type).toSorted()).toEqual([
      'ENDPOINT_SERVICE_AVAILABLE',
      'ENDPOINT_SERVICE_CREATED',
      'ENDPOINT_SERVICE_DELETED',
      'INTERFACE_ENDPOINT_AVAILABLE',
      'INTERFACE_ENDPOINT_CREATED',
      'INTERFACE_ENDPOINT_DELETED',
    ])
  })
})
