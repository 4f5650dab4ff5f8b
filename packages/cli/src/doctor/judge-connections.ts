// How many connections there are beside what the gateways let in, and who has most of them. Pure.

import { type Finding, finding } from '@postern/contract/diagnosis'
import type { ReplyOf } from '@postern/contract/schemas/operations'

export type Crowd = ReplyOf<'summarizeGroupConnections'>

/** A share of the limit from which on it is told. */
const nearly = 0.9
/** A refusal is of now when it was no longer ago. */
const latelyMs = 10 * 60_000
/** So many applications and sources are named. */
const mostNamed = 3

const isForRoom = (code: string): boolean => code.startsWith('TOO_MANY')

/** `crowd`: null where the gateways could not be asked. */
export function roomForConnections(crowd: Crowd | null, now: number): Finding {
  if (crowd === null || (crowd.gateways.length === 0 && crowd.unansweredEdges.length > 0)) {
    return finding('room-for-connections', 'COULD_NOT_TELL', 'No gateway says how many connections it has.')
  }
  /** Of one endpoint, through all gateways. */
  const limitOf = (own: number | null): number =>
    crowd.gateways.reduce((sum, each) => sum + (own ?? each.connectionsPerEndpointLimit), 0)
  const [fullest] = crowd.endpoints
    .map((each) => ({ ...each, limit: limitOf(each.connectionsLimit) }))
    .toSorted((one, other) => other.connections / other.limit - one.connections / one.limit)
  const talkers = `Most are of ${named(crowd.appNames.map(({ appName, connections }) => [appName ?? 'no appName', connections]))}; from ${named(crowd.sources.map(({ source, connections }) => [source ?? 'unknown', connections]))}.`
  const advice = {
    why: 'Beyond it the gateway ends every new connection, which a driver sees as a closed socket.',
    whatToDo:
      'Make the pools of the application that has most smaller (maxPoolSize), or give it an endpoint of its own.',
    command: 'postern connections list',
  }
  if (fullest !== undefined && fullest.connections >= fullest.limit * nearly) {
    const found = `${fullest.endpointId} has ${fullest.connections} of ${fullest.limit} connections. ${talkers}`
    return finding('room-for-connections', fullest.connections >= fullest.limit ? 'FAILED' : 'WARNING', found, advice)
  }
  for (const { endpointId, refused } of crowd.endpoints) {
    const late = refused.find(({ code, last }) => isForRoom(code) && now - Date.parse(last) < latelyMs)
    if (late === undefined) continue
    const found = `Connections through ${endpointId} were refused for want of room (${late.code}), last at ${late.last}.${crowd.connections > 0 ? ` ${talkers}` : ''}`
    return finding('room-for-connections', 'WARNING', found, advice)
  }
  return finding(
    'room-for-connections',
    'OK',
    crowd.connections === 0
      ? `There are no connections; an endpoint may have ${limitOf(null)}.`
      : `There are ${crowd.connections} connections; an endpoint may have ${limitOf(null)}. ${talkers}`,
  )
}

const named = (counts: readonly (readonly [string, number])[]): string =>
  counts
    .slice(0, mostNamed)
    .map(([name, count]) => `${name} (${count})`)
    .join(', ')

export interface RefusedNow {
  readonly endpointId: string
  readonly code: string
  /** When, by the gateway's clock. */
  readonly last: string
}

/** What the gateways refused between two looks; null: nothing, or nobody could be asked. */
export function refusedBetween(before: Crowd | null, after: Crowd | null): RefusedNow | null {
  for (const { endpointId, refused } of after?.endpoints ?? []) {
    const known = before?.endpoints.find((each) => each.endpointId === endpointId)?.refused ?? []
    const more = refused.find(({ code, count }) => count > (known.find((each) => each.code === code)?.count ?? 0))
    if (more !== undefined) return { endpointId, code: more.code, last: more.last }
  }
  return null
}
