// One client's life, phase by phase; the file to read first. accept → PROXY v2 → admit → TLS → admit by name → dial the
// member → join → end. Whatever goes wrong ends it once, in one place, with one log line that says whose side it was.
// It stands in the register from its first moment, so that a newer snapshot finds and ends it in any phase.

import { type BlockList, isIPv6, type Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import type { Logger } from 'pino'
import { checkProof, type ProofMemory } from '../proxy-protocol/proof.ts'
import { type Admission, type Arrival, admit } from './admit.ts'
import type { ConnectionEnd, Joined, JoinMethod } from './join/join.ts'
import { alert, readProxyHeader, refuse, secure } from './listener.ts'
import type { LiveConnection, OpenConnection, Register } from './register.ts'
import { createExchange, type Exchange } from './translate/exchange.ts'
import { namesFor } from './translate/names.ts'
import { type Dial, DialError } from './upstream.ts'

export interface ConnectionLimits {
  /** For the PROXY header, from accept. */
  readonly headerMs: number
  readonly tlsMs: number
  readonly dialMs: number
  /** For the client's first whole message, from the join. */
  readonly firstMessageMs: number
  /** Without a byte either way; 0: never. */
  readonly idleMs: number
  readonly halfOpenMs: number
  /** Open connections of one endpoint. */
  readonly connectionsPerEndpoint: number
}

export interface ConnectionParts {
  readonly id: string
  readonly gatewayPort: number
  readonly trusted: BlockList
  readonly proof: { readonly key: Buffer; readonly memory: ProofMemory } | null
  readonly certificateFor: ((serverName: string | null, endpointId: string) => SecureContext | null) | null
  readonly clock: { now(): number }
  readonly log: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>
  readonly limits: ConnectionLimits
  readonly register: Register
  readonly method: JoinMethod
  readonly dial: Dial
}

type Admitted = Extract<Admission, { admit: true }>

/** Thrown inside a life to end it before the join. `alert` is sent where the client speaks TLS. */
class Refusal extends Error {
  readonly code: string
  readonly tlsAlert: number | null
  constructor(code: string, reason: string, tlsAlert: number | null = null) {
    super(reason)
    this.code = code
    this.tlsAlert = tlsAlert
  }
}

/** Serves one accepted socket to its end. Resolves when it is joined or over; never rejects. */
export async function serveConnection(accepted: Socket, parts: ConnectionParts): Promise<void> {
  const { register, clock, limits, log } = parts
  const startedAt = clock.now()
  let client = accepted
  let arrival: Arrival | null = null
  let source: string | null = null
  let endpoint: Admitted['endpoint'] | null = null
  let live: (() => LiveConnection) | null = null
  let stop: ((end: ConnectionEnd) => void) | null = null
  let ended: ConnectionEnd | null = null
  let draining: ConnectionEnd | null = null
  let quiet: (() => boolean) | null = null

  const open: OpenConnection = {
    arrival: () => arrival,
    live: () => live?.() ?? null,
    end(end) {
      ended ??= end
      if (stop !== null) stop(end)
      else client.destroy()
    },
    drain(end) {
      draining = end
      if (quiet === null || quiet()) open.end(end)
    },
  }
  register.accepted(open)
  accepted.on('error', () => {}) // what it means shows in the phase that was waiting for the socket

  const facts = (): Record<string, unknown> => ({
    connection: parts.id,
    endpointId: endpoint?.id ?? null,
    cloudEndpointId: endpoint?.cloudEndpointId ?? null,
    gatewayPort: parts.gatewayPort,
    source,
    peer: hostPort(accepted.remoteAddress, accepted.remotePort),
  })

  /** The newest snapshot's word about this arrival; throws Refusal. */
  const admitNow = (now: Arrival): Admitted => {
    if (ended !== null) throw new Refusal(ended.code, ended.reason, endpoint?.tls === true ? alert.accessDenied : null)
    const index = register.index()
    if (index === null) throw new Refusal('NO_SNAPSHOT', 'this gateway holds no snapshot yet')
    const verdict = admit(index, now)
    endpoint = verdict.endpoint
    if (verdict.admit) return verdict
    throw new Refusal(verdict.code, verdict.reason, endpoint?.tls === true ? alert.accessDenied : null)
  }

  try {
    const preface = await readProxyHeader(accepted, limits.headerMs)
    if (preface.state === 'closed') throw new Refusal('CLOSED', `closed after ${preface.bytes} bytes of a PROXY header`)
    if (preface.state === 'refused') throw new Refusal('PROXY_HEADER', preface.reason)
    if (preface.header.command === 'LOCAL')
      throw new Refusal('HEALTH_CHECK', 'a load balancer looked whether we are there')
    believe(preface.bytes)
    source = preface.header.source && hostPort(preface.header.source.host, preface.header.source.port)

    arrival = { gatewayPort: parts.gatewayPort, link: preface.header.link, sni: 'unread' }
    let admitted = admitNow(arrival)
    enter(admitted)
    let serverName: string | null = null
    if (admitted.endpoint.tls) {
      serverName = await startTls(admitted)
      arrival = { ...arrival, sni: { name: serverName } }
      admitted = admitNow(arrival)
    }
    const { onread, join } = parts.method.prepare()
    const member = await parts.dial({
      hostPort: admitted.member.hostPort,
      tls: admitted.cluster.cluster.tls,
      timeoutMs: limits.dialMs,
      onread,
    })
    try {
      admitted = admitNow(arrival)
    } catch (refusal) {
      member.destroy()
      throw refusal
    }
    joinTo(admitted, member, join, serverName)
  } catch (error) {
    refused(error)
  }

  function believe(header: Buffer): void {
    const peer = (accepted.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
    if (peer !== '' && parts.trusted.check(peer, isIPv6(peer) ? 'ipv6' : 'ipv4')) return
    if (parts.proof === null) throw new Refusal('UNTRUSTED_SOURCE', `${peer} is in no trusted range`)
    const proof = checkProof(parts.proof.key, header, clock.now())
    if (!proof.ok) throw new Refusal('UNTRUSTED_SOURCE', `${peer} is in no trusted range, and ${proof.reason}`)
    if (!parts.proof.memory.firstUse(proof, clock.now()))
      throw new Refusal('REPLAYED_PROOF', 'the proof was used before')
  }

  function enter({ endpoint: { id, tls, cloudEndpointId } }: Admitted): void {
    if (register.enter(open, id) <= limits.connectionsPerEndpoint) return
    const sentence = `endpoint ${cloudEndpointId} has ${limits.connectionsPerEndpoint} connections, as many as it may`
    throw new Refusal('TOO_MANY_CONNECTIONS', sentence, tls ? alert.accessDenied : null)
  }

  async function startTls(admitted: Admitted): Promise<string | null> {
    const { id } = admitted.endpoint
    const { certificateFor } = parts
    if (certificateFor === null)
      throw new Refusal('NO_CERTIFICATE', 'this gateway has no certificates', alert.accessDenied)
    const secured = await secure(accepted, {
      unnamed: admitted.endpoint.byAddress ? certificateFor(null, id) : null,
      named(name) {
        if (!admitted.endpoint.names.includes(name)) {
          return { refused: `${JSON.stringify(name)} is not a name of endpoint ${admitted.endpoint.cloudEndpointId}` }
        }
        const context = certificateFor(name, id)
        return context === null ? { refused: `there is no certificate for ${name}` } : { context }
      },
      timeoutMs: limits.tlsMs,
    })
    if (secured.state === 'failed') throw new Refusal(secured.code, secured.reason)
    client = secured.socket
    client.on('error', () => {})
    return secured.serverName?.toLowerCase() ?? null
  }

  function joinTo(
    admitted: Admitted,
    member: Socket,
    join: ReturnType<JoinMethod['prepare']>['join'],
    name: string | null,
  ) {
    const exchange = createExchange({
      names: () => namesNow(admitted, name),
      leftOut: (members) => log.debug({ ...facts(), members }, 'members left out of an answer to hello'),
    })
    const memberPort = member.localPort ?? null
    const firstMessage = setTimeout(() => {
      if (exchange.count() > 0) return
      const reason = `no message within ${limits.firstMessageMs} ms`
      open.end({ side: 'client', code: 'NO_FIRST_MESSAGE', reason })
    }, limits.firstMessageMs).unref()

    const joined = join({
      client,
      member,
      exchange,
      idleMs: limits.idleMs,
      halfOpenMs: limits.halfOpenMs,
      replied: () => {
        if (draining !== null && exchange.quiet()) open.end(draining)
      },
      ended(end) {
        clearTimeout(firstMessage)
        finished(end, view(admitted, joined, exchange), exchange)
      },
    })
    stop = joined.stop
    quiet = exchange.quiet
    live = () => view(admitted, joined, exchange)
    register.admitted()
    const { memberId, clusterId } = live()
    log.info({ ...facts(), memberId, clusterId, memberPort }, 'connection started')
    if (draining !== null && exchange.quiet()) open.end(draining)
  }

  function namesNow(admitted: Admitted, name: string | null) {
    const index = register.index()
    const newest = index !== null && arrival !== null ? admit(index, arrival) : null
    return namesFor(
      ...(newest?.admit
        ? ([newest.endpoint, newest.cluster] as const)
        : ([admitted.endpoint, admitted.cluster] as const)),
      name,
    )
  }

  function view({ endpoint, member, cluster }: Admitted, joined: Joined, exchange: Exchange): LiveConnection {
    const { fromClient, fromMember } = joined.bytes()
    const info = exchange.client()
    return {
      id: parts.id,
      endpointId: endpoint.id,
      cloudEndpointId: endpoint.cloudEndpointId,
      clusterId: cluster.cluster.id,
      memberId: member.id,
      source,
      gatewayPort: parts.gatewayPort,
      startedAt,
      driver: info?.driver ?? null,
      appName: info?.appName ?? null,
      bytesFromClient: fromClient,
      bytesFromMember: fromMember,
    }
  }

  function finished(end: ConnectionEnd, last: LiveConnection, exchange: Exchange): void {
    register.over(open)
    register.ended(end.side, { ...last, hellos: exchange.hellos() })
    const { memberId, clusterId, driver, appName, bytesFromClient, bytesFromMember } = last
    const line = {
      ...facts(),
      memberId,
      clusterId,
      driver,
      appName,
      bytesFromClient,
      bytesFromMember,
      durationMs: clock.now() - startedAt,
      side: end.side,
      code: end.code,
      reason: end.reason,
    }
    if (end.code === 'DEFECT') log.error(line, 'connection ended')
    else log.info(line, 'connection ended')
  }

  function refused(error: unknown): void {
    register.over(open)
    const known = error instanceof Refusal || error instanceof DialError
    const code = ended?.code ?? (known ? error.code : 'DEFECT')
    const reason = ended?.reason ?? (error instanceof Error ? error.message : String(error))
    const side = ended?.side ?? (error instanceof DialError ? 'member' : known ? 'client' : 'gateway')
    refuse(client, error instanceof Refusal ? error.tlsAlert : null)
    const line = { ...facts(), durationMs: clock.now() - startedAt, side, code, reason }
    if (code === 'HEALTH_CHECK' || code === 'CLOSED') {
      log.debug(line, 'connection closed before it began')
      return
    }
    register.refused(code)
    if (known) log.warn(line, 'connection refused')
    else log.error({ ...line, stack: error instanceof Error ? error.stack : undefined }, 'connection refused')
  }
}

const hostPort = (host: string | undefined, port: number | undefined): string | null =>
  host === undefined || port === undefined ? null : `${host.includes(':') ? `[${host}]` : host}:${port}`
