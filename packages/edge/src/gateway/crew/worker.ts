// One worker of a crew: a gateway that does not listen but is given sockets, and asks its primary for whatever is one for
// all workers: places, used proofs, certificates. What of that is secret comes over the line, and stays in memory.

import type { Socket } from 'node:net'
import type { EdgeQuestion } from '@postern/contract/edge-question'
import type { GatewaySnapshot } from '@postern/contract/snapshot'
import type { CertificateFor } from '../../certificates/certificates.ts'
import { type Contexts, contextsOf } from '../../certificates/contexts.ts'
import type { ListenersFile } from '../../listeners-file.ts'
import type { Descriptors } from '../descriptors.ts'
import { createGateway, type GatewayParts, type LocalGateway } from '../gateway.ts'
import type { JoinMethod } from '../join/join.ts'
import type { RelayWish } from '../join/open-relay.ts'
import type { Listen } from '../listener.ts'
import { socketKey } from '../own-listeners.ts'
import { memberDialler } from '../upstream.ts'
import type { MarkedPair, PairAsked, PrimaryCalls, Taking, WorkerCalls, WorkerStart } from './calls.ts'
import { type Ledger, restsAfter } from './ledger.ts'
import { createTalk, type Line } from './talk.ts'

export interface World {
  readonly clock: GatewayParts['clock']
  readonly randomBytes: GatewayParts['randomBytes']
  readonly log: (start: WorkerStart) => GatewayParts['log']
  readonly method: (relay: RelayWish, log: GatewayParts['log']) => Promise<JoinMethod>
  readonly descriptors: () => Descriptors
  /** Of this process. */
  readonly usage: () => Ledger['usage']
}

/** How often it is told what was counted, in ms, while that is little. */
const countMs = 1_000

/** Answers with its gateway, null before it was started. */
export function serveCrew(line: Line, world: World): () => LocalGateway | null {
  const doors = new Map<string, Parameters<Listen>[1]>()
  let begin: (gateway: LocalGateway) => void = () => {}
  const started = new Promise<LocalGateway>((resolve) => {
    begin = resolve
  })
  let gateway: LocalGateway | null = null
  let body: GatewaySnapshot | null = null
  let arrived = 0

  const listen: Listen = async (at, accept) => {
    doors.set(socketKey(at), accept)
    return { port: at.port, close: () => doors.delete(socketKey(at)) }
  }

  const tellLoad = (): void => talk.tell('load', { arrived, open: gateway?.size() ?? 0 })

  let telling = false
  /** A turn later: then its header has mostly come, and the question that it brings goes out in the same write. */
  const tellLoadSoon = (): void => {
    if (telling) return
    telling = true
    setImmediate(() => {
      telling = false
      tellLoad()
    })
  }

  const ledger = (of: LocalGateway): Ledger => ({ counts: of.counts(), refusals: of.refusals(), usage: world.usage() })

  const start = async (start: WorkerStart): Promise<{ readonly join: string }> => {
    const log = world.log(start)
    const method = await world.method(start.relay, log)
    const { host, trustedProxies, limits, turns } = start
    gateway = createGateway({
      ...{ host, trustedProxies, limits, log, method },
      own: start.file,
      proofKey: start.proofKey === null ? null : Buffer.from(start.proofKey, 'hex'),
      certificateFor: start.speaksTls ? certificates(pairOf) : null,
      clock: world.clock,
      randomBytes: world.randomBytes,
      descriptors: world.descriptors(),
      dial: memberDialler(() => pairOf(null)),
      shared: {
        listen,
        places: {
          enter: ({ id }) => talk.ask('enter', { id }),
          begin: ({ id, limits = null }) => talk.ask('begin', { id, limits }),
          leave: (endpointId, as) => talk.tell('leave', { endpointId, as }),
          keep() {}, // the primary does
        },
        proofs: { firstUse: ({ nonce, stampedAt }) => talk.ask('firstUse', { nonce, stampedAt }) },
        turns,
        left: tellLoad,
      },
    })
    let rests = 0
    setInterval(() => {
      rests -= 1
      if (gateway === null) return
      if (rests >= 0) {
        tellLoad() // a sign of life
        return
      }
      const counted = ledger(gateway)
      rests = restsAfter(counted)
      talk.tell('count', counted)
    }, countMs).unref()
    begin(gateway)
    return { join: method.name }
  }

  /** At once where it has begun: whoever is said to arrive after this is judged by it. */
  const onceStarted = <Result>(act: (here: LocalGateway) => Result): Result | Promise<Result> =>
    gateway === null ? started.then(act) : act(gateway)

  const talk = createTalk<PrimaryCalls, WorkerCalls>(line, {
    start,
    async take({ epoch, n, json }: Taking) {
      await onceStarted((here) => {
        if (json !== null) body = JSON.parse(json) as GatewaySnapshot
        if (body === null) throw new Error('there is no snapshot to take again')
        return here.take({ schema: 2, epoch, n, body })
      })
    },
    confirmed: (at: number) => void onceStarted((here) => here.confirmed(world.clock.now() - at)),
    listenAs: (file: ListenersFile) => void onceStarted((here) => here.listenAs(file)),
    arrived({ door, id }: { readonly door: string; readonly id: string }, socket?: Socket) {
      arrived += 1
      tellLoadSoon()
      if (socket === undefined) return // it was closed on its way
      socket.allowHalfOpen = true
      const accept = doors.get(door)
      if (accept === undefined) socket.destroy()
      else accept(socket, id)
    },
    async answer(question: EdgeQuestion) {
      const here = await started
      const answer = here.answer(question, Number.POSITIVE_INFINITY)
      talk.tell('count', ledger(here))
      return answer
    },
    async close(drainMs: number) {
      const here = await started
      await here.close(drainMs)
      talk.tell('count', ledger(here))
    },
  })

  const pairOf = rememberedPairs((asked) => talk.ask('pair', asked))
  return () => gateway
}

/** Beyond it all are asked for again. */
const mostPairs = 10_000

/** A pair that is known already does not come over the line again. */
function rememberedPairs(
  ask: (asked: PairAsked) => Promise<MarkedPair | 'same' | null>,
): (of: string | null) => Promise<MarkedPair | null> {
  const known = new Map<string | null, MarkedPair>()
  return async (of) => {
    const before = known.get(of) ?? null
    const pair = await ask({ of, have: before?.mark ?? null })
    if (pair === 'same') return before
    if (known.size >= mostPairs) known.clear()
    if (pair === null) known.delete(of)
    else known.set(of, pair)
    return pair
  }
}

function certificates(pairOf: (endpointId: string) => Promise<MarkedPair | null>): CertificateFor {
  const contexts = new WeakMap<MarkedPair, Contexts>()
  return async (_serverName, endpointId, clientCa) => {
    const pair = await pairOf(endpointId)
    if (pair === null) return null
    const made = contexts.get(pair) ?? contextsOf(pair)
    contexts.set(pair, made)
    return made(clientCa)
  }
}
