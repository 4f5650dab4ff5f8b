// For tests only: a project under either behaviour, with an automation in it, on a clock that the test moves, so that every
// state that passes can be looked at while it is there. The handlers, the store and the reconcilers are the real ones; what
// a deployment says is handed in.

import type { Engines } from '../engines/engines.ts'
import type { Store } from '../parts.ts'
import { clusterHandlers } from '../resources/cluster/handlers.ts'
import { clusterReconciler } from '../resources/cluster/reconcile.ts'
import { clusterSettingsHandlers } from '../resources/cluster/settings-handlers.ts'
import { groupAccessListHandlers } from '../resources/group-access-list/handlers.ts'
import { groupFidelityHandlers } from '../resources/group-fidelity/handlers.ts'
import { groupSwitchHandlers } from '../resources/group-switch/handlers.ts'
import { createJourney, type Journey, type View } from '../resources/private-endpoint/testing.ts'

/** How long a state is shown at least under Atlas's behaviour. */
export const delayMs = 60_000
const sandbox = { url: 'http://127.0.0.1:1', token: 'the-sandbox-of-this-test' }

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
        hidden: null,
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

/** A project on a server of this behaviour, with its automation. */
export const begin = async (store: Store, fidelity: 'postern' | 'atlas') => {
  const journey = await createJourney(store, {
    settings: { fidelity, fidelityDelayMs: delayMs, sandbox },
    more: {
      handlers: (parts) => ({
        ...clusterHandlers(parts),
        ...clusterSettingsHandlers(parts),
        ...groupAccessListHandlers(parts),
        ...groupFidelityHandlers(parts),
        ...groupSwitchHandlers(parts),
      }),
      reconcilers: (parts) => [clusterReconciler(parts, wellEngines())],
    },
  })
  return { journey, does: automation(journey) }
}

/** The same, with a cluster that is IDLE, and an AVAILABLE service in its region. */
export const prepared = async (store: Store, fidelity: 'postern' | 'atlas') => {
  const { journey, does } = await begin(store, fidelity)
  await does.makeCluster()
  const service = await does.makeService()
  await journey.pass(delayMs)
  return { journey, does, service }
}

/** What an automation does, and what it sees. */
export const automation = (journey: Journey) => {
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
