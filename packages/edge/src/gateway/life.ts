// The bookkeeping of one connection, so that connection.ts can tell its story without it: what is known of it so far,
// its place in the register, how it is ended from outside in whatever phase it is, and its log lines. Exactly one line
// says how it went out: `connection refused` before the join, `connection ended` after it. What only its arrival needs is
// let go of at the join: thousands of idle connections hold what is here.

import type { Socket } from 'node:net'
import { isRefusalCode, type RefusalCode } from '@postern/contract/refusal'
import type { GatewayCluster, GatewayEndpoint } from '@postern/contract/snapshot'
import type { Logger } from 'pino'
import { type Admission, type Arrival, admit } from './admit.ts'
import { outOfDescriptors } from './descriptors.ts'
import type { FloodLines } from './flood-lines.ts'
import { type GuardRefusal, type GuardRules, guardRules, sameRules } from './guard/guard.ts'
import { createIdleWatch, type IdleWatch } from './idle.ts'
import type { ConnectionEnd, Joined } from './join/join.ts'
import { alert, refuse } from './listener.ts'
import { type EndpointLimit, once } from './places.ts'
import type { Arriving } from './ports.ts'
import type { JoinedConnection, OpenConnection, Register } from './register.ts'
import type { Shutdown } from './shutdown.ts'
import type { Exchange } from './translate/exchange.ts'
import type { ClientInfo } from './translate/hello.ts'
import { DialError } from './upstream.ts'
import type { Way } from './way.ts'

export type Admitted = Extract<Admission, { admit: true }>

type ArrivalCode = RefusalCode | 'HEALTH_CHECK' | 'CLOSED'

/** Thrown by a phase that does not let the connection go on. `tlsAlert` is sent where the client speaks TLS. */
export class Refusal extends Error {
  readonly code: ArrivalCode
  readonly tlsAlert: number | null

  constructor(code: ArrivalCode, reason: string, tlsAlert: number | null = null) {
    super(reason)
    this.code = code
    this.tlsAlert = tlsAlert
  }
}

/** Not worth a warning: nobody was turned away. */
const harmless: ReadonlySet<string> = new Set(['HEALTH_CHECK', 'CLOSED', 'SHUTDOWN'])

/** Whoever likes can make thousands of these, without having been let in by anybody. */
const floods: ReadonlySet<string> = new Set([
  'UNTRUSTED_SOURCE',
  'TOO_MANY_HEADERS',
  'REPLAYED_PROOF',
  'SOURCE_NOT_ALLOWED',
  'NOT_ON_ACCESS_LIST',
])

/** The same for all connections. */
export interface LifeParts {
  readonly clock: { now(): number }
  readonly log: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>
  readonly flood: FloodLines
  readonly register: Register
}

/** A socket that has its connection's id. */
export type Identified = Arriving & { readonly id: string }

/** Once it is joined. */
interface Running {
  readonly admitted: Admitted
  readonly joined: Joined
  readonly exchange: Exchange
  /** From which the member was dialled. */
  readonly memberPort: number | null
  readonly rules: GuardRules | null
}

export class Life implements OpenConnection {
  readonly id: string
  readonly #gatewayPort: number
  readonly #parts: LifeParts
  readonly #startedAt: number
  readonly #peer: string | null
  /** Until it is joined: then its sockets are the join's alone, which may give them away. */
  #arriving: (Pick<Arriving, 'ownDoors'> & { readonly accepted: Socket; readonly client: Socket }) | null
  #way: Way | null = null
  #arrival: Arrival | null = null
  #endpoint: Admission['endpoint'] = null
  #running: Running | null = null
  #told: ConnectionEnd | null = null // ended from outside before it was joined
  #draining: Shutdown | null = null
  #askedBefore = 0 // requests, when it was looked last
  #toldOf: Set<string> | null = null // codes that have had their line
  #working = false
  /** Its socket while it only watches; later the join may have given it away. */
  #watcher: Socket | null = null
  /** Where the policy asks for it. */
  #idle: IdleWatch | null = null
  /** What its names are made of. */
  #named: { readonly endpoint: GatewayEndpoint; readonly cluster: GatewayCluster } | null = null
  #isToldOld = false // since it was told its names, they may have become others

  constructor({ socket: accepted, id, port, ownDoors }: Identified, parts: LifeParts) {
    this.id = id
    this.#gatewayPort = port
    this.#parts = parts
    this.#startedAt = parts.clock.now()
    this.#peer = hostPort(accepted.remoteAddress, accepted.remotePort) // a closed socket no longer knows
    this.#arriving = { accepted, client: accepted, ...(ownDoors && { ownDoors }) }
    parts.register.accepted(this)
    accepted.on('error', ignored)
  }

  // Its phases, in their order; told by connection.ts

  /** How it came, as far as it is known. */
  cameFrom(way: Way): void {
    this.#way = way
  }

  /** The newest snapshot's word about this arrival, which is re-examined from now on. Throws Refusal. */
  admit(now: Arrival): Admitted {
    if (this.#told !== null) throw new Refusal('CLOSED', this.#told.reason) // what it was told is what is said
    const { register } = this.#parts
    const index = register.index()
    if (index === null) throw new Refusal('NO_SNAPSHOT', 'this gateway holds no snapshot yet')
    const verdict = admit(index, now, register.age(), register.latest())
    this.#arrival = now
    this.#endpoint = verdict.endpoint
    if (verdict.admit) return verdict
    throw new Refusal(verdict.code, verdict.reason, verdict.endpoint?.tls === true ? alert.accessDenied : null)
  }

  /** Counts it among those that watch its endpoint. Throws Refusal where there are as many as the gateway lets in. */
  enter({ endpoint }: Admitted): void | Promise<void> {
    const against = this.#parts.register.enter(this, endpoint)
    return once(against instanceof Promise ? this.whileOpen(against, ignored) : against, (against) => {
      if (against === null) return
      const reason = `endpoint ${endpoint.cloudEndpointId} ${overLimit[against.code](against.limit)}`
      throw new Refusal(against.code, reason, endpoint.tls ? alert.accessDenied : null)
    })
  }

  /** TLS has put another socket in the accepted one's place. */
  speaksThrough(client: Socket): void {
    if (this.#arriving !== null) this.#arriving = { ...this.#arriving, client }
    client.on('error', ignored)
  }

  /**
   * The work's result, unless the client's socket closes before: then it rejects with a Refusal, and a result that comes
   * late is discarded.
   */
  whileOpen<Result>(work: Promise<Result>, discard: (late: Result) => void): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#arriving === null) return work.then(resolve, reject)
      const { accepted } = this.#arriving
      const gone = (): void => reject(new Refusal('CLOSED', 'closed before it was joined'))
      accepted.once('close', gone)
      work.then((result) => {
        accepted.removeListener('close', gone)
        if (!accepted.destroyed) return resolve(result)
        discard(result)
        gone()
      }, reject)
    })
  }

  joined(
    admitted: Admitted,
    joined: Joined,
    exchange: Exchange,
    { client, memberPort }: { readonly client: Socket; readonly memberPort: number | null },
  ): void {
    this.#arriving = null
    if (!this.#working) this.#watcher = client
    const rules = guardRules(admitted.endpoint.policy)
    this.#running = { admitted, joined, exchange, memberPort, rules }
    this.renewed(admitted.endpoint, admitted.cluster.cluster)
    const clusterId = admitted.cluster.cluster.id
    const line = this.#line({ clusterId, memberId: admitted.member.id, memberPort })
    this.#parts.log.info(line, 'connection started')
    if (this.#draining !== null) this.drain(this.#draining)
  }

  /**
   * Counts it among those that work; where its endpoint, as the newest snapshot has it, has as many as it may, or gets
   * them too fast: why it may not. A promise never rejects.
   */
  begin(arrival: Arrival, admitted: Admitted): string | null | Promise<string | null> {
    const { register } = this.#parts
    const index = register.index()
    const verdict = index === null ? admitted : admit(index, arrival, 0, register.latest())
    const newest = (verdict.admit ? verdict : admitted).endpoint
    return once(register.begin(this, newest), (limit) => {
      if (limit === null) {
        this.#working = true
        this.#watcher = null
        return null
      }
      const reason = `endpoint ${newest.cloudEndpointId} ${overLimit[limit.code](limit.limit)}`
      if (this.#isFirst(limit.code)) {
        this.#count(limit.code, 'connection', newest)
        this.#warn({ code: limit.code, reason })
      }
      return reason
    })
  }

  /** One request of a connection that goes on. */
  requestRefused(refused: {
    readonly reason: string
    readonly code: GuardRefusal['code'] | 'LOAD_BALANCER_MISMATCH'
  }): void {
    this.#count(refused.code, 'request')
    if (this.#isFirst(refused.code)) this.#warn(refused)
  }

  ended(end: ConnectionEnd): void {
    const last = this.live()
    if (last === null) return
    this.#idle?.set(null)
    const { clock, log, register } = this.#parts
    const { side, code, reason } = end
    const { clusterId, memberId, driver, appName, bytesFromClient, bytesFromMember } = last
    register.over(this, last, end)
    if (side === 'client' && isRefusalCode(code)) this.#count(code, 'request')
    const durationMs = clock.now() - this.#startedAt
    const said = { clusterId, memberId, driver, appName, bytesFromClient, bytesFromMember }
    const line = Object.assign(this.#line(said), { durationMs, side, code, reason })
    if (code === 'DEFECT') log.error(line, 'connection ended')
    else log.info(line, 'connection ended')
  }

  refused(error: unknown): void {
    const { clock, flood, log, register } = this.#parts
    register.gone(this)
    this.#refuseArriving(error instanceof Refusal ? error.tlsAlert : null)
    const outcome = this.#told ?? whyRefused(error)
    const line = Object.assign(this.#line({ durationMs: clock.now() - this.#startedAt }), outcome)
    if (harmless.has(outcome.code)) {
      log.debug(line, 'connection closed before it began')
      return
    }
    this.#count(outcome.code, 'connection')
    if (outcome.code === 'DEFECT') log.error(line, 'connection refused')
    else if (floods.has(outcome.code)) flood(`${outcome.code} ${this.#endpoint?.id ?? ''}`, line, 'connection refused')
    else log.warn(line, 'connection refused')
  }

  // What the register asks of it

  arrival(): Arrival | null {
    return this.#arrival
  }

  live(): JoinedConnection | null {
    if (this.#running === null) return null
    const { admitted, joined, exchange, memberPort } = this.#running
    const { appName, driver, os, platform } = exchange.client() ?? saidNothing
    const { bytesFromClient, bytesFromMember, lastActivityAt } = joined.traffic()
    return {
      id: this.id,
      endpointId: admitted.endpoint.id,
      cloudEndpointId: admitted.endpoint.cloudEndpointId,
      clusterId: admitted.cluster.cluster.id,
      memberId: admitted.member.id,
      member: admitted.member.hostPort,
      source: this.#way?.source ?? null,
      tls: admitted.endpoint.tls,
      gatewayPort: this.#gatewayPort,
      memberPort,
      startedAt: this.#startedAt,
      appName,
      driver,
      os,
      platform,
      user: exchange.user(),
      operations: exchange.count(),
      working: this.#working,
      hellos: exchange.hellos(),
      handshakeMs: exchange.handshakeMs(),
      bytesFromClient,
      bytesFromMember,
      lastActivityAt,
    }
  }

  end(end: ConnectionEnd): void {
    if (this.#running !== null) {
      this.#running.joined.stop(end)
      return
    }
    this.#told ??= end
    this.#refuseArriving(this.#endpoint?.tls === true ? alert.accessDenied : null)
  }

  drain(shutdown: Shutdown): void {
    if (this.#draining?.end.code === 'SHUTDOWN') return
    this.#draining = shutdown
    if (this.#running === null) return
    const { exchange, joined } = this.#running
    joined.attend()
    this.#askedBefore = exchange.count()
    exchange.drain((request) => {
      if (request === 'write' && !shutdown.mayTurnAway(hostOf(this.#way?.source ?? this.#peer))) return false
      joined.finish(shutdown.end)
      return true
    })
    if (exchange.watches()) joined.finish(shutdown.end)
  }

  rest(): void {
    if (this.#draining === null) return
    if (this.#running === null) {
      this.end(this.#draining.end)
      return
    }
    const { exchange, joined } = this.#running
    joined.attend()
    const idle = exchange.count() === this.#askedBefore && exchange.quiet() && !exchange.engaged()
    this.#askedBefore = exchange.count()
    if (idle) joined.finish(this.#draining.end)
  }

  speakLast(end: ConnectionEnd): void {
    const lastWords = this.#running?.exchange.parting(end.reason)
    if (this.#running === null || !Buffer.isBuffer(lastWords)) this.end(end)
    else this.#running.joined.finish(end, lastWords)
  }

  renewed(endpoint: GatewayEndpoint, cluster: GatewayCluster): void {
    if (this.#running === null) return
    const { policy } = endpoint
    this.#endsIdle(policy?.idleMs ?? null, this.#running)
    if (!sameRules(this.#running.rules, guardRules(policy))) this.end(policyChanged)
    const named = this.#named
    if (named !== null && endpoint === named.endpoint && cluster === named.cluster) return
    this.#isToldOld ||= named !== null
    this.#named = { endpoint, cluster }
  }

  tellAgain(): void {
    if (!this.#isToldOld || this.#running === null) return
    this.#isToldOld = false
    const more = this.#working ? null : this.#running.exchange.again()
    if (more !== null && this.#watcher?.writable) this.#watcher.write(more)
  }

  reexamine(): void {
    const reason = this.#way?.against() ?? null
    if (reason !== null) this.end({ side: 'gateway', code: 'LISTENER_CHANGED', reason })
  }

  #endsIdle(ms: number | null, { joined, exchange }: Running): void {
    if (ms !== null)
      this.#idle ??= createIdleWatch({
        now: this.#parts.clock.now,
        lastActivityAt: () => joined.traffic().lastActivityAt,
        quiet: () => exchange.quiet(),
        idle: (ms) => joined.stop({ side: 'gateway', code: 'IDLE', reason: `no byte for ${ms / 1000} s (the policy)` }),
      })
    this.#idle?.set(ms)
  }

  /** `tlsAlert` is for a client that speaks TLS and has not begun to. */
  #refuseArriving(tlsAlert: number | null): void {
    if (this.#arriving === null) return
    const { accepted, client } = this.#arriving
    refuse(client, client === accepted ? tlsAlert : null)
  }

  /** One line for each connection and code: whoever asks again and again fills no log. */
  #isFirst(code: string): boolean {
    this.#toldOf ??= new Set()
    if (this.#toldOf.has(code)) return false
    this.#toldOf.add(code)
    return true
  }

  #count(code: string, what: 'connection' | 'request', endpoint = this.#endpoint): void {
    const { register } = this.#parts
    const port = this.#gatewayPort
    const whose = endpoint === null ? register.whose({ port, ...this.#arriving }) : { endpoint, serviceIds: [] }
    const from = hostOf(this.#way?.source ?? this.#peer)
    register.refused({ code, what, whose, lastConnection: this.id, lastPort: port, lastFrom: from })
  }

  #warn({ code, reason }: { readonly code: string; readonly reason: string }): void {
    this.#parts.log.warn(this.#line({ code, reason, side: 'client' }), 'request refused')
  }

  /**
   * What every line says, and this. Assigned, not spread: each property behind a spread costs V8 some 4 µs, and the two lines
   * of a connection took a sixth of its time.
   */
  #line(said: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const facts = {
      connection: this.id,
      endpointId: this.#endpoint?.id ?? null,
      cloudEndpointId: this.#endpoint?.cloudEndpointId ?? null,
      gatewayPort: this.#gatewayPort,
      source: this.#way?.source ?? null,
      peer: this.#peer,
    }
    return Object.assign(facts, said)
  }
}

/** What an error of a socket means shows in the phase that was waiting for it. */
const ignored = (): void => {}

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
