// The gateway with several workers (docs/decisions/0026-workers.md): the same to whoever holds it. This process, the primary,
// listens, hands each client's socket unread to the worker that has fewest, and counts for all of them: places of endpoints,
// used proofs, connections. What is promised of a gateway is so once each worker has confirmed it, or is gone.

import type { Socket } from 'node:net'
import type { LogLevel } from '@postern/contract/environment'
import type { GatewaySnapshot, Numbered } from '@postern/contract/snapshot'
import type { Clock } from '../../clock.ts'
import { type ListenersFile, noListeners } from '../../listeners-file.ts'
import { createProofMemory } from '../../proxy-protocol/proof.ts'
import { indexSnapshot, type SnapshotIndex } from '../admit.ts'
import { connectionsFor } from '../descriptors.ts'
import { createFloodLines } from '../flood-lines.ts'
import { defaultLimits, type Gateway, type GatewayParts, numbering } from '../gateway.ts'
import type { RelayWish } from '../join/open-relay.ts'
import { listen } from '../listener.ts'
import { type OwnSockets, ownSockets, portOf, socketKey } from '../own-listeners.ts'
import { createPlaces } from '../places.ts'
import { createPorts } from '../ports.ts'
import { whoseDoor } from '../refusals.ts'
import { refuseStale } from '../register.ts'
import { createTally, keptOf, statsOf } from '../tally.ts'
import type { ShownCertificate } from '../upstream.ts'
import type { MarkedPair, PairAsked, Taking, WorkerStart } from './calls.ts'
import { type Client, createHand, type Hand, type Hired } from './hand.ts'
import { closedFor, keepingNamesOf, type Ledger, together } from './ledger.ts'
import { mergedAnswer } from './merged.ts'

export interface CrewParts
  extends Pick<
    GatewayParts,
    'host' | 'trustedProxies' | 'own' | 'proofKey' | 'randomBytes' | 'log' | 'limits' | 'descriptors'
  > {
  readonly workers: number
  readonly hire: () => Hired
  /** Whether workers are to use the relay. */
  readonly relay: RelayWish
  readonly logLevel: LogLevel
  readonly clock: Clock
  /** What is shown to clients of an endpoint; null: this gateway speaks no TLS. */
  readonly pairFor: ((endpointId: string) => ShownCertificate | null) | null
  /** What is shown to members. */
  readonly shown: () => ShownCertificate | null
}

/** Who lived for less is started again later and later, in ms. */
const shortLifeMs = 10_000
const firstPauseMs = 100
const longestPauseMs = 5_000

/** Accepted and not sent to a worker yet, in all. */
const mostUnsent = 1_000

/** Rejects with an Error when not all workers can be started. Throws RangeError for a trusted range that is no CIDR. */
export async function createCrew(parts: CrewParts): Promise<Gateway> {
  const { clock, log } = parts
  const limits = { ...defaultLimits, ...parts.limits }
  const places = createPlaces(clock.now, limits)
  const proofs = createProofMemory()
  const tally = createTally()
  const flood = createFloodLines(log)
  const pairOf = markedPairs((of) => (of === null ? parts.shown() : (parts.pairFor?.(of) ?? null)))
  const nextId = numbering(parts.randomBytes)
  const { descriptors = { limit: null, each: 0 } } = parts
  const hands = new Set<Hand>()
  const starts = Array.from({ length: parts.workers }, () => 0)
  /** While there is no worker; with what cancels the end of their patience. */
  const waiting = new Map<Client, () => void>()
  /** Workers that are gone, with what cancels their next start. */
  const restarts = new Map<number, () => void>()
  let past: Pick<Ledger, 'counts' | 'refusals'> = { counts: [], refusals: [] } // of workers that are gone
  let accepted = 0
  let file = parts.own ?? noListeners
  let held: {
    readonly epoch: string
    readonly n: number
    readonly body: GatewaySnapshot
    readonly json: string
  } | null = null
  let index: SnapshotIndex | null = null
  let own: OwnSockets = { sockets: new Map(), failed: [], endpointIds: [] }
  let confirmedAt: number | null = null
  let closed = false

  const size = (): number => [...hands].reduce((sum, hand) => sum + hand.load(), waiting.size)
  const unsent = (): number => [...hands].reduce((sum, hand) => sum + hand.queued(), waiting.size)

  const ports = createPorts({
    host: parts.host,
    listen: (at) => listen({ ...at, unread: true }, (socket) => arrive(socket, at)),
    index: () => index,
    own: () => own,
    arrived() {}, // to `arrive` instead
  })

  const arrive = (socket: Socket, at: { readonly host: string; readonly port: number }): void => {
    const room = Math.min(limits.connections, connectionsFor(descriptors, ports.count()))
    // each holds a descriptor, of which a worker's start takes some
    const unsentRoom = Math.min(mostUnsent, connectionsFor({ limit: descriptors.limit, each: 2 }, ports.count()))
    if (size() >= room || unsent() >= unsentRoom) {
      const most = size() >= room ? { connections: room } : { unsent: unsentRoom }
      refuse(socket, socketKey(at), { gatewayPort: at.port, ...most }, 'connection refused: the gateway is full')
      return
    }
    accepted += 1
    socket.on('error', () => {})
    handOut([{ socket, at: { door: socketKey(at), id: nextId() } }])
  }

  const refuse = (socket: Socket, door: string, facts: object, sentence: string): void => {
    const doors = own.sockets.get(door)?.doors
    const port = portOf(door)
    tally.refused({
      code: 'GATEWAY_FULL',
      what: 'connection',
      whose: whoseDoor(index, { port, ...(doors && { ownDoors: () => doors }) }),
      lastAt: clock.now(),
      lastConnection: null,
      lastPort: port,
      lastFrom: socket.remoteAddress ?? null,
    })
    flood(sentence, facts, sentence)
    socket.destroy()
  }

  const handOut = (clients: readonly Client[]): void => {
    for (const client of clients) {
      const hand = fewest(hands)
      if (hand === null)
        waiting.set(
          client,
          clock.after(limits.headerMs, () => waitedInVain(client)),
        )
      else hand.give(client)
    }
  }

  const waitedInVain = (client: Client): void => {
    waiting.delete(client)
    const facts = { connection: client.at.id, waitedMs: limits.headerMs }
    refuse(client.socket, client.at.door, facts, 'connection refused: the gateway has no worker')
  }

  const waited = (): readonly Client[] => {
    const clients = [...waiting.keys()]
    for (const cancel of waiting.values()) cancel()
    waiting.clear()
    return clients
  }

  const taking = (): Taking | null => held && { epoch: held.epoch, n: held.n, json: held.json }

  const startOf = (worker: number): WorkerStart => ({
    worker,
    host: parts.host,
    trustedProxies: parts.trustedProxies,
    file,
    proofKey: parts.proofKey?.toString('hex') ?? null,
    speaksTls: parts.pairFor !== null,
    limits,
    relay: parts.relay,
    turns: { of: parts.workers, mine: worker - 1 },
    logLevel: parts.logLevel,
  })

  /** Starts this worker, and whenever it is gone again; `failures`: short lives in a row. Rejects when it does not start. */
  const man = async (worker: number, failures: number): Promise<void> => {
    const hired = parts.hire()
    const hand = createHand({ worker, hired, places, proofs, pairOf, clock, log })
    const startedAt = clock.now()
    hands.add(hand)
    starts[worker - 1] = (starts[worker - 1] ?? 0) + 1
    void hand.gone.then((why) => {
      hands.delete(hand)
      const left = hand.left()
      const connections = hand.load()
      past = together([past, closedFor(hand.ledger())])
      if (closed) {
        for (const { socket } of left) socket.destroy()
        return
      }
      handOut(left)
      log.error(
        { worker, why, connections },
        'a worker of the gateway is gone, and its connections with it; it is started again',
      )
      const lived = clock.now() - startedAt
      const again = lived < shortLifeMs ? failures + 1 : 0
      const pause = again === 0 ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (again - 1))
      const restart = (): void => {
        restarts.delete(worker)
        man(worker, again).catch(() => {}) // it is gone then, and that is told above
      }
      restarts.set(worker, clock.after(pause, restart))
    })
    await hand.start(startOf(worker), { taking: taking(), confirmedAt })
    handOut(waited())
    log.debug({ worker, join: hand.join() }, 'a worker of the gateway is there')
  }

  const noMoreStarts = (): void => {
    closed = true
    for (const cancel of restarts.values()) cancel()
  }

  try {
    await Promise.all(starts.map((_, at) => man(at + 1, 0)))
  } catch (error) {
    noMoreStarts()
    for (const hand of hands) hand.kill()
    await Promise.all([...hands].map(({ gone }) => gone))
    throw new Error(`a worker of the gateway could not be started: ${(error as Error).message}`)
  }

  const counted = (): Pick<Ledger, 'counts' | 'refusals'> =>
    together([past, { counts: [], refusals: tally.refusals() }, ...[...hands].map((hand) => hand.ledger())])

  return {
    async take({ epoch, n, body }: Numbered<GatewaySnapshot>) {
      refuseStale(held, { epoch, n })
      const isNew = held?.body !== body
      held = { epoch, n, body, json: isNew || held === null ? JSON.stringify(body) : held.json }
      if (isNew) index = indexSnapshot(body)
      own = ownSockets(file.listeners, body)
      const json = isNew ? held.json : null
      await Promise.all([...hands].map((hand) => hand.take({ epoch, n, json })))
      const kept = keptOf(body)
      places.keep(kept.endpointIds)
      tally.keep(kept)
      past = keepingNamesOf(kept, past)
      return ports.follow()
    },
    confirmed(agoMs = 0) {
      confirmedAt = clock.now() - agoMs
      for (const hand of hands) hand.confirmed(confirmedAt)
    },
    listenAs(next: ListenersFile) {
      file = next
      if (held !== null) own = ownSockets(file.listeners, held.body)
      for (const hand of hands) hand.listenAs(file)
    },
    held: () => held && { epoch: held.epoch, n: held.n },
    async answer(question) {
      const all = { ...question, from: 0, limit: question.from + question.limit }
      const answers = await Promise.all([...hands].map((hand) => hand.answer(all)))
      return mergedAnswer(question, {
        answers: answers.filter((answer) => answer !== null),
        refusals: counted().refusals,
        limits: {
          connections: limits.connections,
          connectionsPerEndpoint: limits.connectionsPerEndpoint,
          newPerSecondPerEndpoint: limits.newPerSecond,
        },
      })
    },
    stats: () =>
      statsOf({ ...counted(), accepted, open: size(), join: [...hands].find((hand) => hand.isReady())?.join() ?? '' }),
    counts: () => counted().counts,
    refusals: () => counted().refusals,
    workers: () =>
      [...hands].flatMap((hand) => {
        const { worker } = hand
        const known = { worker, connections: hand.load(), starts: starts[worker - 1] ?? 0 }
        return hand.isReady() ? [{ ...known, ...hand.ledger().usage }] : []
      }),
    async close(drainMs) {
      noMoreStarts()
      await ports.close()
      for (const { socket } of waited()) socket.destroy()
      await Promise.all([...hands].map((hand) => hand.close(drainMs)))
    },
  }
}

/** Of equals the one that was started first. */
function fewest(hands: Iterable<Hand>): Hand | null {
  let found: Hand | null = null
  for (const hand of hands) if (hand.isReady() && (found === null || hand.load() < found.load())) found = hand
  return found
}

/** A pair that a worker has already is not sent again. */
function markedPairs(
  find: (of: string | null) => ShownCertificate | null,
): (asked: PairAsked) => MarkedPair | 'same' | null {
  const marks = new WeakMap<ShownCertificate, number>()
  let last = 0
  return ({ of, have }) => {
    const pair = find(of)
    if (pair === null) return null
    const mark = marks.get(pair) ?? ++last
    marks.set(pair, mark)
    return mark === have ? 'same' : { cert: pair.cert, key: pair.key, mark }
  }
}
