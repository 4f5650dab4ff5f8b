// Who has a place in an endpoint: so many connections may work through it, so many may only watch its members, and new ones
// of either come so fast. Counted in one place for a whole gateway, however many workers move its bytes (crew/): so whoever
// asks may have to wait for the answer.

import type { GatewayEndpoint } from '@postern/contract/snapshot'
import { createPace } from './pace.ts'

/** Until it works a connection only watches: it has said nothing but hello. */
export type Standing = 'watching' | 'working'

/** What keeps a further connection of an endpoint out. */
export interface EndpointLimit {
  readonly code: 'TOO_MANY_CONNECTIONS' | 'TOO_MANY_NEW_CONNECTIONS'
  readonly limit: number
}

/** null: it has its place. */
type Verdict = EndpointLimit | null

export interface Places {
  /**
   * Among those that only watch, as every connection does until it works: drivers watch members by connections of their own,
   * and lose their pools with them. What stands against one more is the gateway's own limit alone, which is there for floods.
   */
  enter(endpoint: Pick<GatewayEndpoint, 'id'>): Verdict | Promise<Verdict>
  /** Among those that work, if its endpoint may have one more. */
  begin(endpoint: Pick<GatewayEndpoint, 'id' | 'limits'>): Verdict | Promise<Verdict>
  leave(endpointId: string, as: Standing): void
  /** Forgets how fast others than these came. */
  keep(endpointIds: ReadonlySet<string>): void
}

export interface CountedPlaces extends Places {
  enter(...asked: Parameters<Places['enter']>): Verdict
  begin(...asked: Parameters<Places['begin']>): Verdict
}

const nobody: Readonly<Record<Standing, number>> = { watching: 0, working: 0 }

/** `now`: milliseconds since 1970. The limits are the gateway's own; see GatewayLimits. */
export function createPlaces(
  now: () => number,
  limits: { readonly connectionsPerEndpoint: number; readonly newPerSecond: number },
): CountedPlaces {
  const perEndpoint = new Map<string, Readonly<Record<Standing, number>>>()
  const arrivals = createPace(now)
  const beginnings = createPace(now)

  const countsOf = (endpointId: string): Readonly<Record<Standing, number>> => perEndpoint.get(endpointId) ?? nobody
  const take = (endpointId: string, as: Standing): null => {
    const counts = countsOf(endpointId)
    perEndpoint.set(endpointId, { ...counts, [as]: counts[as] + 1 })
    return null
  }

  return {
    enter({ id }) {
      const { connectionsPerEndpoint, newPerSecond } = limits
      if (countsOf(id).watching >= connectionsPerEndpoint)
        return { code: 'TOO_MANY_CONNECTIONS', limit: connectionsPerEndpoint }
      if (!arrivals.allows(id, { perSecond: newPerSecond, burst: connectionsPerEndpoint }))
        return { code: 'TOO_MANY_NEW_CONNECTIONS', limit: newPerSecond }
      return take(id, 'watching')
    },
    begin(endpoint) {
      const connections = endpoint.limits?.connections ?? limits.connectionsPerEndpoint
      const newPerSecond = endpoint.limits?.newPerSecond ?? 0
      if (countsOf(endpoint.id).working >= connections) return { code: 'TOO_MANY_CONNECTIONS', limit: connections }
      if (!beginnings.allows(endpoint.id, { perSecond: newPerSecond, burst: connections }))
        return { code: 'TOO_MANY_NEW_CONNECTIONS', limit: newPerSecond }
      return take(endpoint.id, 'working')
    },
    leave(endpointId, as) {
      const counts = countsOf(endpointId)
      const left = { ...counts, [as]: counts[as] - 1 }
      if (left.watching + left.working <= 0) perEndpoint.delete(endpointId)
      else perEndpoint.set(endpointId, left)
    },
    keep(endpointIds) {
      arrivals.keep(endpointIds)
      beginnings.keep(endpointIds)
    },
  }
}

/** At once where the word is there already. */
export const once = <Word, Result>(
  word: Word | Promise<Word>,
  then: (word: Word) => Result,
): Result | Promise<Result> => (word instanceof Promise ? word.then(then) : then(word))
