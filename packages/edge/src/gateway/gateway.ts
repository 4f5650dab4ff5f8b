// The gateway: TCP ports, one per (endpoint service, member), that let the clients of AVAILABLE private endpoints in
// and give them the endpoint's names. It knows nothing but the snapshot it was handed: `take` is how it learns, and
// what it answers is what the control plane may call AVAILABLE. The life of a connection is in connection.ts.

import type { Socket } from 'node:net'
import type { EdgeAnswer, EdgeQuestion } from '@postern/contract/edge-question'
import type { GatewaySnapshot, Numbered } from '@postern/contract/snapshot'
import type { Logger } from 'pino'
import type { CertificateFor } from '../certificates/certificates.ts'
import { type ListenersFile, noListeners } from '../listeners-file.ts'
import { createProofMemory } from '../proxy-protocol/proof.ts'
import { notUnderstood } from './admit.ts'
import { type ConnectionLimits, serveConnection } from './connection.ts'
import { connectionsFor, type Descriptors } from './descriptors.ts'
import type { JoinMethod } from './join/join.ts'
import { onreadJoin } from './join/onread.ts'
import { type Listening, listen } from './listener.ts'
import { answerQuestion } from './live.ts'
import { type OwnDoor, type OwnSocket, type OwnSockets, ownListenerId, ownSockets, socketKey } from './own-listeners.ts'
import { createRegister, type GatewayStats, type JoinedConnection } from './register.ts'
import { endAll } from './shutdown.ts'
import { createSpread } from './spread.ts'
import type { Count, RefusalCount } from './tally.ts'
import { type Trusted, trustedFrom } from './trusted.ts'
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

/** How often it is looked whether the snapshot has become too old for somebody, in ms. */
const agingMs = 1_000
/** From new ports to names that lead to them: who stands in front of the gateway may be later, and drivers dial at once. */
const tellAgainMs = 200

export interface GatewayParts {
  /** Where to listen; 127.0.0.1 unless asked for by name. */
  readonly host: string
  /** CIDRs from which PROXY headers are believed; none by default. */
  readonly trustedProxies: readonly string[]
  /** What a file says of listeners, to begin with; nothing by default. */
  readonly own?: ListenersFile
  /** The key of the forwarder's proof (proof.ts); null: no proof is believed. */
  readonly proofKey: Buffer | null
  /** Null: this gateway speaks no TLS. */
  readonly certificateFor: CertificateFor | null
  readonly clock: { now(): number }
  /** Cryptographic random bytes. */
  readonly randomBytes: (size: number) => Buffer
  readonly log: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>
  readonly limits?: Partial<GatewayLimits>
  /** By default it is not known how many there are. */
  readonly descriptors?: Descriptors
  readonly dial: Dial
  /** `onread` unless told. */
  readonly method?: JoinMethod
}

interface TakeResult {
  /** Gateway ports that are bound, as text, and `ownListenerId` of endpoints whose own listeners are. */
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
  /** The control plane said that the snapshot which is held is the newest. */
  confirmed(): void
  /**
   * What the file of listeners says from now on: whoever came in as it no longer says is cut off before this returns. Ports
   * follow with the next `take`.
   */
  listenAs(file: ListenersFile): void
  held(): { readonly epoch: string; readonly n: number } | null
  connections(): readonly JoinedConnection[]
  /** About its live connections; a kill is done when this returns. */
  answer(question: EdgeQuestion): EdgeAnswer
  stats(): GatewayStats
  /** By endpoint and member, since the start. */
  counts(): readonly Readonly<Count>[]
  refusals(): readonly Readonly<RefusalCount>[]
  /** Stops listening, tells drivers to look elsewhere, lets what is on its way end for up to `drainMs`, cuts the rest. */
  close(drainMs: number): Promise<void>
}

/** Throws RangeError for a trusted range that is no CIDR. */
export function createGateway(parts: GatewayParts): Gateway {
  const limits: GatewayLimits = { ...defaultLimits, ...parts.limits }
  const trustedAs = ({ tlvs, proxies: services }: ListenersFile): Trusted =>
    trustedFrom({ ranges: parts.trustedProxies, services, tlvs })
  let file = parts.own ?? noListeners
  let trusted = trustedAs(file)
  const proof = parts.proofKey === null ? null : { key: parts.proofKey, memory: createProofMemory() }
  const method = parts.method ?? onreadJoin
  const register = createRegister({ join: method.name, now: parts.clock.now, limits })
  const listening = new Map<number, Listening>()
  const ownListening = new Map<string, Listening>()
  /** By `socketKey`, of the newest snapshot: who enters by a socket that is open already may change. */
  let own: OwnSockets = { sockets: new Map(), failed: [], endpointIds: [] }
  let body: GatewaySnapshot | null = null // the newest
  const { dial, descriptors = { limit: null, each: 2 } } = parts
  const refuses = createRefusalProbe(dial, probeMs)
  const spread = createSpread(parts.clock.now)
  const connectionId = numbering(parts.randomBytes)
  const aging = setInterval(register.endAged, agingMs).unref()
  let closed = false
  let turn: Promise<unknown> = Promise.resolve()

  const tellAgain = (): void => {
    for (const connection of register.open()) connection.tellAgain()
  }

  const bind = (port: number): Promise<Listening> => listen({ host: parts.host, port }, (socket) => serve(socket, port))

  const bindOwn = (socket: OwnSocket): Promise<Listening> =>
    listen(socket, (accepted) => serve(accepted, socket.port, () => own.sockets.get(socketKey(socket))?.doors ?? []))

  const serve = (socket: Socket, port: number, ownDoors?: () => readonly OwnDoor[]): void => {
    const room = connectionsFor(descriptors, listening.size + ownListening.size + (method.descriptors ?? 0))
    if (register.size() >= Math.min(limits.connections, room)) {
      const full =
        room < limits.connections
          ? { connections: room, descriptors: descriptors.limit }
          : { connections: limits.connections }
      register.refused('GATEWAY_FULL', null, null)
      parts.log.warn({ gatewayPort: port, ...full }, 'connection refused: the gateway is full')
      socket.destroy()
      return
    }
    void serveConnection(socket, {
      id: connectionId(),
      gatewayPort: port,
      ...(ownDoors && { ownDoors }),
      trusted: () => trusted,
      proof,
      certificateFor: parts.certificateFor,
      clock: parts.clock,
      log: parts.log,
      limits,
      register,
      method,
      dial,
      spread,
      refuses,
    })
  }

  const keep = <Key>(open: Map<Key, Listening>, key: Key, opened: Listening): void => {
    if (closed) opened.close()
    else open.set(key, opened)
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
        bind(port).then(
          (opened) => keep(listening, port, opened),
          (error: NodeJS.ErrnoException) => {
            // logged by whoever took the snapshot, and once: this is tried every second
            failed.push({ id: String(port), reason: whyNotBound(parts.host, port, error) })
          },
        ),
      ),
    )
    const ownFailed = await followOwn()
    const unserved = new Set(ownFailed.map(({ id }) => id))
    const direct = own.endpointIds.filter((id) => !unserved.has(id)).map(ownListenerId)
    return { bound: [...[...listening.keys()].map(String), ...direct], failed: [...failed, ...ownFailed] }
  }

  /** The same for sockets that belong to endpoints. */
  const followOwn = async (): Promise<TakeResult['failed']> => {
    for (const [key, opened] of ownListening) {
      if (!closed && own.sockets.has(key)) continue
      opened.close()
      ownListening.delete(key)
    }
    const failed = [...own.failed]
    const missing = closed ? [] : [...own.sockets].filter(([key]) => !ownListening.has(key))
    await Promise.all(
      missing.map(([key, socket]) =>
        bindOwn(socket).then(
          (opened) => keep(ownListening, key, opened),
          (error: NodeJS.ErrnoException) => {
            const reason = whyNotBound(socket.host, socket.port, error)
            failed.push(...socket.endpointIds.map((id) => ({ id, reason })))
          },
        ),
      ),
    )
    return failed
  }

  return {
    async take(snapshot) {
      register.hold(snapshot)
      body = snapshot.body
      own = ownSockets(file.listeners, body)
      const done = turn.then(follow)
      turn = done
      void done.then(() => setTimeout(tellAgain, tellAgainMs).unref())
      return done
    },
    confirmed: register.confirmed,
    listenAs(next) {
      file = next
      trusted = trustedAs(file)
      if (body !== null) own = ownSockets(file.listeners, body)
      for (const connection of register.open()) connection.reexamine()
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
      clearInterval(aging)
      await turn.then(follow)
      await endAll(register, drainMs)
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
