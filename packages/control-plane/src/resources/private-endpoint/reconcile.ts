// The turns of one attached endpoint: look at its cloud and at the edges, let next-step.ts decide, do that one step.
// Steps follow each other within a turn as long as each got something done. What waits for an edge is woken by its
// report; the timer behind it only notices an edge that went silent.

import type { Parts } from '../../parts.ts'
import { type Provider, type Providers, type ServiceWish, targetsOf } from '../../providers/provider.ts'
import type { Outcome, Reconciler } from '../../reconcile/turns.ts'
import { loadService, type ServiceRow, serviceWish } from '../endpoint-service/row.ts'
import type { Acknowledged } from './acknowledged.ts'
import { acceptEndpoint, forgetEndpoint, saveEndpoint } from './change.ts'
import { acknowledgement } from './due.ts'
import { type EndpointStep, nextEndpointStep } from './next-step.ts'
import { consumerRefs } from './request.ts'
import { type EndpointRow, loadEndpoint } from './row.ts'

/** How many steps one turn may take; more than any path through the table is long. */
const stepsPerTurn = 8
const edgeCheckMs = 15_000

export const privateEndpointReconciler = (parts: Parts, providers: Providers): Reconciler => ({
  kind: 'privateEndpoint',

  turn: async (id) => {
    for (let step = 0; step < stepsPerTurn; step++) {
      const outcome = await oneStep(parts, providers, id)
      if (outcome !== 'go on') return outcome
    }
    return { do: 'again', afterMs: 0 }
  },

  ids: async () => {
    const rows = await parts.store.read
      .selectFrom('private_endpoint')
      .select('id')
      .where((eb) => eb.or([eb('phase', '<>', 'REFUSED'), eb('delete_requested', '=', true)]))
      .execute()
    return rows.map(({ id }) => id)
  },
})

interface Turn {
  readonly endpoint: EndpointRow
  readonly service: ServiceRow
  readonly wish: ServiceWish
  readonly provider: Provider
}

const oneStep = async (parts: Parts, providers: Providers, id: string): Promise<Outcome | 'go on'> => {
  const { store, clock, settings } = parts
  const endpoint = await loadEndpoint(store.read, id)
  if (endpoint === null) return { do: 'settled' }
  const service = await loadService(store.read, endpoint.serviceId)
  if (service === null) return { do: 'settled' }
  const provider = providers[service.provider]
  const targets = service.names === null ? [] : targetsOf(service.names)
  const wish = serviceWish(service, targets.length)
  const refs = consumerRefs(endpoint.cloudId, endpoint.request, service.region)
  const step = nextEndpointStep(
    {
      provider: service.provider,
      region: service.region,
      portMapping: service.portMapping,
      supportedRemoteRegions: service.supportedRemoteRegions ?? [],
      targets,
      refs,
      phase: endpoint.phase,
      deleteRequested: endpoint.deleteRequested,
      serviceStatus: service.status,
      takeUnknown: settings.unknownEndpoints === 'accept' && provider.registerEndpoints !== undefined,
    },
    {
      consumers: await provider.observeEndpoints(wish, refs),
      edges: waitsForEdges(endpoint) ? await acknowledgement(store.read, endpoint, clock.now()) : notAsked,
    },
    clock.now(),
  )
  return perform(parts, { endpoint, service, wish, provider }, step)
}

const waitsForEdges = ({ phase, deleteRequested }: EndpointRow): boolean => deleteRequested || phase === 'ACCEPTED'

const notAsked: Acknowledged = { done: false, reason: 'the edges are not asked in this phase', problem: false }

const perform = async (parts: Parts, turn: Turn, step: EndpointStep): Promise<Outcome | 'go on'> => {
  const { endpoint, service, wish, provider } = turn
  const refs = consumerRefs(endpoint.cloudId, endpoint.request, service.region)
  const of = { endpointId: endpoint.cloudId, endpointServiceId: service.id }
  switch (step.do) {
    case 'nothing':
      return { do: 'settled' }
    case 'wait':
      return { do: 'again', afterMs: Math.max(0, step.until - parts.clock.now()) }
    case 'await edges': {
      parts.log.info(of, `endpoint waits for the edge: ${step.reason}`)
      const message = step.problem ? step.reason : null
      if (message !== endpoint.errorMessage) await saveEndpoint(parts, endpoint, { error_message: message })
      return { do: 'again', afterMs: edgeCheckMs }
    }
    case 'register':
      await provider.registerEndpoints?.(wish, refs)
      return 'go on'
    case 'accept':
      await provider.acceptEndpoints(wish, step.cloudIds)
      return 'go on'
    case 'detach':
      await provider.rejectEndpoints(wish, step.cloudIds)
      return 'go on'
    case 'record accepted':
      await acceptEndpoint(parts, endpoint, service, step.consumers)
      return 'go on'
    case 'record available':
      await saveEndpoint(parts, endpoint, { phase: 'AVAILABLE', was_available: true, error_message: null })
      return 'go on'
    case 'refuse':
      parts.log.warn(of, `endpoint refused: ${step.reason}`)
      await provider.rejectEndpoints(
        wish,
        refs.map(({ cloudId }) => cloudId),
      )
      await saveEndpoint(parts, endpoint, { phase: 'REFUSED', error_message: step.reason })
      return 'go on'
    case 'forget':
      await forgetEndpoint(parts, endpoint, service)
      return 'go on'
  }
}
