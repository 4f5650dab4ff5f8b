// Atlas's behaviour through the real handlers, store and reconcilers, on a clock that the test moves, so that every state
// that passes can be looked at while it is there. What a deployment says is handed in; the sandbox itself is in
// http/contract-journey.test.ts and in the journeys.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Engines } from '../engines/engines.ts'
import { clusterHandlers } from '../resources/cluster/handlers.ts'
import { clusterReconciler } from '../resources/cluster/reconcile.ts'
import { clusterSettingsHandlers } from '../resources/cluster/settings-handlers.ts'
import { describeDeployment } from '../resources/deployment/description.ts'
import { groupAccessListHandlers } from '../resources/group-access-list/handlers.ts'
import { groupFidelityHandlers } from '../resources/group-fidelity/handlers.ts'
import { createJourney, type Journey, type View } from '../resources/private-endpoint/testing.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'

const delayMs = 60_000
const minute = 60_000
const sandbox = { url: 'http://127.0.0.1:1', token: 'the-sandbox-of-this-test' }

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())

/** Deployments that are well from the first look on, wherever their engine is asked to put them. */
const wellEngines = (): Engines => {
  const made: Engines['made'] = new Map()
  let nextPort = 30_000
  const ports = new Map<string, number>()
  return {
    of: () => ({
      name: 'sandbox',
      ensure: async ({ id, members }) => {
        const first = ports.get(id) ?? nextPort
        if (!ports.has(id)) nextPort += 10
        ports.set(id, first)
        return Array.from({ length: members }, (_, at) => `127.0.0.1:${first + at}`)
      },
      remove: async () => {},
    }),
    watch: {
      look: async (id) => ({
        kind: 'replicaSet',
        setName: 'rs',
        hasPrimary: true,
        version: '8.0.4',
        members: (made.get(id)?.hosts ?? []).map((hostPort, at) => ({
          hostPort,
          role: at === 0 ? 'primary' : 'secondary',
        })),
      }),
      asAdmin: async () => Promise.reject(new Error('not asked for here')),
      forget: async () => {},
      close: async () => {},
    },
    visit: async () => Promise.reject(new Error('not asked for here')),
    made,
    forget: async (id) => void made.delete(id),
    close: async () => {},
  }
}

const begin = (fidelity: 'postern' | 'atlas'): Promise<Journey> =>
  createJourney(open.store, {
    settings: { fidelity, fidelityDelayMs: delayMs, sandbox },
    more: {
      handlers: (parts) => ({
        ...clusterHandlers(parts),
        ...clusterSettingsHandlers(parts),
        ...groupAccessListHandlers(parts),
        ...groupFidelityHandlers(parts),
      }),
      reconcilers: (parts) => [clusterReconciler(parts, wellEngines())],
    },
  })

/** What an automation does, and what it sees. */
const automation = (journey: Journey) => {
  const { ask, get, groupPath, groupId, settle } = journey
  const clusters = `/api/atlas/v2/groups/${groupId}/clusters`
  const edge = journey.edge('edge-1')
  const must = async (wish: Parameters<typeof ask>[0]): Promise<View> => {
    const answer = await ask(wish)
    if (answer.status >= 400) throw new Error(`${wish.method} ${wish.path}: ${answer.text}`)
    return answer.body
  }
  return {
    must,
    cluster: (name = 'Cluster0') => get(`${clusters}/${name}`),
    patch: (body: unknown, name = 'Cluster0') => ask({ method: 'PATCH', path: `${clusters}/${name}`, body }),
    removeCluster: () => ask({ method: 'DELETE', path: `${clusters}/Cluster0` }),
    makeCluster: async (regionName = 'US_EAST_1', name = 'Cluster0') => {
      const electableSpecs = { instanceSize: 'M10', nodeCount: 3 }
      const regionConfigs = [{ providerName: 'AWS', regionName, priority: 7, electableSpecs }]
      const body = { name, clusterType: 'REPLICASET', replicationSpecs: [{ regionConfigs }] }
      const made = await must({ method: 'POST', path: clusters, body })
      await settle()
      // The first look after a request is a courtesy (resources/cluster/passing-states.ts).
      await get(`${clusters}/${name}`)
      return made
    },
    makeService: async (region = 'US_EAST_1') => {
      const path = `${groupPath}/endpointService`
      const { id } = await must({ method: 'POST', path, body: { providerName: 'AWS', region } })
      await settle()
      return journey.servicePath('AWS', id)
    },
    attach: async (service: string, given?: string) => {
      const { endpointServiceName: serviceName } = await get(service)
      const path = '/api/postern/v1/local/aws/vpcEndpoints'
      const id = given ?? (await must({ method: 'POST', path, body: { serviceName } })).vpcEndpointId
      await must({ method: 'POST', path: `${service}/endpoint`, body: { id } })
      await settle()
      return { id, path: `${service}/endpoint/${id}` }
    },
    takeOver: async () => {
      for (let round = 0; round < 3; round += 1) await edge.takeOver()
    },
  }
}

const privateStrings = ({ connectionStrings }: View): number => connectionStrings.privateEndpoint?.length ?? 0

/** A cluster that is IDLE, and an AVAILABLE service in its region. */
const prepared = async (fidelity: 'postern' | 'atlas') => {
  const journey = await begin(fidelity)
  const does = automation(journey)
  await does.makeCluster()
  const service = await does.makeService()
  await journey.pass(delayMs)
  return { journey, does, service }
}

describe('an endpoint that comes', () => {
  test('shows each state for a while, then turns clusters UPDATING; its string is there when they are IDLE', async () => {
    const { journey, does, service } = await prepared('atlas')
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
    const { journey, does, service } = await prepared('postern')
    const endpoint = await does.attach(service)
    await does.takeOver()
    expect((await journey.get(endpoint.path)).connectionStatus).toBe('AVAILABLE')
    const cluster = await does.cluster()
    expect([cluster.stateName, privateStrings(cluster)]).toEqual(['IDLE', 1])
  })

  test('one that does not exist is PENDING_ACCEPTANCE before it is REJECTED, and no cluster is touched', async () => {
    const { journey, does, service } = await prepared('atlas')
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
    const world = await prepared(fidelity)
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
  const { journey, does, service } = await prepared(fidelity)
  const endpoint = await does.attach(service, 'vpce-11111111111111111')
  await journey.pass(delayMs)
  await does.must({ method: 'DELETE', path: endpoint.path })
  await does.takeOver()
  for (const _ of ['endpoint', 'service']) await journey.pass(delayMs)
  expect((await journey.ask({ method: 'GET', path: service })).status).toBe(status)
})

describe('a state that passes', () => {
  test('INITIATING and DELETING of a service are shown for as long as the delay says; its region is taken till then', async () => {
    const journey = await begin('atlas')
    const does = automation(journey)
    const service = await does.makeService()
    expect((await journey.get(service)).status).toBe('INITIATING')
    await journey.pass(delayMs)
    expect((await journey.get(service)).status).toBe('AVAILABLE')
    await does.must({ method: 'DELETE', path: service })
    await journey.settle()
    expect((await journey.get(service)).status).toBe('DELETING')
    await expect(does.makeService()).rejects.toThrow('PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION')
    await journey.pass(delayMs)
    expect((await journey.get(await does.makeService())).status).toBe('INITIATING')
  })

  test('CREATING and DELETING of a cluster are', async () => {
    const journey = await begin('atlas')
    const does = automation(journey)
    await does.makeCluster()
    expect((await does.cluster()).stateName).toBe('CREATING')
    await journey.pass(delayMs)
    expect((await does.cluster()).stateName).toBe('IDLE')
    await does.removeCluster()
    await journey.settle()
    await does.cluster()
    expect((await does.cluster()).stateName).toBe('DELETING')
    await journey.pass(delayMs)
    expect((await does.cluster()).errorCode).toBe('CLUSTER_NOT_FOUND')
  })

  test('PENDING of an entry of the IP access list is', async () => {
    const journey = await begin('atlas')
    const does = automation(journey)
    const list = `/api/atlas/v2/groups/${journey.groupId}/accessList`
    await does.must({ method: 'POST', path: list, body: [{ ipAddress: '192.0.2.7' }] })
    const status = async () => (await journey.get(`${list}/192.0.2.7/status`)).STATUS
    expect(await status()).toBe('PENDING')
    await journey.pass(delayMs)
    expect(await status()).toBe('ACTIVE')
  })
})

describe('a change of a cluster', () => {
  test.each([
    { says: 'tags', body: { tags: [{ key: 'env', value: 'test' }] } },
    { says: 'labels', body: { labels: [{ key: 'env', value: 'test' }] } },
    { says: 'backup', body: { backupEnabled: true } },
  ])('$says: UPDATING for a while', async ({ body }) => {
    const { journey, does } = await prepared('atlas')
    expect((await does.patch(body)).body).toMatchObject({ stateName: 'UPDATING' })
    await journey.settle()
    expect((await does.cluster()).stateName).toBe('UPDATING')
    await journey.pass(delayMs)
    expect((await does.cluster()).stateName).toBe('IDLE')
  })

  const codeOf = async (answer: ReturnType<ReturnType<typeof automation>['patch']>): Promise<unknown> =>
    ((await answer).body as View).errorCode

  test('a pause stands alone, and comes an hour after the last resume at the earliest', async () => {
    const { journey, does } = await prepared('atlas')
    expect(await codeOf(does.patch({ paused: true, backupEnabled: true }))).toBe('CANNOT_UPDATE_AND_PAUSE_CLUSTER')
    expect(await codeOf(does.patch({ paused: true, tags: [{ key: 'a', value: 'b' }] }))).toBe(
      'CANNOT_UPDATE_AND_PAUSE_CLUSTER',
    )
    for (const paused of [true, false]) {
      expect((await does.patch({ paused })).status).toBe(200)
      await journey.pass(delayMs)
    }
    expect(await codeOf(does.patch({ paused: true }))).toBe('CANNOT_PAUSE_RECENTLY_RESUMED_CLUSTER')
    // A key, because tokens do not live as long.
    const as = await journey.newCaller('API_KEY', { group: ['GROUP_OWNER'] })
    await journey.pass(59 * minute)
    const path = `/api/atlas/v2/groups/${journey.groupId}/clusters/Cluster0`
    expect((await journey.ask({ method: 'PATCH', path, body: { paused: true }, as })).status).toBe(200)
  })

  test('a paused cluster takes nothing but its resume', async () => {
    const { does } = await prepared('atlas')
    await does.patch({ paused: true })
    for (const body of [{ tags: [{ key: 'a', value: 'b' }] }, { terminationProtectionEnabled: true }]) {
      expect(await codeOf(does.patch(body))).toBe('CANNOT_UPDATE_PAUSED_CLUSTER')
    }
    expect((await does.patch({ paused: false })).status).toBe(200)
  })

  test('here, all of that is taken at once', async () => {
    const { does } = await prepared('postern')
    const tags = [{ key: 'a', value: 'b' }]
    expect((await does.patch({ tags })).body).toMatchObject({ stateName: 'IDLE' })
    for (const body of [{ paused: true, backupEnabled: true }, { tags: [] }, { paused: false }, { paused: true }]) {
      expect((await does.patch(body)).status).toBe(200)
    }
  })
})

describe('several endpoints', () => {
  const second = async (fidelity: 'postern' | 'atlas', regions: readonly string[]) => {
    const journey = await begin(fidelity)
    const does = automation(journey)
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

describe('what is changed of the regional mode', () => {
  test('turns clusters UPDATING', async () => {
    const journey = await begin('atlas')
    const does = automation(journey)
    const place = { provider: 'AWS', region: 'US_EAST_1' } as const
    const found = { ...place, clusterType: 'SHARDED', members: 2, version: null } as const
    const spec = JSON.stringify(describeDeployment(found, journey.parts.ids))
    await journey.newCluster('Sharded', 2, { cluster_type: 'SHARDED', spec })
    const path = `${journey.groupPath}/regionalMode`
    await does.must({ method: 'PATCH', path, body: { enabled: true } })
    const { state } = await open.store.read
      .selectFrom('cluster')
      .select('state')
      .where('group_id', '=', journey.groupId)
      .executeTakeFirstOrThrow()
    expect(state).toBe('UPDATING')
  })
})

describe('a group', () => {
  test('is answered as the server is set, or by its own choice, which its owner makes and which is told', async () => {
    const journey = await begin('postern')
    const { ask, get, groupId } = journey
    const path = `/api/postern/v1/groups/${groupId}/fidelity`
    expect(await get(path)).toEqual({ fidelity: 'postern', own: null })
    for (const [own, fidelity] of [
      ['atlas', 'atlas'],
      [null, 'postern'],
    ]) {
      const answer = await ask({ method: 'PATCH', path, body: { own } })
      expect([answer.status, answer.body, await get(path)]).toEqual([200, { fidelity, own }, { fidelity, own }])
    }
    const told = await open.store.read
      .selectFrom('event')
      .select(['type', 'target'])
      .where('group_id', '=', groupId)
      .where('type', '=', 'GROUP_SETTINGS_UPDATED')
      .execute()
    expect(new Set(told.map(({ target }) => target))).toEqual(
      new Set([
        { setting: 'fidelity', fidelity: 'atlas' },
        { setting: 'fidelity', fidelity: null },
      ]),
    )
  })

  test('that chose Atlas’s behaviour on a server of Postern’s has it, and only it', async () => {
    const journey = await begin('postern')
    const does = automation(journey)
    const path = `/api/postern/v1/groups/${journey.groupId}/fidelity`
    await does.must({ method: 'PATCH', path, body: { own: 'atlas' } })
    expect((await journey.get(await does.makeService())).status).toBe('INITIATING')
    const other = await begin('postern')
    const theirs = automation(other)
    expect((await other.get(await theirs.makeService())).status).toBe('AVAILABLE')
  })

  test.each([{ own: 'Atlas' }, { own: true }, {}, { own: 'atlas', more: 1 }])(
    'refuses %j, and keeps what it has',
    async (body) => {
      const journey = await begin('atlas')
      const path = `/api/postern/v1/groups/${journey.groupId}/fidelity`
      expect((await journey.ask({ method: 'PATCH', path, body })).status).toBe(400)
      expect(await journey.get(path)).toEqual({ fidelity: 'atlas', own: null })
    },
  )

  test('is not switched by somebody who only reads it', async () => {
    const journey = await begin('postern')
    const as = await journey.newCaller('API_KEY', { group: ['GROUP_READ_ONLY'] })
    const path = `/api/postern/v1/groups/${journey.groupId}/fidelity`
    expect((await journey.ask({ method: 'GET', path, as })).status).toBe(200)
    expect((await journey.ask({ method: 'PATCH', path, body: { own: 'atlas' }, as })).status).toBe(403)
  })
})
