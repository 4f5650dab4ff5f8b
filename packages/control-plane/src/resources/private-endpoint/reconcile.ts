// The turns of one attached endpoint: look at its cloud and at the edges, let next-step.ts decide, do that one step.
// Steps follow each other within a turn as long as each got something done. What waits for an edge is woken by its
// report; the timer behind it only notices an edge that went silent.

import { heldBack } from '../../fidelity/held.ts'
import type { Parts } from '../../parts.ts'
import { CloudRefusal, type Provider, type Providers, type ServiceWish, targetsOf } from '../../providers/provider.ts'
import { createRound } from '../../reconcile/round.ts'
import { stepByStep } from '../../reconcile/step-by-step.ts'
import type { Outcome, Reconciler } from '../../reconcile/turns.ts'
import { loadService, type ServiceRow, serviceWish } from '../endpoint-service/row.ts'
import type { Acknowledged } from './acknowledged.ts'
import { acceptEndpoint, forgetEndpoint, saveEndpoint } from './change.ts'
import { acknowledgement, someEdgeFails } from './due.ts'
import { type EndpointStep, nextEndpointStep } from './next-step.ts'
import { consumerRefs } from './request.ts'
import { type EndpointRow, loadEndpoint } from './row.ts'
import { type HeldByOthers, heldByOthers } from './shared-rules.ts'

/** What ends a state that is shown for a while under Atlas's behaviour. */
const endingSteps: ReadonlySet<EndpointStep['do']> = new Set(['record accepted', 'refuse', 'detach', 'forget'])
/** How many steps one turn may take; more than any path through the table is long. */
const stepsPerTurn = 8
const edgeCheckMs = 15_000

export const privateEndpointReconciler = (parts: Parts, providers: Providers): Reconciler => {
  const ids = () => parts.store.read.selectFrom('private_endpoint').select('id')
  const standing = createRound(async (after, limit) => {
    const rows = await ids()
      .where('phase', '=', 'AVAILABLE')
      .where('delete_requested', '=', false)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute()
    return rows.map(({ id }) => id)
  })
  return {
    kind: 'privateEndpoint',

    turn: stepByStep(stepsPerTurn, (id) => oneStep(parts, providers, id)),

    ids: async () => {
      const moving = await ids()
        .where((eb) => eb.or([eb('phase', 'not in', ['REFUSED', 'AVAILABLE']), eb('delete_requested', '=', true)]))
        .execute()
      return [...moving.map(({ id }) => id), ...(await standing())]
    },
  }
}

interface Turn {
  readonly endpoint: EndpointRow
  readonly service: ServiceRow
  readonly wish: ServiceWish
  readonly provider: Provider
  readonly held: HeldByOthers
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
  const held = await heldByOthers(store.read, endpoint, service)
  const now = clock.now()
  const next = nextEndpointStep(
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
      told: endpoint.errorMessage,
    },
    {
      consumers: await provider.observeEndpoints(wish, refs),
      edges: (await asksEdges(parts, endpoint)) ? await acknowledgement(store.read, endpoint, now) : notAsked,
      heldByOthers: held,
    },
    now,
  )
  const step = heldBack(next, { settlesAt: endpoint.settlesAt, ends: endingSteps, now })
  return perform(parts, { endpoint, service, wish, provider, held }, step)
}

// One that stands asks only while an edge has a trouble: ten thousand that are well need not read every report.
const asksEdges = async ({ store }: Parts, endpoint: EndpointRow): Promise<boolean> => {
  const { phase, deleteRequested } = endpoint
  return (
    deleteRequested || phase === 'ACCEPTED' || (phase === 'AVAILABLE' && (await someEdgeFails(store.read, endpoint)))
  )
}

const notAsked: Acknowledged = { done: false, reason: 'the edges are not asked in this phase', problem: false }

const perform = async (parts: Parts, turn: Turn, step: EndpointStep): Promise<Outcome | 'go on'> => {
  const { endpoint, service, wish, provider, held } = turn
  const refs = consumerRefs(endpoint.cloudId, endpoint.request, service.region)
  const of = { endpointId: endpoint.cloudId, endpointServiceId: service.id }
  switch (step.do) {
    case 'nothing':
    case 'await service':
      return { do: 'settled' }
    case 'wait':
      return { do: 'again', afterMs: Math.max(0, step.until - parts.clock.now()) }
    case 'await edges': {
      parts.log.info(of, `endpoint waits for the edge: ${step.reason}`)
      const message = step.problem ? step.reason : null
      if (message !== endpoint.errorMessage) await saveEndpoint(parts, turn, { error_message: message })
      return { do: 'again', afterMs: edgeCheckMs }
    }
    case 'register':
      await provider.registerEndpoints?.(wish, refs)
      return 'go on'
    case 'accept':
      try {
        await provider.acceptEndpoints(wish, step.cloudIds)
      } catch (error) {
        if (!(error instanceof CloudRefusal)) throw error
        return perform(parts, turn, { do: 'refuse', reason: error.message })
      }
      return 'go on'
    case 'detach':
      await provider.rejectEndpoints(wish, step.cloudIds)
      return 'go on'
    case 'record accepted':
      await acceptEndpoint(parts, endpoint, service, step.consumers)
      return 'go on'
    case 'record available':
      await saveEndpoint(parts, turn, { phase: 'AVAILABLE', was_available: true, error_message: null })
      return 'go on'
    case 'tell':
      if (step.message !== null) parts.log.warn(of, `endpoint is not served: ${step.message}`)
      await saveEndpoint(parts, turn, { error_message: step.message })
      return 'go on'
    case 'refuse':
      parts.log.warn(of, `endpoint refused: ${step.reason}`)
      await provider.rejectEndpoints(
        wish,
        refs.map(({ cloudId }) => cloudId).filter((cloudId) => !held.has(cloudId.toLowerCase())),
      )
      await saveEndpoint(parts, turn, { phase: 'REFUSED', error_message: step.reason })
      return 'go on'
    case 'forget':
      await forgetEndpoint(parts, endpoint, service)
      return 'go on'
  }
}
