// One worker as its primary knows it: how many connections it has, which places they hold, what it has counted. When it is
// gone, however it went, its places are given back.

import type { Socket } from 'node:net'
import type { EdgeAnswer, EdgeQuestion } from '@postern/contract/edge-question'
import type { Logger } from 'pino'
import type { Clock } from '../../clock.ts'
import type { ListenersFile } from '../../listeners-file.ts'
import type { ProofMemory } from '../../proxy-protocol/proof.ts'
import type { CountedPlaces, Standing } from '../places.ts'
import type { PrimaryCalls, Taking, WorkerCalls, WorkerStart } from './calls.ts'
import { emptyLedger, type Ledger } from './ledger.ts'
import { createTalk, type Line } from './talk.ts'

/** A process, or in a test the same one. */
export interface Hired {
  readonly line: Line
  /** `kill -9`. */
  kill(): void
  /** Lets it end by itself: nobody is there any more. */
  dismiss(): void
  /** Resolves with why, when it is gone. */
  readonly gone: Promise<string>
}

export interface Hand {
  readonly worker: number
  /** Connections that it was given and that are not over. */
  load(): number
  isReady(): boolean
  ledger(): Ledger
  join(): string
  /** Resolves when it may be given connections. Rejects where it does not come to that: then it is killed. */
  start(
    start: WorkerStart,
    news: { readonly taking: Taking | null; readonly confirmedAt: number | null },
  ): Promise<void>
  /**
   * Resolves when it has confirmed, or is gone: who does not confirm in time is killed. Who starts has nobody to cut off, and is not
   * waited for.
   */
  take(taking: Taking): Promise<void>
  /** When, in milliseconds since 1970. */
  confirmed(at: number): void
  listenAs(file: ListenersFile): void
  /** In its turn: one is on its way at a time, or what is said besides would wait behind them all. Who does not take it is killed. */
  give(client: Client): void
  /** Given, and not sent to it yet. */
  queued(): number
  /** Of one that is gone: those that it was not sent any more. */
  left(): readonly Client[]
  /** null: it has not begun or is gone, and has no connections. Rejects where it does not answer. */
  answer(question: EdgeQuestion): Promise<EdgeAnswer | null>
  /** Resolves when it is gone. */
  close(drainMs: number): Promise<void>
  kill(): void
  readonly gone: Promise<string>
}

/** Accepted, and unread. */
export interface Client {
  readonly socket: Socket
  readonly at: { readonly door: string; readonly id: string }
}

interface HandParts {
  readonly worker: number
  readonly hired: Hired
  /** One for all hands. */
  readonly places: CountedPlaces
  readonly proofs: ProofMemory
  readonly pairOf: PrimaryCalls['pair']
  readonly clock: Clock
  readonly log: Pick<Logger, 'error'>
}

/** How long it may take to confirm a snapshot, or to take a client, in ms: whoever is to be cut off there must not stay for longer. */
const confirmMs = 10_000
const answerMs = 5_000
const startMs = 20_000
/** Beyond the time to drain. */
const closeMs = 1_500
/** It says every second how much it has to do, or what it has counted. Who was silent for so many looks is killed; a primary that slept looks once. */
const lookMs = 5_000
const silentLooks = 3

export function createHand({ worker, hired, places, proofs, pairOf, clock, log }: HandParts): Hand {
  const held = new Map<string, Record<Standing, number>>()
  const queue: Client[] = []
  let given = 0 // sent
  let underWay: Socket | null = null // our descriptor of it stays until it has arrived
  let cancelWatch: () => void = () => {}
  let silent = 0 // looks since it said how much it has to do, or what it has counted
  let cancelLook: () => void = () => {}
  let known = { arrived: 0, open: 0 }
  let ledger = emptyLedger
  let join: string | null = null
  let isGone = false

  const took = (endpointId: string, as: Standing, by: 1 | -1): void => {
    const counts = held.get(endpointId) ?? { watching: 0, working: 0 }
    counts[as] += by
    if (counts.watching + counts.working === 0) held.delete(endpointId)
    else held.set(endpointId, counts)
  }

  // A process's end may be heard of before its last words, which then count no more: all that it held is given back.
  const line: Line = {
    send: hired.line.send,
    listen: (heard) =>
      hired.line.listen((message, socket) => {
        if (!isGone) heard(message, socket)
      }),
  }

  const talk = createTalk<WorkerCalls, PrimaryCalls>(line, {
    enter(endpoint: Parameters<CountedPlaces['enter']>[0]) {
      const against = places.enter(endpoint)
      if (against === null) took(endpoint.id, 'watching', 1)
      return against
    },
    begin(endpoint: Parameters<CountedPlaces['begin']>[0]) {
      const against = places.begin(endpoint)
      if (against === null) took(endpoint.id, 'working', 1)
      return against
    },
    leave({ endpointId, as }: { readonly endpointId: string; readonly as: Standing }) {
      places.leave(endpointId, as)
      took(endpointId, as, -1)
    },
    firstUse: (proof: Parameters<ProofMemory['firstUse']>[0]) => proofs.firstUse(proof, clock.now()),
    pair: pairOf,
    load(load: typeof known) {
      known = load
      silent = 0
      if (given > known.arrived) return
      landed()
      sendNext()
    },
    count(counted: Ledger) {
      ledger = counted
      silent = 0
    },
  })

  const gone = hired.gone.then((why) => {
    isGone = true
    landed()
    cancelLook()
    for (const [endpointId, counts] of held)
      for (const as of ['watching', 'working'] as const)
        for (let place = 0; place < counts[as]; place += 1) places.leave(endpointId, as)
    held.clear()
    talk.lost(new Error(`worker ${worker} is gone: ${why}`))
    return why
  })

  /** Nothing is on its way: there is another descriptor of it, or nobody who had one. */
  const landed = (): void => {
    cancelWatch()
    underWay?.destroy()
    underWay = null
  }

  const fail = (what: string, why: string): void => {
    if (isGone) return
    log.error({ worker, why }, `a worker of the gateway did not ${what}: it is killed`)
    hired.kill()
  }

  /** Resolves when it has done so, or is gone; who fails to in time is killed. */
  const surely = async (what: string, work: Promise<unknown>, ms: number): Promise<void> => {
    const end = (why: string): void => fail(what, why)
    const cancel = clock.after(ms, () => end(`nothing came within ${ms} ms`))
    await work.catch(({ message }: Error) => {
      end(message)
      return gone
    })
    cancel()
  }

  const look = (): void => {
    silent += 1
    if (silent === silentLooks) fail('say that it is there', `nothing came within ${silentLooks * lookMs} ms`)
    else cancelLook = clock.after(lookMs, look)
  }

  /** One after the other: Node.js would queue them, too, but forgets those that wait when the process dies. */
  const sendNext = (): void => {
    if (isGone || given > known.arrived) return
    const client = queue.shift()
    if (client === undefined) return
    if (client.socket.destroyed) {
      sendNext()
      return
    }
    given += 1
    underWay = client.socket
    cancelWatch = clock.after(confirmMs, () => fail('take a client', `nothing came within ${confirmMs} ms`))
    talk.tell('arrived', client.at, client.socket)
  }

  return {
    worker,
    load: () => queue.length + given - known.arrived + known.open,
    isReady: () => join !== null && !isGone,
    ledger: () => ledger,
    join: () => join ?? '',
    async start(start, { taking, confirmedAt }) {
      const cancel = clock.after(startMs, hired.kill)
      try {
        // said in one go: a newer snapshot that comes meanwhile is told after this one
        if (confirmedAt !== null) talk.tell('confirmed', confirmedAt)
        const [started] = await Promise.all([
          talk.ask('start', start),
          taking === null ? null : talk.ask('take', taking),
        ])
        join = started.join
      } catch (error) {
        hired.kill()
        throw error
      } finally {
        cancel()
      }
      cancelLook = clock.after(lookMs, look)
    },
    async take(taking) {
      const taken = surely('take a snapshot', talk.ask('take', taking), join === null ? startMs : confirmMs)
      if (join !== null) await taken
    },
    confirmed: (at) => talk.tell('confirmed', at),
    listenAs: (file) => talk.tell('listenAs', file),
    give(client) {
      queue.push(client)
      sendNext()
    },
    queued: () => queue.length,
    left: () => queue.splice(0),
    answer: (question) =>
      new Promise((resolve, reject) => {
        if (join === null) return resolve(null)
        const cancel = clock.after(answerMs, () => reject(new Error(`worker ${worker} does not answer`)))
        talk
          .ask('answer', question)
          .then(resolve, (error: Error) => (isGone ? resolve(null) : reject(error)))
          .finally(cancel)
      }),
    async close(drainMs) {
      if (join === null) hired.kill()
      else await surely('end in good order', talk.ask('close', drainMs), drainMs + closeMs)
      hired.dismiss()
      await gone
    },
    kill: hired.kill,
    gone,
  }
}
