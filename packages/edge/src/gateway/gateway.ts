// The gateway: TCP ports, one per (endpoint service, member), that let the clients of AVAILABLE private endpoints in, and ports
// of standard listeners, which let in whoever comes from an address of the project's access list,
// and give them the endpoint's names. It knows nothing but the snapshot it was handed: `take` is how it learns, and
// what it answers is what the control plane may call AVAILABLE. The life of a connection is in connection.ts.

import type { EdgeAnswer, EdgeQuestion } from '@postern/contract/edge-question'
import type { GatewaySnapshot, Numbered } from '@postern/contract/snapshot'
import type { Logger } from 'pino'
import type { CertificateFor } from '../certificates/certificates.ts'
import { type ListenersFile, noListeners } from '../listeners-file.ts'
import { createProofMemory, type UsedProofs } from '../proxy-protocol/proof.ts'
import { type ConnectionLimits, type ConnectionParts, serveConnection } from './connection.ts'
import { connectionsFor, type Descriptors } from './descriptors.ts'
import { createFloodLines } from './flood-lines.ts'
import type { JoinMethod } from './join/join.ts'
import { onreadJoin } from './join/onread.ts'
import { type Listen, listen } from './listener.ts'
import { answerQuestion } from './live.ts'
import { type OwnSockets, ownSockets } from './own-listeners.ts'
import { createPlaces, type Places } from './places.ts'
import { type Arriving, createPorts, type TakeResult } from './ports.ts'
import type { RefusalCount } from './refusals.ts'
import { createRegister, type GatewayStats, type JoinedConnection } from './register.ts'
import { endAll, type Turns } from './shutdown.ts'
import { createSpread } from './spread.ts'
import type { Count } from './tally.ts'
import { type Trusted, trustedFrom } from './trusted.ts'
import { createRefusalProbe, type Dial } from './upstream.ts'
import { createWaitingRoom } from './waiting-room.ts'

interface GatewayLimits extends ConnectionLimits {
  /** Connections that work, of one endpoint that has no limit of its own; and those that only watch, of any endpoint. */
  readonly connectionsPerEndpoint: number
  /** New ones of any endpoint a second, whatever they do, after a burst of as many as it may have open; 0: any number. */
  readonly newPerSecond: number
  /** Connections in all; more are closed unread. */
  readonly connections: number
}

export const defaultLimits: GatewayLimits = {
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

/** How often it is looked whether the snapshot has become too old for somebody, or an access list's entry has ended, in ms. */
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
  /** Where it is one worker of a crew: sockets that others accepted, what is counted for all of them, and its turns at the end. */
  readonly shared?: {
    readonly listen: Listen
    readonly places: Places
    readonly proofs: UsedProofs
    readonly turns: Turns
    /** Called when a connection is over, whatever became of it. */
    readonly left: () => void
  }
}

export interface WorkerUsage {
  /** From 1. */
  readonly worker: number
  /** Accepted for it and not over yet, joined or not. */
  readonly connections: number
  /** How often it was started. */
  readonly starts: number
  readonly cpuSeconds: number
  readonly residentBytes: number
}

export interface Gateway {
  /**
   * Takes a snapshot over: whom it no longer admits is cut off before the promise resolves (in one process, before this returns),
   * its ports are bound and those of nobody closed. Taking the same number again tries the failed ports again.
   * Rejects with StaleSnapshotError when a newer one of that epoch is held.
   */
  take(snapshot: Numbered<GatewaySnapshot>): Promise<TakeResult>
  /** The control plane said, so many milliseconds ago (0), that the snapshot which is held is the newest. */
  confirmed(agoMs?: number): void
  /**
   * What the file of listeners says from now on: whoever came in as it no longer says is cut off, and ports follow, before the
   * next `take` resolves.
   */
  listenAs(file: ListenersFile): void
  held(): { readonly epoch: string; readonly n: number } | null
  /** About its live connections; a kill is done when the answer is there. */
  answer(question: EdgeQuestion): EdgeAnswer | Promise<EdgeAnswer>
  stats(): GatewayStats
  /** Where there are several: those that may be given connections. */
  workers?(): readonly WorkerUsage[]
  /** By endpoint and member, since the start. */
  counts(): readonly Readonly<Count>[]
  refusals(): readonly Readonly<RefusalCount>[]
  /** Stops listening, tells drivers to look elsewhere, lets what is on its way end for up to `drainMs`, cuts the rest. */
  close(drainMs: number): Promise<void>
}

/** A gateway in this process. */
export interface LocalGateway extends Gateway {
  connections(): readonly JoinedConnection[]
  /** Lists of a summary are cut after `longest`. */
  answer(question: EdgeQuestion, longest?: number): EdgeAnswer
  size(): number
}

/** Throws RangeError for a trusted range that is no CIDR. */
export function createGateway(parts: GatewayParts): LocalGateway {
  const limits: GatewayLimits = { ...defaultLimits, ...parts.limits }
  const trustedAs = ({ tlvs, proxies: services }: ListenersFile): Trusted =>
    trustedFrom({ ranges: parts.trustedProxies, services, tlvs })
  let file = parts.own ?? noListeners
  let trusted = trustedAs(file)
  const { clock, shared } = parts
  const proof = parts.proofKey === null ? null : { key: parts.proofKey, memory: shared?.proofs ?? createProofMemory() }
  const method = parts.method ?? onreadJoin
  const places = shared?.places ?? createPlaces(clock.now, limits)
  const register = createRegister({ join: method.name, now: clock.now, places, left: shared?.left })
  /** By `socketKey`, of the newest snapshot: who enters by a socket that is open already may change. */
  let own: OwnSockets = { sockets: new Map(), failed: [], endpointIds: [] }
  let body: GatewaySnapshot | null = null // the newest
  const { dial, descriptors = { limit: null, each: 2 } } = parts
  const refuses = createRefusalProbe(dial, probeMs)
  const spread = createSpread(parts.clock.now)
  const connectionId = numbering(parts.randomBytes)
  const aging = setInterval(register.endAged, agingMs).unref()

  const tellAgain = (): void => {
    for (const connection of register.open()) connection.tellAgain()
  }

  const ports = createPorts({
    host: parts.host,
    listen: shared?.listen ?? listen,
    index: register.index,
    own: () => own,
    arrived: (arriving) => serve(arriving),
  })

  const flood = createFloodLines(parts.log)
  const room = (): number => connectionsFor(descriptors, ports.count() + (method.descriptors ?? 0))
  const ofWorker = limits.connections / (shared?.turns.of ?? 1)
  const waiting = createWaitingRoom(() => Math.min(ofWorker, room()))

  const connectionParts: ConnectionParts = {
    trusted: () => trusted,
    proof,
    waiting,
    flood,
    certificateFor: parts.certificateFor,
    clock: parts.clock,
    log: parts.log,
    limits,
    register,
    method,
    dial,
    spread,
    refuses,
  }

  const serve = ({ socket, port, ownDoors, id }: Arriving): void => {
    const most = room()
    if (register.size() >= Math.min(limits.connections, most)) {
      const full =
        most < limits.connections
          ? { connections: most, descriptors: descriptors.limit }
          : { connections: limits.connections }
      register.refused({
        code: 'GATEWAY_FULL',
        what: 'connection',
        whose: register.whose({ port, ...(ownDoors && { ownDoors }) }),
        lastConnection: null,
        lastPort: port,
        lastFrom: socket.remoteAddress ?? null,
      })
      flood('GATEWAY_FULL', { gatewayPort: port, ...full }, 'connection refused: the gateway is full')
      socket.destroy()
      shared?.left()
      return
    }
    void serveConnection({ socket, port, ...(ownDoors && { ownDoors }), id: id ?? connectionId() }, connectionParts)
  }

  return {
    async take(snapshot) {
      register.hold(snapshot)
      body = snapshot.body
      own = ownSockets(file.listeners, body)
      const done = ports.follow()
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
    size: register.size,
    answer: (question, longest) =>
      answerQuestion(question, {
        longest,
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
      clearInterval(aging)
      await ports.close()
      await endAll(register, drainMs, shared?.turns)
    },
  }
}

/** Ids of 24 hex digits: the first half is this gateway's own, the rest counts up. */
export function numbering(randomBytes: GatewayParts['randomBytes']): () => string {
  const own = randomBytes(6).toString('hex')
  let last = 0
  return () => own + (++last).toString(16).padStart(12, '0')
}
