// The bookkeeping of one connection, so that connection.ts can tell its story without it: what is known of it so far,
// its place in the register, how it is ended from outside in whatever phase it is, and its log lines. Exactly one line
// says how it went out: `connection refused` before the join, `connection ended` after it.

import type { Socket } from 'node:net'
import type { GatewayCluster, GatewayEndpoint } from '@postern/contract/snapshot'
import type { Logger } from 'pino'
import { type Admission, type Arrival, admit } from './admit.ts'
import { outOfDescriptors } from './descriptors.ts'
import { type GuardRefusal, type GuardRules, guardRules, sameRules } from './guard/guard.ts'
import { createIdleWatch, type IdleWatch } from './idle.ts'
import type { ConnectionEnd, Joined } from './join/join.ts'
import { alert, refuse } from './listener.ts'
import { type EndpointLimit, once } from './places.ts'
import type { JoinedConnection, OpenConnection, Register } from './register.ts'
import type { Shutdown } from './shutdown.ts'
import type { Exchange } from './translate/exchange.ts'
import type { ClientInfo } from './translate/hello.ts'
import { DialError } from './upstream.ts'

export type Admitted = Extract<Admission, { admit: true }>

/** Thrown by a phase that does not let the connection go on. `tlsAlert` is sent where the client speaks TLS. */
export class Refusal extends Error {
  readonly code: string
  readonly tlsAlert: number | null

  constructor(code: string, reason: string, tlsAlert: number | null = null) {
    super(reason)
    this.code = code
    this.tlsAlert = tlsAlert
  }
}

/** Not worth a warning: nobody was turned away. */
const harmless: ReadonlySet<string> = new Set(['HEALTH_CHECK', 'CLOSED', 'SHUTDOWN'])

export interface LifeParts {
  readonly id: string
  readonly gatewayPort: number
  readonly clock: { now(): number }
  readonly log: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>
  readonly register: Register
}

export interface Life {
  /** The client, as far as it is known, and what would keep it out by now; null: nothing. */
  cameFrom(source: string | null, against: () => string | null): void
  /** The newest snapshot's word about this arrival, which is re-examined from now on. Throws Refusal. */
  admit(arrival: Arrival): Admitted
  /** Counts it among those that watch its endpoint. Throws Refusal where there are as many as the gateway lets in. */
  enter(admitted: Admitted): void | Promise<void>
  /**
   * The work's result, unless the client's socket closes before: then it rejects with a Refusal, and a result that comes
   * late is discarded.
   */
  whileOpen<Result>(work: Promise<Result>, discard: (late: Result) => void): Promise<Result>
  /** TLS has put another socket in the accepted one's place. */
  speaksThrough(client: Socket): void
  joined(
    admitted: Admitted,
    joined: Joined,
    exchange: Exchange,
    sides: { readonly client: Socket; readonly memberPort: number | null },
  ): void
  ended(end: ConnectionEnd): void
  refused(error: unknown): void
  /**
   * Counts it among those that work; where its endpoint, as the newest snapshot has it, has as many as it may, or gets
   * them too fast: why it may not. A promise never rejects.
   */
  begin(arrival: Arrival, admitted: Admitted): string | null | Promise<string | null>
  /** One request of a connection that goes on. */
  requestRefused(
    refusal: Pick<GuardRefusal, 'reason'> & { readonly code: GuardRefusal['code'] | 'LOAD_BALANCER_MISMATCH' },
  ): void
}

export function beginLife(accepted: Socket, { id, gatewayPort, clock, log, register }: LifeParts): Life {
  const startedAt = clock.now()
  const peer = hostPort(accepted.remoteAddress, accepted.remotePort) // a closed socket no longer knows
  /** Until it is joined: then its sockets are the join's alone, which may give them away. */
  let arriving: { readonly accepted: Socket; readonly client: Socket } | null = { accepted, client: accepted }
  let source: string | null = null
  let against: () => string | null = () => null
  let arrival: Arrival | null = null
  let endpoint: Admission['endpoint'] = null
  let running: {
    readonly view: () => JoinedConnection
    readonly joined: Joined
    readonly exchange: Exchange
    readonly idle: IdleWatch
    readonly rules: GuardRules | null
  } | null = null
  let told: ConnectionEnd | null = null // ended from outside before it was joined
  let draining: Shutdown | null = null
  let askedBefore = 0 // requests, when it was looked last
  const toldOf = new Set<string>()
  let working = false
  /** Its socket while it only watches; later the join may have given it away. */
  let watcher: Socket | null = null

  /** `tlsAlert` is for a client that speaks TLS and has not begun to. */
  const refuseArriving = (tlsAlert: number | null): void => {
    if (arriving !== null) refuse(arriving.client, arriving.client === arriving.accepted ? tlsAlert : null)
  }

  /** What its names are made of. */
  let named: { readonly endpoint: GatewayEndpoint; readonly cluster: GatewayCluster } | null = null
  let isToldOld = false // since it was told its names, they may have become others

  const open: OpenConnection = {
    arrival: () => arrival,
    live: () => running?.view() ?? null,
    end(end) {
      if (running !== null) {
        running.joined.stop(end)
        return
      }
      told ??= end
      refuseArriving(endpoint?.tls === true ? alert.accessDenied : null)
    },
    drain(shutdown) {
      if (draining?.end.code === 'SHUTDOWN') return
      draining = shutdown
      if (running === null) return
      const { exchange, joined } = running
      joined.attend()
      askedBefore = exchange.count()
      exchange.drain((request) => {
        if (request === 'write' && !shutdown.mayTurnAway(hostOf(source ?? peer))) return false
        joined.finish(shutdown.end)
        return true
      })
      if (exchange.watches()) joined.finish(shutdown.end)
    },
    rest() {
      if (draining === null) return
      if (running === null) {
        open.end(draining.end)
        return
      }
      const { exchange, joined } = running
      const idle = exchange.count() === askedBefore && exchange.quiet() && !exchange.engaged()
      askedBefore = exchange.count()
      if (idle) joined.finish(draining.end)
    },
    speakLast(end) {
      const lastWords = running?.exchange.parting(end.reason)
      if (running === null || !Buffer.isBuffer(lastWords)) open.end(end)
      else running.joined.finish(end, lastWords)
    },
    renewed(endpoint, cluster) {
      if (running === null) return
      const { policy } = endpoint
      running.idle.set(policy?.idleMs ?? null)
      if (!sameRules(running.rules, guardRules(policy))) open.end(policyChanged)
      isToldOld ||= named !== null && (endpoint !== named.endpoint || cluster !== named.cluster)
      named = { endpoint, cluster }
    },
    tellAgain() {
      if (!isToldOld || running === null) return
      isToldOld = false
      const more = working ? null : running.exchange.again()
      if (more !== null && watcher?.writable) watcher.write(more)
    },
    reexamine() {
      const reason = against()
      if (reason !== null) open.end({ side: 'gateway', code: 'LISTENER_CHANGED', reason })
    },
  }
  register.accepted(open)
  accepted.on('error', () => {}) // what it means shows in the phase that was waiting for the socket

  const facts = (): Readonly<Record<string, unknown>> => ({
    connection: id,
    endpointId: endpoint?.id ?? null,
    cloudEndpointId: endpoint?.cloudEndpointId ?? null,
    gatewayPort,
    source,
    peer,
  })

  const whileOpen: Life['whileOpen'] = (work, discard) =>
    new Promise((resolve, reject) => {
      if (arriving === null) return work.then(resolve, reject)
      const { accepted } = arriving
      const gone = (): void => reject(new Refusal('CLOSED', 'closed before it was joined'))
      accepted.once('close', gone)
      work.then((result) => {
        accepted.removeListener('close', gone)
        if (!accepted.destroyed) return resolve(result)
        discard(result)
        gone()
      }, reject)
    })

  return {
    cameFrom(address, why) {
      source = address
      against = why
    },

    admit(now) {
      if (told !== null) throw new Refusal(told.code, told.reason)
      const index = register.index()
      if (index === null) throw new Refusal('NO_SNAPSHOT', 'this gateway holds no snapshot yet')
      const verdict = admit(index, now, register.age())
      arrival = now
      endpoint = verdict.endpoint
      if (verdict.admit) return verdict
      throw new Refusal(verdict.code, verdict.reason, endpoint?.tls === true ? alert.accessDenied : null)
    },

    enter({ endpoint }) {
      const against = register.enter(open, endpoint)
      return once(against instanceof Promise ? whileOpen(against, () => {}) : against, (against) => {
        if (against === null) return
        const reason = `endpoint ${endpoint.cloudEndpointId} ${overLimit[against.code](against.limit)}`
        throw new Refusal(against.code, reason, endpoint.tls ? alert.accessDenied : null)
      })
    },

    whileOpen,

    speaksThrough(client) {
      if (arriving !== null) arriving = { ...arriving, client }
      client.on('error', () => {})
    },

    joined(admitted, joined, exchange, { client, memberPort }) {
      arriving = null
      const fixed = {
        id,
        endpointId: admitted.endpoint.id,
        cloudEndpointId: admitted.endpoint.cloudEndpointId,
        clusterId: admitted.cluster.cluster.id,
        memberId: admitted.member.id,
        member: admitted.member.hostPort,
        source,
        tls: admitted.endpoint.tls,
        gatewayPort,
        memberPort,
        startedAt,
      }
      const view = (): JoinedConnection => ({
        ...fixed,
        ...(exchange.client() ?? saidNothing),
        user: exchange.user(),
        operations: exchange.count(),
        working,
        hellos: exchange.hellos(),
        handshakeMs: exchange.handshakeMs(),
        ...joined.traffic(),
      })
      const idle = createIdleWatch({
        now: clock.now,
        lastActivityAt: () => joined.traffic().lastActivityAt,
        quiet: exchange.quiet,
        idle: (ms) => joined.stop({ side: 'gateway', code: 'IDLE', reason: `no byte for ${ms / 1000} s (the policy)` }),
      })
      if (!working) watcher = client
      running = { view, joined, exchange, idle, rules: guardRules(admitted.endpoint.policy) }
      open.renewed(admitted.endpoint, admitted.cluster.cluster)
      log.info({ ...facts(), clusterId: fixed.clusterId, memberId: fixed.memberId, memberPort }, 'connection started')
      if (draining !== null) open.drain(draining)
    },

    ended(end) {
      if (running === null) return
      running.idle.set(null)
      const { side, code, reason } = end
      const { clusterId, memberId, driver, appName, bytesFromClient, bytesFromMember } = running.view()
      register.over(open, end)
      const line = {
        ...facts(),
        ...{ clusterId, memberId, driver, appName, bytesFromClient, bytesFromMember },
        ...{ durationMs: clock.now() - startedAt, side, code, reason },
      }
      if (code === 'DEFECT') log.error(line, 'connection ended')
      else log.info(line, 'connection ended')
    },

    begin(arrival, admitted) {
      const index = register.index()
      const verdict = index === null ? admitted : admit(index, arrival)
      const newest = (verdict.admit ? verdict : admitted).endpoint
      return once(register.begin(open, newest), (limit) => {
        if (limit === null) {
          working = true
          watcher = null
          return null
        }
        const reason = `endpoint ${newest.cloudEndpointId} ${overLimit[limit.code](limit.limit)}`
        if (!toldOf.has(limit.code)) {
          toldOf.add(limit.code)
          register.refused(limit.code, newest, id)
          log.warn({ ...facts(), code: limit.code, reason, side: 'client' }, 'request refused')
        }
        return reason
      })
    },

    requestRefused({ code, reason }) {
      register.requestRefused(code, endpoint, id)
      if (toldOf.has(code)) return // one line for each connection and code: whoever asks again and again fills no log
      toldOf.add(code)
      log.warn({ ...facts(), code, reason, side: 'client' }, 'request refused')
    },

    refused(error) {
      register.gone(open)
      refuseArriving(error instanceof Refusal ? error.tlsAlert : null)
      const outcome = told ?? whyRefused(error)
      const line = { ...facts(), durationMs: clock.now() - startedAt, ...outcome }
      if (harmless.has(outcome.code)) {
        log.debug(line, 'connection closed before it began')
        return
      }
      register.refused(outcome.code, endpoint, id)
      if (outcome.code === 'DEFECT') log.error(line, 'connection refused')
      else log.warn(line, 'connection refused')
    },
  }
}

const overLimit: Readonly<Record<EndpointLimit['code'], (limit: number) => string>> = {
  TOO_MANY_CONNECTIONS: (limit) => `has ${limit} connection${limit === 1 ? '' : 's'}, as many as it may`,
  TOO_MANY_NEW_CONNECTIONS: (limit) => `gets more than ${limit} new connections a second`,
}

const policyChanged: ConnectionEnd = {
  side: 'gateway',
  code: 'POLICY_CHANGED',
  reason: 'the policy of the endpoint was changed, and what was asked before cannot be judged again',
}

const saidNothing: ClientInfo = { appName: null, driver: null, os: null, platform: null }

function whyRefused(error: unknown): ConnectionEnd {
  if (error instanceof Refusal) return { side: 'client', code: error.code, reason: error.message }
  const exhausted = error instanceof DialError ? outOfDescriptors(error.code) : null
  if (exhausted !== null) return { side: 'gateway', ...exhausted }
  if (error instanceof DialError) return { side: 'member', code: error.code, reason: error.message }
  return { side: 'gateway', code: 'DEFECT', reason: String(error instanceof Error ? error.stack : error) }
}

/** `host:port` for people, an IPv6 host in brackets; null where the socket no longer knows. */
export const hostPort = (host: string | undefined, port: number | undefined): string | null =>
  host === undefined || port === undefined ? null : `${host.includes(':') ? `[${host}]` : host}:${port}`

const hostOf = (hostPort: string | null): string | null => hostPort?.replace(/:\d+$/, '') ?? null
