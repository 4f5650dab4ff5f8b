// What to do next about one attached endpoint: pure. REQUESTED → (accepted in its cloud) → ACCEPTED → (every live edge
// serves it) → AVAILABLE; what does not fit, or vanishes later, is REFUSED with a sentence and stays so until retried.

import type { EndpointServiceStatus } from '@postern/contract/endpoint-service'
import type { EndpointPhase } from '@postern/contract/private-endpoint'
import type { SeenConsumer } from '../../providers/provider.ts'
import type { Acknowledged } from './acknowledged.ts'
import { type Case, deletedReason, judge, wrongCount } from './judge.ts'
import type { HeldByOthers } from './shared-rules.ts'

export interface WantedEndpoint extends Case {
  readonly phase: EndpointPhase
  readonly deleteRequested: boolean
  readonly serviceStatus: EndpointServiceStatus
  /** Unknown endpoints are to be registered in their cloud, and that cloud can. */
  readonly takeUnknown: boolean
  /** What its errorMessage says now. */
  readonly told: string | null
}

export interface SeenEndpoint {
  /** Answers `refs`, in order. */
  readonly consumers: readonly (SeenConsumer | null)[]
  /** Do the edges serve it (ACCEPTED, AVAILABLE), or have they let go of it (DELETING)? */
  readonly edges: Acknowledged
  readonly heldByOthers: HeldByOthers
}

export type EndpointStep =
  | { readonly do: 'register' }
  | { readonly do: 'accept'; readonly cloudIds: readonly string[] }
  | { readonly do: 'wait'; readonly until: number }
  /** Its service comes back from a termination: that wakes it. */
  | { readonly do: 'await service' }
  | { readonly do: 'await edges'; readonly reason: string; readonly problem: boolean }
  /** `consumers` by slot: one, or in GCP's legacy form one per service attachment. */
  | { readonly do: 'record accepted'; readonly consumers: readonly SeenConsumer[] }
  | { readonly do: 'record available' }
  /** It stays AVAILABLE, and its errorMessage changes. */
  | { readonly do: 'tell'; readonly message: string | null }
  | { readonly do: 'refuse'; readonly reason: string }
  | { readonly do: 'detach'; readonly cloudIds: readonly string[] }
  | { readonly do: 'forget' }
  | { readonly do: 'nothing' }

/** `now` in milliseconds since 1970. */
export const nextEndpointStep = (want: WantedEndpoint, seen: SeenEndpoint, now: number): EndpointStep => {
  if (want.deleteRequested) return stepOut(seen)
  switch (want.phase) {
    case 'REQUESTED':
      return stepIn(want, seen, now)
    case 'ACCEPTED':
    case 'AVAILABLE':
      return stepOn(want, seen)
    case 'REFUSED':
    case 'DELETING':
      return { do: 'nothing' }
  }
}

const stepIn = (want: WantedEndpoint, { consumers, heldByOthers }: SeenEndpoint, now: number): EndpointStep => {
  if (want.serviceStatus === 'INITIATING') return { do: 'await service' }
  if (want.serviceStatus !== 'AVAILABLE') {
    return { do: 'refuse', reason: `The private endpoint service is ${want.serviceStatus} and takes no endpoint.` }
  }
  const missing = consumers.some((one) => one === null)
  if (missing && want.takeUnknown && wrongCount(want) === null) return { do: 'register' }
  const verdict = judge(want, consumers)
  if (!verdict.fits) return { do: 'refuse', reason: verdict.reason }
  const held = verdict.consumers.find(({ cloudId }) => heldByOthers.has(cloudId.toLowerCase()))
  if (held !== undefined) {
    const owner = heldByOthers.get(held.cloudId.toLowerCase())
    const reason = `${held.cloudId} belongs to the endpoint ${owner} of this service. Make other forwarding rules, then add those.`
    return { do: 'refuse', reason }
  }
  const open = verdict.consumers.filter(({ connection }) => connection !== 'accepted')
  if (open.length > 0) return { do: 'accept', cloudIds: open.map(({ cloudId }) => cloudId) }
  const until = Math.max(...verdict.consumers.map(({ readyAt }) => readyAt))
  return until > now ? { do: 'wait', until } : { do: 'record accepted', consumers: verdict.consumers }
}

/** Once let in, a region that is struck off the accepted ones later does not turn it out. */
const stepOn = (want: WantedEndpoint, { consumers, edges }: SeenEndpoint): EndpointStep => {
  const deleted = deletedReason(want, consumers)
  if (deleted !== null) return { do: 'refuse', reason: deleted }
  const regions = consumers.flatMap((one) => (one === null ? [] : [one.region]))
  const verdict = judge({ ...want, supportedRemoteRegions: regions }, consumers)
  if (!verdict.fits) return { do: 'refuse', reason: verdict.reason }
  const dropped = verdict.consumers.find(({ connection }) => connection !== 'accepted')
  if (dropped !== undefined) {
    const reason = `The connection of ${dropped.cloudId} was withdrawn in its cloud. Retry this endpoint, or delete it and add it again.`
    return { do: 'refuse', reason }
  }
  if (want.phase === 'AVAILABLE') {
    const message = edges.done || !edges.problem ? null : edges.reason
    return message === want.told ? { do: 'nothing' } : { do: 'tell', message }
  }
  return edges.done ? { do: 'record available' } : { do: 'await edges', reason: edges.reason, problem: edges.problem }
}

const stepOut = ({ consumers, edges, heldByOthers }: SeenEndpoint): EndpointStep => {
  if (!edges.done) return { do: 'await edges', reason: edges.reason, problem: edges.problem }
  const attached = consumers
    .filter((one) => one?.connection === 'accepted')
    .flatMap((one) => one?.cloudId ?? [])
    .filter((cloudId) => !heldByOthers.has(cloudId.toLowerCase()))
  return attached.length > 0 ? { do: 'detach', cloudIds: attached } : { do: 'forget' }
}
