// How many connections there are beside what the gateways let in, and who has most of them. Pure.

import { type Finding, finding, quoted } from '@postern/contract/diagnosis'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { type EndpointPolicy, type RefusalWords, type Source, wordsOf } from './refusals.ts'

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
  // Connections that only watch members are beside the endpoint's limit, and many only where somebody floods it.
  const [fullest] = crowd.endpoints
    .flatMap(({ endpointId, connections, working, connectionsLimit }) => [
      { endpointId, connections: working, limit: limitOf(connectionsLimit) },
      { endpointId, connections: connections - working, limit: limitOf(null) },
    ])
    .toSorted((one, other) => other.connections / other.limit - one.connections / one.limit)
  const talkers = `Most are of ${named(crowd.appNames.map(({ appName, connections }) => [appName ?? 'no appName', connections]))}; from ${named(crowd.sources.map(({ source, connections }) => [source ?? 'unknown', connections]))}.`
  const advice = {
    why: 'Beyond it the gateway answers what a further connection asks with an error; those that are there go on.',
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
    const found = `Connections through ${endpointId} were refused for want of room (${late.code}), last at ${late.last}${inLog(late.lastConnection)}.${crowd.connections > 0 ? ` ${talkers}` : ''}`
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

type Crowded = Crowd['endpoints'][number]

type Refused = Crowded['refused'][number] & RefusalWords

/** Refusals of these sources that a gateway lately made there, the last one first. */
const refusedLately = (
  refused: Crowded['refused'],
  { now, isMeant }: { readonly now: number; readonly isMeant: (source: Source) => boolean },
): readonly Refused[] =>
  refused
    .filter(({ last }) => now - Date.parse(last) < latelyMs)
    .flatMap((each) => {
      const words = wordsOf(each.code)
      return words !== null && isMeant(words.source) ? [{ ...each, ...words }] : []
    })
    .toSorted((one, other) => Date.parse(other.last) - Date.parse(one.last))

const isRule = (source: Source): boolean => source !== 'LIMIT' && source !== 'ROAD'

/** Refusals that a policy lately made. */
const refusedByPolicy = ({ refused }: Crowded, now: number): readonly Refused[] =>
  refusedLately(refused, { now, isMeant: isRule })

/** The endpoints of whose policies `withinPolicy` must know what they are by now. */
export const askedForPolicy = (crowd: Crowd | null, now: number): readonly Crowded[] =>
  crowd?.endpoints.filter((each) => refusedByPolicy(each, now).length > 0) ?? []

const isSet = (policy: EndpointPolicy, rules: RefusalWords['rules']): boolean =>
  rules === undefined ||
  Object.entries(policy).some(
    ([rule, value]) => value !== null && value !== false && (rules.length === 0 || (rules as string[]).includes(rule)),
  )

/**
 * `crowd`: null where the gateways could not be asked. `policies`: as they are now, by the endpoint's id; a refusal by a rule
 * that was lifted since is none any more.
 */
export function withinPolicy(crowd: Crowd | null, policies: ReadonlyMap<string, EndpointPolicy>, now: number): Finding {
  if (crowd === null || (crowd.gateways.length === 0 && crowd.unansweredEdges.length > 0)) {
    return finding('within-policy', 'COULD_NOT_TELL', 'No gateway says what it refused.')
  }
  for (const endpoint of crowd.endpoints) {
    const { endpointId, endpointServiceId, cloudProvider } = endpoint
    const policy = policies.get(endpointId)
    const refused = refusedByPolicy(endpoint, now).filter(({ rules }) => policy === undefined || isSet(policy, rules))
    if (refused.length === 0) continue
    const cluster = clusterOfListener(endpointId)
    const told = [...new Set(refused.map(({ source }) => source))].map((source) => {
      const own = refused.filter((each) => each.source === source)
      return `${sourceWords[source](endpointId)}: ${own.map(refusalWords).join('; ')}.`
    })
    const shows: Readonly<Record<Source, string | null>> = {
      ACCESS_LIST: 'postern accessLists list',
      OWN_CERTIFICATE: null,
      LIMIT: null,
      ROAD: null,
      POLICY:
        cluster === null
          ? `postern privateEndpoints ${cloudProvider.toLowerCase()} interfaces describe ${quoted(endpointId)} --endpointServiceId ${endpointServiceId}`
          : `postern clusters standardListener describe ${quoted(cluster)}`,
    }
    const command = refused.map(({ source }) => shows[source]).find((each) => each !== null)
    return finding('within-policy', 'WARNING', told.join(' '), {
      why: refused.map(({ why }) => why).join(' '),
      whatToDo: refused.map(({ whatToDo }) => whatToDo).join(' '),
      ...(command !== undefined && { command }),
    })
  }
  return finding('within-policy', 'OK', 'No policy of an endpoint made a gateway refuse anything lately.')
}

const sourceWords: Readonly<Record<Source, (endpointId: string) => string>> = {
  ACCESS_LIST: (endpointId) => `The access list before ${endpointId} made the gateway refuse`,
  OWN_CERTIFICATE: (endpointId) => `The gateway’s own certificate made it refuse at ${endpointId}`,
  POLICY: (endpointId) => `The policy of ${endpointId} made the gateway refuse`,
  LIMIT: (endpointId) => `There was no room for more at ${endpointId}`,
  ROAD: (endpointId) => `The gateway turned away at ${endpointId}`,
}

const refusalWords = ({ code, count, last, lastConnection }: Refused): string =>
  `${code}, ${count} ${count === 1 ? 'time' : 'times'}, last at ${last}${inLog(lastConnection)}`

/** So many doors are named. */
const mostDoors = 4

/**
 * What else the gateways turned away lately: at an endpoint, or at a port of an endpoint service before it was known through
 * which endpoint it came. The last one first. What is a matter of room at one endpoint, or of its policy, is told by itself.
 */
export function turnedAway(crowd: Crowd | null, now: number): Finding {
  if (crowd === null || (crowd.gateways.length === 0 && crowd.unansweredEdges.length > 0)) {
    return finding('turned-away', 'COULD_NOT_TELL', 'No gateway says whom it turned away.')
  }
  const atEndpoints = crowd.endpoints.map(({ endpointId, refused }) => ({
    door: endpointId,
    isService: false,
    refused: refusedLately(refused, { now, isMeant: (source) => source === 'ROAD' }),
    arrival: (): string => '',
  }))
  const atServices = (crowd.endpointServices ?? []).map(({ endpointServiceId, refused }) => ({
    door: `the ports of endpoint service ${endpointServiceId}`,
    isService: true,
    refused: refusedLately(refused, { now, isMeant: () => true }),
    arrival: (code: string): string => arrivalWords(refused.find((each) => each.code === code)),
  }))
  const doors = [...atServices, ...atEndpoints]
    .filter(({ refused }) => refused.length > 0)
    .toSorted((one, other) => lastOf(other.refused) - lastOf(one.refused))
    .slice(0, mostDoors)
  if (doors.length === 0) return finding('turned-away', 'OK', 'The gateways lately turned nobody else away.')
  const told = doors.map(
    ({ door, refused, arrival }) =>
      `At ${door}: ${refused.map((each) => `${refusalWords(each)}${arrival(each.code)}`).join('; ')}.`,
  )
  const all = doors.flatMap(({ refused }) => refused)
  // What comes to an endpoint as it should not is its client's; where nobody knows which it was, somebody has to look.
  const isSomebodys = doors.every(({ isService }) => !isService)
  return finding('turned-away', isSomebodys ? 'OK' : 'WARNING', told.join(' '), {
    why: wordsFor(all, ({ why }) => why),
    whatToDo: wordsFor(all, ({ whatToDo }) => whatToDo),
  })
}

/** Each sentence once; where there are several, with the codes that it is for. */
function wordsFor(refused: readonly Refused[], of: (one: Refused) => string): string {
  const codes = new Map<string, Set<string>>()
  for (const one of refused) codes.set(of(one), (codes.get(of(one)) ?? new Set()).add(one.code))
  if (codes.size === 1) return [...codes.keys()].join()
  return [...codes].map(([words, own]) => `${[...own].join(', ')}: ${words}`).join(' ')
}

const lastOf = ([latest]: readonly Refused[]): number => Date.parse(latest?.last ?? '')

const arrivalWords = (last: ServiceRefused | undefined): string =>
  last === undefined
    ? ''
    : `${last.lastFrom === null ? '' : ` from ${last.lastFrom}`}${last.lastPort === null ? '' : ` at port ${last.lastPort}`} of gateway ${last.lastEdge}`

type ServiceRefused = Crowd['endpointServices'][number]['refused'][number]

/** Whose listener it is; null of an endpoint. */
const clusterOfListener = (endpointId: string): string | null => /^standard:(.+)$/.exec(endpointId)?.[1] ?? null

const named = (counts: readonly (readonly [string, number])[]): string =>
  counts
    .slice(0, mostNamed)
    .map(([name, count]) => `${name} (${count})`)
    .join(', ')

/** By which id the gateway's log, and the table of live connections, know it. */
export const inLog = (connection: string | null): string => (connection === null ? '' : `, connection ${connection}`)

export interface RefusedNow {
  /** Of an endpoint its id; else which endpoint service's ports they were. */
  readonly door: string
  readonly code: string
  /** When, by the gateway's clock. */
  readonly last: string
  /** Its id in the gateway's log; null where that is not known. */
  readonly lastConnection: string | null
}

/** What the gateways refused between two looks; null: nothing, or nobody could be asked. */
export function refusedBetween(before: Crowd | null, after: Crowd | null): RefusedNow | null {
  const known = new Map(doorsOf(before).map(({ door, refused }) => [door, refused]))
  for (const { door, refused } of doorsOf(after)) {
    const earlier = known.get(door) ?? []
    const more = refused.find(({ code, count }) => count > (earlier.find((each) => each.code === code)?.count ?? 0))
    if (more !== undefined) return { door, code: more.code, last: more.last, lastConnection: more.lastConnection }
  }
  return null
}

const doorsOf = (crowd: Crowd | null): readonly { readonly door: string; readonly refused: Crowded['refused'] }[] => [
  ...(crowd?.endpoints ?? []).map(({ endpointId, refused }) => ({ door: endpointId, refused })),
  ...(crowd?.endpointServices ?? []).map(({ endpointServiceId, refused }) => ({
    door: `a port of endpoint service ${endpointServiceId}`,
    refused,
  })),
]
