// What a test suite may do to a server that was started for it: set faults, let time pass at once, keep what is there as
// the seed and go back to it. One thing at a time. Everything is brought about by the same turns as ever; what is here
// moves their clock, hastens them, and waits until nothing is due and every live edge serves the newest numbers.

import { AtlasError } from '@postern/contract/errors'
import { feeds } from '@postern/contract/snapshot'
import { sql } from 'kysely'
import type { Engines } from '../engines/engines.ts'
import type { Parts } from '../parts.ts'
import type { DrivenTurns } from '../reconcile/turns.ts'
import type { Turnstile } from '../reconcile/turnstile.ts'
import { silentAfterMs } from '../resources/private-endpoint/acknowledged.ts'
import type { SeedCopy } from '../store/seed-copy.ts'
import { checkRegion, type Fault, type Faults, type NewFault } from './faults.ts'
import type { MemberFaults } from './member-faults.ts'
import type { MovingClock } from './moving-clock.ts'

export interface Drills {
  readonly faults: () => readonly Fault[]
  /** Throws what MemberFaults throws. */
  readonly setFault: (fault: NewFault) => Promise<Fault>
  /** Throws POSTERN_FAULT_NOT_FOUND. */
  readonly clearFault: (id: string) => Promise<void>
  readonly clearFaults: () => Promise<void>
  /** Resolves when what became due has been done; answers what the clock shows, in ms since 1970. */
  readonly advance: (ms: number) => Promise<number>
  readonly keepSeed: () => Promise<void>
  /** Throws POSTERN_NO_SEED. */
  readonly reset: () => Promise<void>
  /** Ends the server, and whoever started it. */
  readonly stop: () => void
}

export interface DrillParts {
  readonly parts: Parts
  readonly clock: MovingClock
  readonly turns: DrivenTurns
  readonly turnstile: Turnstile
  readonly seed: SeedCopy
  readonly faults: Faults
  readonly memberFaults: MemberFaults
  readonly engines: Engines
  /** One turn of a feed, outside the queue. */
  readonly publish: (feed: string) => Promise<unknown>
  /** Asks for a turn of what may need one, of the kinds that these tables hold. */
  readonly lookAt: (tables: ReadonlySet<string>) => Promise<void>
  readonly stop: () => void
}

/** How long what is due may take: an edge that is gone, or a deployment that does not answer, holds nobody up for ever. */
const patienceMs = 10_000
const lookMs = 10
/** As long as a turn that failed may wait to be tried again. */
const longestRetryMs = 30_000
/** Time passes in steps to what is next due, yet in no more than so many. */
const steps = 10

export const createDrills = (all: DrillParts): Drills => {
  const { parts, clock, turns, turnstile, seed, faults, memberFaults, engines } = all
  const { store } = parts
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = last.then(work)
    last = next.catch(() => {})
    return next
  }

  /** Edges report in real time: that the server's clock moves makes none of them silent. */
  const moveClock = async (ms: number): Promise<void> => {
    clock.move(ms)
    await store.transact((tx) => sql`update edge_report set seen = seen + ${ms} * interval '1 millisecond'`.execute(tx))
  }

  const edgesFollow = async (): Promise<boolean> => {
    const behind = await store.read
      .selectFrom('edge_report as held')
      .innerJoin('snapshot as newest', 'newest.feed', 'held.feed')
      .select('held.edge')
      .where('held.seen', '>', new Date(clock.now() - silentAfterMs))
      .where(({ eb, or }) =>
        or([eb('held.epoch', '<>', eb.ref('newest.epoch')), eb('held.n', '<', eb.ref('newest.n'))]),
      )
      .executeTakeFirst()
    return behind === undefined
  }

  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    const end = performance.now() + patienceMs
    while (!(await isSo()) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, lookMs))
  }

  // An edge's report wakes endpoints, so both must hold at once.
  const settled = (): Promise<void> =>
    until(async () => (await turns.untilNext()) !== 0 && (await edgesFollow()) && (await turns.untilNext()) !== 0)

  const stepForward = async (ms: number): Promise<void> => {
    await moveClock(ms)
    await turns.hasten(ms)
    await settled()
  }

  /** A fault came or went: what stands is looked at, and what waits to be tried again need not wait longer. */
  const lookAgain = async (): Promise<void> => {
    await all.lookAt(new Set(['endpoint_service', 'private_endpoint']))
    await turns.hasten(longestRetryMs)
  }

  const engineDrills = () => engines.of('sandbox')?.drills

  /** Answers what was changed back. */
  const putBack = async (): Promise<ReadonlySet<string>> => {
    const [changed] = await Promise.all([seed.restore(), engineDrills()?.restore()])
    if (changed.has('cluster')) await forgetOtherClusters()
    if (changed.size > 0) for (const feed of feeds) await all.publish(feed)
    return changed
  }

  const forgetOtherClusters = async (): Promise<void> => {
    const there = new Set((await store.read.selectFrom('cluster').select('id').execute()).map(({ id }) => id))
    await Promise.all([...engines.made.keys()].filter((id) => !there.has(id)).map(engines.forget))
  }

  /** In this order: one that cannot be mended now is still listed, and can be cleared later. */
  const mend = async (fault: Fault): Promise<void> => {
    await memberFaults.mend(fault)
    faults.clear(fault.id)
  }

  return {
    faults: faults.list,

    setFault: (wish) =>
      inTurn(async () => {
        checkRegion(wish)
        await memberFaults.make(wish)
        const fault = faults.set(wish)
        await lookAgain()
        return fault
      }),

    clearFault: (id) =>
      inTurn(async () => {
        await mend(faults.find(id))
        await lookAgain()
      }),

    clearFaults: () =>
      inTurn(async () => {
        for (const fault of faults.list()) await mend(fault)
        await lookAgain()
      }),

    advance: (ms) =>
      inTurn(async () => {
        await settled()
        for (let rest = ms; rest > 0; ) {
          const next = Math.ceil((await turns.untilNext()) ?? rest)
          const step = Math.min(rest, Math.max(next, Math.ceil(ms / steps)))
          await stepForward(step)
          rest -= step
        }
        return clock.now()
      }),

    keepSeed: () =>
      inTurn(async () => {
        await settled()
        await turnstile.shut(patienceMs)
        try {
          await Promise.all([seed.keep(), engineDrills()?.keep()])
        } finally {
          turnstile.open()
        }
      }),

    reset: () =>
      inTurn(async () => {
        if (!seed.isKept()) throw new AtlasError('POSTERN_NO_SEED', {})
        let changed: ReadonlySet<string>
        await turnstile.shut(patienceMs)
        try {
          faults.clearAll()
          if (clock.ahead() !== 0) await moveClock(-clock.ahead())
          changed = await putBack()
        } finally {
          turnstile.open()
        }
        if (changed.size > 0) await until(edgesFollow)
        // What is back is as settled as it was: nobody need wait until it was looked at.
        all
          .lookAt(changed)
          .catch((error: unknown) => parts.log.warn({ reason: String(error) }, 'a look after a reset failed'))
      }),

    stop: all.stop,
  }
}
