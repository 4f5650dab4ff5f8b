// The gateway: TCP ports, one per (endpoint service, member), that let the clients of AVAILABLE private endpoints in
// and give them the endpoint's names. It knows nothing but the snapshot it was handed: `take` is how it learns, and
// what it answers is what the control plane may call AVAILABLE. The life of a connection is in connection.ts.

import { BlockList, isIP, isIPv6 } from 'node:net'
import type { SecureContext } from 'node:tls'
import type { EdgeAnswer, EdgeQuestion } from '@postern/contract/edge-question'
import type { GatewaySnapshot, Numbered } from '@postern/contract/snapshot'
import type { Logger } from 'pino'
import { createProofMemory } from '../proxy-protocol/proof.ts'
import { notUnderstood } from './admit.ts'
import { type ConnectionLimits, serveConnection } from './connection.ts'
import { onreadJoin } from './join/onread.ts'
import { type Listening, listen } from './listener.ts'
import { answerQuestion } from './live.ts'
import { createRegister, type GatewayStats, type JoinedConnection } from './register.ts'
import type { Count, RefusalCount } from './tally.ts'
import { createRefusalProbe, type Dial } from './upstream.ts'

interface GatewayLimits extends ConnectionLimits {
  /** Connections that work, of one endpoint that has no limit of its own; and those that only watch, of any endpoint. */
  readonly connectionsPerEndpoint: number
  /** New ones of any endpoint a second, whatever they do, after a burst of as many as it may have open; 0: any number. */
  readonly newPerSecond: number
  /** Connections in all; more are closed unread. */
  readonly connections: number
}

const defaultLimits: GatewayLimits = {
  headerMs: 5_000,
  tlsMs: 10_000,
  dialMs: 10_000,
  firstMessageMs: 10_000,
  idleMs: 3_600_000,
  halfOpenMs: 10_000,
  lingerMs: 500,
  connectionsPerEndpoint: 5_000,
  newPerSecond: 1_000,
  connections: 20_000,
}

/** How long a member may take to accept or refuse before it is taken to be there, in ms. */
const probeMs = 1_000

export interface GatewayParts {
  /** Where to listen; 127.0.0.1 unless asked for by name. */
  readonly host: string
  /** CIDRs from which PROXY headers are believed; none by default. */
  readonly trustedProxies: readonly string[]
  /** The key of the forwarder's proof (proof.ts); null: no proof is believed. */
  readonly proofKey: Buffer | null
  /** A server name (null: the client sent none) and endpoint to its certificate; null: this gateway speaks no TLS. */
  readonly certificateFor: ((serverName: string | null, endpointId: string) => SecureContext | null) | null
  readonly clock: { now(): number }
  /** Cryptographic random bytes. */
  readonly randomBytes: (size: number) => Buffer
  readonly log: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>
  readonly limits?: Partial<GatewayLimits>
  readonly dial: Dial
}

interface TakeResult {
  /** Gateway ports that are bound, as text. */
  readonly bound: string[]
  readonly failed: { readonly id: string; readonly reason: string }[]
}

export interface Gateway {
  /**
   * Takes a snapshot over: whom it no longer admits is cut off before this returns; the promise resolves when its ports
   * are bound and those of nobody closed. Taking the same number again tries the failed ports again.
   * Rejects with StaleSnapshotError when a newer one of that epoch is held.
   */
  take(snapshot: Numbered<GatewaySnapshot>): Promise<TakeResult>
  held(): { readonly epoch: string; readonly n: number } | null
  connections(): readonly JoinedConnection[]
  /** About its live connections; a kill is done when this returns. */
  answer(question: EdgeQuestion): EdgeAnswer
  stats(): GatewayStats
  /** By endpoint and member, since the start. */
  counts(): readonly Readonly<Count>[]
  refusals(): readonly Readonly<RefusalCount>[]
  /** Stops listening, lets what is on its way end for up to `drainMs`, then cuts the rest. */
  close(drainMs: number): Promise<void>
}

/** Throws RangeError for a trusted range that is no CIDR. */
export function createGateway(parts: GatewayParts): Gateway {
  const limits: GatewayLimits = { ...defaultLimits, ...parts.limits }
  const trusted = trustedRanges(parts.trustedProxies)
  const proof = parts.proofKey === null ? null : { key: parts.proofKey, memory: createProofMemory() }
  const register = createRegister({ join: onreadJoin.name, now: parts.clock.now, limits })
  const listening = new Map<number, Listening>()
  const { dial } = parts
  const refuses = createRefusalProbe(dial, probeMs)
  const connectionId = numbering(parts.randomBytes)
  let closed = false
  let turn: Promise<unknown> = Promise.resolve()

  const bind = async (port: number): Promise<void> => {
    const opened = await listen({ host: parts.host, port }, (socket) => {
      if (register.size() >= limits.connections) {
        register.refused('GATEWAY_FULL', null)
        parts.log.warn(
          { gatewayPort: port, connections: limits.connections },
          'connection refused: the gateway is full',
        )
        socket.destroy()
        return
      }
      void serveConnection(socket, {
        id: connectionId(),
        gatewayPort: port,
        trusted,
        proof,
        certificateFor: parts.certificateFor,
        clock: parts.clock,
        log: parts.log,
        limits,
        register,
        method: onreadJoin,
        dial,
        refuses,
      })
    })
    if (closed) opened.close()
    else listening.set(port, opened)
  }

  /** Makes the bound ports those of the newest snapshot, whichever that is by now. */
  const follow = async (): Promise<TakeResult> => {
    const wanted = new Set(closed ? [] : register.index()?.listeners.keys())
    for (const [port, opened] of listening) {
      if (wanted.has(port)) continue
      opened.close()
      listening.delete(port)
    }
    const index = register.index()
    const failed = index === null ? [] : [...notUnderstood(index)]
    const missing = [...wanted].filter((port) => !listening.has(port))
    await Promise.all(
      missing.map((port) =>
        bind(port).catch((error: NodeJS.ErrnoException) => {
          // logged by whoever took the snapshot, and once: this is tried every second
          failed.push({ id: String(port), reason: whyNotBound(parts.host, port, error) })
        }),
      ),
    )
    return { bound: [...listening.keys()].map(String), failed }
  }

  return {
    async take(snapshot) {
      register.hold(snapshot)
      const done = turn.then(follow)
      turn = done
      return done
    },
    held: register.held,
    connections: register.connections,
    answer: (question) =>
      answerQuestion(question, {
        open: register.open(),
        refusals: register.refusals(),
        limits: {
          connections: limits.connections,
          connectionsPerEndpoint: limits.connectionsPerEndpoint,
          newPerSecondPerEndpoint: limits.newPerSecond,
        },
      }),
    stats: register.stats,
    counts: register.counts,
    refusals: register.refusals,

    async close(drainMs) {
      closed = true
      await turn.then(follow)
      const end = { side: 'gateway', code: 'SHUTDOWN', reason: 'the gateway is shutting down' } as const
      for (const connection of register.open()) connection.drain(end)
      const rest = setTimeout(() => {
        for (const connection of register.open()) connection.end(end)
      }, drainMs)
      await register.empty()
      clearTimeout(rest)
    },
  }
}

/** Ids of 24 hex digits: the first half is this gateway's own, the rest counts up. */
function numbering(randomBytes: GatewayParts['randomBytes']): () => string {
  const own = randomBytes(6).toString('hex')
  let last = 0
  return () => own + (++last).toString(16).padStart(12, '0')
}

function whyNotBound(host: string, port: number, { code, message }: NodeJS.ErrnoException): string {
  const place = `${host} port ${port}`
  if (code === 'EADDRINUSE') {
    return `${place} is in use by another program; stop it and it is bound within seconds (who: ss -ltnp "sport = :${port}")`
  }
  if (code === 'EADDRNOTAVAIL')
    return `${host} is no address of this machine; give the gateway another one to listen on`
  if (code === 'EACCES') return `${place} may not be bound by this user; give the gateway a range of ports from 1024`
  return `${place} cannot be bound: ${code ?? message}`
}

function trustedRanges(cidrs: readonly string[]): BlockList {
  const ranges = new BlockList()
  for (const cidr of cidrs) {
    const [address = '', bits, rest] = cidr.split('/')
    const prefix = bits === undefined ? (isIPv6(address) ? 128 : 32) : Number(bits)
    const sound = isIP(address) !== 0 && rest === undefined && Number.isInteger(prefix) && bits !== ''
    if (!sound || prefix < 0 || prefix > (isIPv6(address) ? 128 : 32)) throw new RangeError(`${cidr} is no CIDR`)
    ranges.addSubnet(address, prefix, isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return ranges
}
