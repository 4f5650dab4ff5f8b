// How many connections there are beside what the gateways let in, and who has most of them. Pure.

import { type Finding, finding, quoted } from '@postern/contract/diagnosis'
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

export type EndpointPolicy = ReplyOf<'listGroupPrivateEndpoints'>['results'][number]['policy']

interface PolicyCode {
  /** What of the policy it comes from, one of these; empty: any; null: it needs none. */
  readonly rules: readonly (keyof EndpointPolicy)[] | null
  readonly why: string
  readonly whatToDo: string
}

/** What each code of a policy means, and who is to change what. */
const policyCodes: Readonly<Record<string, PolicyCode>> = {
  NOT_ON_ACCESS_LIST: {
    rules: [],
    why: 'A standard listener lets in addresses of the IP access list of the project alone; the line of the gateway names the one that was refused.',
    whatToDo: 'Add that address: `postern accessLists create`, or `--currentIp` for this machine’s.',
  },
  CLUSTER_NOT_ALLOWED: {
    rules: ['clusters'],
    why: 'The policy of the endpoint names the clusters that it opens, and this was another.',
    whatToDo: 'Use an endpoint that opens this cluster, or add it to `--allowedCluster`.',
  },
  TLS_VERSION: {
    rules: ['minimumTls'],
    why: 'The client speaks an older TLS than the policy of the endpoint asks for.',
    whatToDo: 'Let the client speak a newer TLS, or ask for less: `--minimumTls`.',
  },
  NO_CLIENT_CERTIFICATE: {
    rules: ['clientCa'],
    why: 'The policy of the endpoint asks clients for a certificate, and this one showed none.',
    whatToDo:
      'Give the client a certificate with its key (tlsCertificateKeyFile), or take the rule back: `--clientCaFile none`.',
  },
  CLIENT_CERTIFICATE: {
    rules: ['clientCa'],
    why: 'The policy of the endpoint names the authorities that sign its clients’ certificates, and this one was of none of them, or out of its time.',
    whatToDo: 'Give the client a certificate of theirs, or add its authority to `--clientCaFile`.',
  },
  CLIENT_NAME: {
    rules: ['clientNames'],
    why: 'The policy of the endpoint names whose certificates it takes, and this was another’s.',
    whatToDo: 'Use one of theirs, or add its subject or DNS name to `--allowedClient`.',
  },
  NO_TLS: {
    rules: ['clientCa'],
    why: 'The policy of the endpoint asks for certificates of clients, and the endpoint speaks no TLS.',
    whatToDo: 'Let it speak TLS: `--minimumTls TLS1_2`.',
  },
  UNKNOWN_POLICY: {
    rules: [],
    why: 'A gateway does not know a rule of the policy, and lets nobody in there.',
    whatToDo: 'Upgrade the gateway, or take the rule back.',
  },
  USER_NOT_ALLOWED: {
    rules: ['databaseUsers'],
    why: 'The policy of the endpoint names the database users that it lets in, each with its authSource.',
    whatToDo: 'Sign in as one of them, or add this one to `--allowedDatabaseUser`.',
  },
  NOT_AUTHENTICATED: {
    rules: ['databaseUsers'],
    why: 'The policy of the endpoint names the database users that it lets in, and this client did not sign in.',
    whatToDo: 'Give the client one of these users.',
  },
  MEMBER_CERTIFICATE: {
    rules: null,
    why: 'A client asked to sign in by certificate; the members see the gateway’s own (POSTERN_MEMBER_CERT), and would take it for the gateway.',
    whatToDo:
      'Sign in by a password. See to it that the gateway’s certificate is no user of `$external` and not one of a member.',
  },
  READ_ONLY: {
    rules: ['readOnly'],
    why: 'The endpoint is read-only: commands and stages that are not known to read are refused.',
    whatToDo: 'Write through another endpoint, or lift it: `--readOnly false`.',
  },
  OP_QUERY: {
    rules: ['databaseUsers', 'readOnly'],
    why: 'The client speaks a protocol that no server since MongoDB 5.1 answers.',
    whatToDo: 'Upgrade its driver.',
  },
  UNREADABLE_REQUEST: {
    rules: ['databaseUsers', 'readOnly'],
    why: 'The endpoint has a policy that every request must be read for, and this one could not be.',
    whatToDo: 'Look at the line of the gateway; a driver sends no such requests.',
  },
}

type Crowded = Crowd['endpoints'][number]

/** Refusals that a policy lately made, the last one first. */
const refusedByPolicy = ({ refused }: Crowded, now: number) =>
  refused
    .flatMap((each) => {
      const known = policyCodes[each.code]
      return known === undefined || now - Date.parse(each.last) >= latelyMs ? [] : [{ ...each, ...known }]
    })
    .toSorted((one, other) => Date.parse(other.last) - Date.parse(one.last))

/** The endpoints of whose policies `withinPolicy` must know what they are by now. */
export const askedForPolicy = (crowd: Crowd | null, now: number): readonly Crowded[] =>
  crowd?.endpoints.filter((each) => refusedByPolicy(each, now).length > 0) ?? []

const isSet = (policy: EndpointPolicy, rules: PolicyCode['rules']): boolean =>
  rules === null ||
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
    const told = [...new Set(refused.map(sourceOf))].map((source) => {
      const own = refused.filter((each) => sourceOf(each) === source)
      return `${sourceWords[source](endpointId)}: ${own.map(refusalWords).join('; ')}.`
    })
    const shows: Readonly<Record<Source, string | null>> = {
      ACCESS_LIST: 'postern accessLists list',
      OWN_CERTIFICATE: null,
      POLICY:
        cluster === null
          ? `postern privateEndpoints ${cloudProvider.toLowerCase()} interfaces describe ${quoted(endpointId)} --endpointServiceId ${endpointServiceId}`
          : `postern clusters standardListener describe ${quoted(cluster)}`,
    }
    const command = refused.map((each) => shows[sourceOf(each)]).find((each) => each !== null)
    return finding('within-policy', 'WARNING', told.join(' '), {
      why: refused.map(({ why }) => why).join(' '),
      whatToDo: refused.map(({ whatToDo }) => whatToDo).join(' '),
      ...(command !== undefined && { command }),
    })
  }
  return finding('within-policy', 'OK', 'No policy of an endpoint made a gateway refuse anything lately.')
}

type Refused = ReturnType<typeof refusedByPolicy>[number]

/** What made the gateway refuse. */
type Source = 'ACCESS_LIST' | 'OWN_CERTIFICATE' | 'POLICY'

const sourceOf = ({ code, rules }: Refused): Source => {
  if (rules === null) return 'OWN_CERTIFICATE'
  return code === 'NOT_ON_ACCESS_LIST' ? 'ACCESS_LIST' : 'POLICY'
}

const sourceWords: Readonly<Record<Source, (endpointId: string) => string>> = {
  ACCESS_LIST: (endpointId) => `The access list before ${endpointId} made the gateway refuse`,
  OWN_CERTIFICATE: (endpointId) => `The gateway’s own certificate made it refuse at ${endpointId}`,
  POLICY: (endpointId) => `The policy of ${endpointId} made the gateway refuse`,
}

const refusalWords = ({ code, count, last, lastConnection }: Refused): string =>
  `${code}, ${count} ${count === 1 ? 'time' : 'times'}, last at ${last}${inLog(lastConnection)}`

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
  readonly endpointId: string
  readonly code: string
  /** When, by the gateway's clock. */
  readonly last: string
  /** Its id in the gateway's log; null where that is not known. */
  readonly lastConnection: string | null
}

/** What the gateways refused between two looks; null: nothing, or nobody could be asked. */
export function refusedBetween(before: Crowd | null, after: Crowd | null): RefusedNow | null {
  for (const { endpointId, refused } of after?.endpoints ?? []) {
    const known = before?.endpoints.find((each) => each.endpointId === endpointId)?.refused ?? []
    const more = refused.find(({ code, count }) => count > (known.find((each) => each.code === code)?.count ?? 0))
    if (more !== undefined) return { endpointId, code: more.code, last: more.last, lastConnection: more.lastConnection }
  }
  return null
}
