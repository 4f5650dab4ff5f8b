// The checks of a road that was walked, as a table: pure functions from facts to a finding. Which comes first, and which
// is only a consequence of another, is the contract's list to say.

import { type Finding, finding } from '@postern/contract/diagnosis'
import { type Door, splitHostPort } from './dial.ts'
import type { GatewayLine } from './gateway-log.ts'
import { inLog, type RefusedNow } from './judge-connections.ts'
import { idleTime } from './judge-idle-time.ts'
import { hostResolves, ownAnswer, privateAnswer, srvResolves } from './judge-names.ts'
import { authentication } from './judge-sign-in.ts'
import { isTurnedAway, lineOf, tls } from './judge-tls.ts'
import type { HostFacts, OwnNames, SrvFacts } from './names.ts'
import { wordsOf } from './refusals.ts'
import type { Road } from './road.ts'
import type { SignIn } from './sign-in.ts'

export interface UnreadableFile {
  readonly option: 'tlsCAFile' | 'tlsCertificateKeyFile'
  readonly file: string
  readonly code: string
}

export interface RoadFacts {
  readonly road: Road
  readonly srv: SrvFacts | null
  readonly hosts: readonly HostFacts[]
  /** Null where Postern's own DNS server is not at hand, or has nothing to do with it. */
  readonly own: OwnNames | null
  readonly doors: readonly Door[]
  /** `host:port` that the control plane says the edges serve; null where it was not asked. */
  readonly served: ReadonlySet<string> | null
  /** Null where the gateway's log is not on this machine. */
  readonly log: readonly GatewayLine[] | null
  /** What the gateways counted meanwhile, where their log is not at hand; null: no refusal, or not asked. */
  readonly refused: RefusedNow | null
  readonly signIn: SignIn
  readonly inContainer: boolean
  /** The edge that is to serve the road runs on this machine. */
  readonly besideEdge: boolean
  /** Files that the string names and that cannot be read here, with the system's code (`ENOENT`). */
  readonly unreadable: readonly UnreadableFile[]
  /** PEM file of the home that could be named in the string; undefined where there is no home. */
  readonly homeCaFile: string | undefined
  readonly now: number
}

export const judgeRoad = (facts: RoadFacts): readonly Finding[] => judges.map((each) => each(facts))

const loadBalanced = ({ road, doors }: RoadFacts): Finding => {
  const asks = road.loadBalanced
  const turnedAway = doors.find(({ hello }) => typeof hello?.mismatch === 'string')
  if (turnedAway !== undefined) {
    return finding('load-balanced', 'FAILED', `${turnedAway.hostPort}: ${turnedAway.hello?.mismatch}.`, {
      why: asks
        ? 'The string says loadBalanced=true, and this port leads to one member.'
        : 'This port spreads over the routers of a cluster, and the string does not say loadBalanced=true.',
      whatToDo: 'Take the string of the cluster anew.',
      command: 'postern clusters connectionStrings describe <clusterName> --type privateEndpoint',
    })
  }
  if (asks && doors.length > 1) {
    return finding('load-balanced', 'FAILED', 'The string says loadBalanced=true and names several hosts.', {
      why: 'A driver in load balanced mode takes one host, behind which all routers are.',
      whatToDo: 'Take the option out of the string, or take the optimized string of the cluster.',
    })
  }
  if (asks && doors.some(({ hello }) => hello !== null && !hello.hasServiceId)) {
    return finding('load-balanced', 'FAILED', 'What answers there is no load balancer.', {
      why: 'The string says loadBalanced=true; a driver then takes only an answer that has a serviceId.',
      whatToDo: 'Take the option out of the string, or let it lead through an endpoint of a sharded cluster.',
    })
  }
  return finding(
    'load-balanced',
    'OK',
    asks ? 'The string asks for load balanced mode.' : 'The string asks for no load balancer.',
  )
}

const isShut = ({ tcp }: Door): boolean => tcp !== 'OPEN'
const list = (doors: readonly Door[]): string => doors.map(({ hostPort }) => hostPort).join(', ')

/** Only the edge's own machine can say that nothing listens at a loopback address. */
const isJudgedHere = (hostPort: string, besideEdge: boolean): boolean => besideEdge || !isLoopback(hostPort)

const isLoopback = (hostPort: string): boolean => /^(127\.|localhost:|\[::1\])/.test(hostPort)

/** `served`: what the control plane says that the edges serve. A port that drops packets is a firewall's, not an edge's. */
export function edgeListens(
  doors: readonly Door[],
  { served, besideEdge }: Pick<RoadFacts, 'served' | 'besideEdge'>,
): Finding {
  if (served === null) return finding('edge-listens', 'NOT_APPLICABLE', 'The control plane was not asked.')
  const judged = doors.filter(({ hostPort }) => served.has(hostPort) && isJudgedHere(hostPort, besideEdge))
  const shut = judged.filter(({ tcp }) => tcp === 'REFUSED')
  if (judged.length === 0) return finding('edge-listens', 'NOT_APPLICABLE', 'No port of an endpoint is seen from here.')
  if (shut.length === 0) return finding('edge-listens', 'OK', 'Something listens wherever the edges are to listen.')
  return finding('edge-listens', 'FAILED', `Nothing listens at ${list(shut)}, which AVAILABLE endpoints have.`, {
    why: 'The edge that serves them is away, or cannot be reached from this machine.',
    whatToDo: 'Look whether the edge runs (its log is logs/edge.log in the home), and start it again.',
    command: 'postern edge',
  })
}

const shutWords = {
  REFUSED: ['refused', 'Nothing listens there, or a firewall answers with a refusal.'],
  TIMED_OUT: ['timed out', 'Packets are dropped on the way: a firewall or a security group, here or at the endpoint.'],
  UNROUTABLE: ['unroutable', 'This machine has no route there.'],
  UNRESOLVED: ['not resolved', 'The name has no address.'],
} as const

const portOpen = ({ doors, inContainer, besideEdge }: RoadFacts): Finding => {
  const shut = doors.filter(isShut)
  const [first] = shut
  if (first === undefined || first.tcp === 'OPEN') return finding('port-open', 'OK', 'Every port takes connections.')
  const [word, why] = shutWords[first.tcp]
  const found = `${list(shut)}: ${word}.`
  const command = `nc -vz ${first.hostPort.replace(/:(\d+)$/, ' $1')}`
  if (isLoopback(first.hostPort) && !besideEdge && doors.every(isShut)) {
    const here = inContainer
      ? 'This runs in a container, where a loopback address is the container itself.'
      : 'A loopback address is this machine itself, and Postern is not seen to run here.'
    return finding('port-open', 'FAILED', found, {
      why: here,
      whatToDo:
        'Run this where Postern runs; or give its endpoints an address that is reached from here: `postern up --bind`, `--advertise`.',
      command,
    })
  }
  const [host] = splitHostPort(first.hostPort)
  const single = doors.some((door) => !isShut(door) && splitHostPort(door.hostPort)[0] === host)
  return finding('port-open', 'FAILED', found, {
    why: single ? `${why} Other ports of ${host} are open: a rule lists single ports.` : why,
    whatToDo: 'Compare host and port with the string of the endpoint; allow this machine the whole block of its ports.',
    command,
  })
}

/** Connections that were open and were ended before `hello` was answered. */
const cutDoors = (facts: RoadFacts): readonly Door[] =>
  facts.doors.filter(
    (door) =>
      door.tcp === 'OPEN' && (door.tls === null || door.tls.code === null || isTurnedAway(facts, door)) && !door.hello,
  )

const isMembers = (line: GatewayLine | undefined): boolean => line?.side === 'member'

const whatToDoAt = ({ road }: RoadFacts, code: string): string =>
  code === 'TLS_FAILED' && !road.tls
    ? 'The endpoint speaks TLS, and the string asks for none: take its string anew, or add ssl=true and tlsCAFile.'
    : (wordsOf(code)?.whatToDo ?? "The gateway's log has the whole line.")

const admitted = (facts: RoadFacts): Finding => {
  const answered = facts.doors.some(({ hello }) => hello !== null)
  const cut = cutDoors(facts)
  const turnedAway = cut.map((door) => lineOf(facts, door)).filter((line) => line !== undefined && !isMembers(line))
  const [line] = turnedAway
  if (line !== undefined) {
    const when = new Date(line.time).toISOString()
    const found = `The gateway refused ${line.source} at ${when}: ${line.reason} (${line.code})${inLog(line.connection)}.`
    return finding('admitted', 'FAILED', found, {
      why: 'The connection reached the gateway, which admits only what an AVAILABLE endpoint of this service brings.',
      whatToDo: whatToDoAt(facts, line.code),
    })
  }
  const { refused } = facts
  if (refused !== null && cut.length > 0 && !answered) {
    const found = `The gateway refused a connection through ${refused.door} at ${refused.last} (${refused.code})${inLog(refused.lastConnection)}.`
    return finding('admitted', 'FAILED', found, {
      why: 'Yours reached the gateway meanwhile, and none was let in.',
      whatToDo: whatToDoAt(facts, refused.code),
    })
  }
  if (cut.length === 0 || answered || cut.some((door) => isMembers(lineOf(facts, door)))) {
    return finding(
      'admitted',
      cut.length === 0 && !answered ? 'NOT_APPLICABLE' : 'OK',
      'The gateway turned nobody away.',
    )
  }
  return finding('admitted', 'FAILED', `${list(cut)} took the connection and ended it without an answer.`, {
    why: 'The gateway refuses this endpoint, or no member behind it can be reached; only its log says which.',
    whatToDo: "Ask from where the control plane can be reached, or read the gateway's log.",
    command: 'postern doctor',
  })
}

const memberAnswers = (facts: RoadFacts): Finding => {
  const answered = facts.doors.filter(({ hello }) => hello !== null)
  const cut = cutDoors(facts).filter((door) => answered.length > 0 || isMembers(lineOf(facts, door)))
  if (cut.length === 0) {
    return answered.length === 0
      ? finding('member-answers', 'NOT_APPLICABLE', 'No member was reached.')
      : finding('member-answers', 'OK', 'Every member that was reached answers hello.')
  }
  const told = cut.map((door) => {
    const line = lineOf(facts, door)
    return line === undefined ? door.hostPort : `${door.hostPort} (${line.reason})`
  })
  const status = answered.length === 0 ? 'FAILED' : 'WARNING'
  return finding('member-answers', status, `No answer from the member behind ${told.join(', ')}.`, {
    why: 'The gateway lets the connection in and cannot reach the member that the port stands for.',
    whatToDo: 'Start the member again; its own log says why it ended.',
  })
}

const hellosOf = ({ doors }: RoadFacts) =>
  doors.flatMap(({ hello }) => (hello === null || hello.mismatch !== null ? [] : [hello]))

const setName = (facts: RoadFacts): Finding => {
  const wanted = facts.road.setName
  const others = hellosOf(facts).filter((hello) => hello.setName !== wanted)
  if (wanted === null) return finding('set-name', 'NOT_APPLICABLE', 'The string names no replica set.')
  if (others.length === 0) return finding('set-name', 'OK', `Every member that answered is of ${wanted}.`)
  const said = others[0]?.setName ?? 'no replica set'
  return finding('set-name', 'FAILED', `The string says replicaSet=${wanted}; the members say ${said}.`, {
    why: 'A driver takes no member of another set.',
    whatToDo: `Correct replicaSet in the string, or take the cluster's string anew.`,
  })
}

const primary = (facts: RoadFacts): Finding => {
  const hellos = hellosOf(facts)
  if (hellos.length === 0) return finding('primary', 'NOT_APPLICABLE', 'No member answered.')
  if (facts.road.directConnection || hellos.some((hello) => hello.primary || hello.router)) {
    return finding('primary', 'OK', 'Somebody takes writes.')
  }
  const hidden = facts.doors.length < Math.max(...hellos.map(({ hosts }) => hosts.length))
  return finding('primary', hidden ? 'WARNING' : 'FAILED', 'None of the members that answered is primary.', {
    why: 'Writes and reads from the primary wait until there is one, and then fail.',
    whatToDo: 'Wait for the election; if it does not end, a majority of the members is away.',
  })
}

const advertised = ({ road, doors, signIn }: RoadFacts): Finding => {
  const named = doors.flatMap(({ hello }) => hello?.hosts ?? [])
  if (road.directConnection || named.length === 0) {
    return finding('advertised', 'NOT_APPLICABLE', 'No list of members is followed.')
  }
  const dialled = new Set(doors.map(({ hostPort }) => hostPort))
  const strangers = [...new Set(named)].filter((host) => !dialled.has(host))
  if (named.some((host) => dialled.has(host))) {
    return finding('advertised', 'OK', 'The members name hosts of this road.')
  }
  if (signIn.outcome === 'IN') {
    return finding('advertised', 'OK', `The members name ${strangers.join(', ')}, which are reached from here too.`)
  }
  return finding('advertised', 'FAILED', `The members name ${strangers.join(', ')}, and no host of the string.`, {
    why: 'A driver leaves the hosts of the string for those that the members name.',
    whatToDo: 'Use a string whose hosts are those names; behind an endpoint, look whether the gateway is in between.',
  })
}

const judges: readonly ((facts: RoadFacts) => Finding)[] = [
  loadBalanced,
  ownAnswer,
  srvResolves,
  hostResolves,
  privateAnswer,
  (facts) => edgeListens(facts.doors, facts),
  portOpen,
  tls,
  admitted,
  memberAnswers,
  setName,
  primary,
  advertised,
  authentication,
  idleTime,
]
