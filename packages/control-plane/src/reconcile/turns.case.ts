// What turns promise, whatever is behind them: run on pg-boss over both stores, and on the seeded queue in memory.

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store } from '../parts.ts'
import type { Outcome, TurnKind, Turns } from './turns.ts'

export interface TurnsUnderTest {
  readonly turns: Turns
  readonly store: Store
  /** Lets time pass and turns run until `done` holds; rejects when it never does. */
  readonly until: (done: () => boolean) => Promise<void>
  readonly close: () => Promise<void>
}

const settled: Outcome = { do: 'settled' }

/** A gate that a turn waits at, so that a test decides when it ends. */
const gate = (): { readonly passed: Promise<void>; readonly open: () => void } => {
  let open = (): void => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}

export const turnsCases = (make: () => Promise<TurnsUnderTest>): void => {
  let tried: TurnsUnderTest
  let taken: string[]
  beforeEach(async () => {
    tried = await make()
    taken = []
  })
  afterEach(() => tried.close())

  const start = (turn: (id: string, nth: number) => Outcome | Promise<Outcome>): Promise<void> => {
    const counts = new Map<string, number>()
    return tried.turns.start(async (kind: TurnKind, id: string) => {
      const nth = (counts.get(id) ?? 0) + 1
      counts.set(id, nth)
      taken.push(`${kind} ${id}`)
      return turn(id, nth)
    })
  }
  const wake = (...ids: string[]): Promise<void> =>
    tried.store.transact(async (tx) => {
      for (const id of ids) await tried.turns.wake(tx, 'cluster', id)
    })
  const turnsOf = (id: string): number => taken.filter((each) => each === `cluster ${id}`).length

  test('a wake-up that is committed leads to a turn', async () => {
    await start(() => settled)
    await wake('a')
    await tried.until(() => taken.length > 0)
    expect(taken).toEqual(['cluster a'])
  })

  test('one that is taken back leads to none', async () => {
    await start(() => settled)
    const work = tried.store.transact(async (tx) => {
      await tried.turns.wake(tx, 'cluster', 'taken back')
      throw new Error('changed my mind')
    })
    await expect(work).rejects.toThrow('changed my mind')
    await wake('after')
    await tried.until(() => turnsOf('after') > 0)
    expect(turnsOf('taken back')).toBe(0)
  })

  test('many wake-ups before a turn are one turn', async () => {
    await start(() => settled)
    await wake('a', 'a', 'a')
    await tried.until(() => turnsOf('a') > 0)
    await wake('last')
    await tried.until(() => turnsOf('last') > 0)
    expect(turnsOf('a')).toBe(1)
  })

  test('a wake-up during a turn leads to one more after it, never beside it', async () => {
    const first = gate()
    let running = 0
    let most = 0
    await start(async (id, nth) => {
      if (id !== 'a') return settled
      running += 1
      most = Math.max(most, running)
      if (nth === 1) {
        await wake('a', 'a')
        await wake('a')
        first.open()
      }
      running -= 1
      return settled
    })
    await wake('a')
    await tried.until(() => turnsOf('a') === 2)
    await first.passed
    await wake('last')
    await tried.until(() => turnsOf('last') > 0)
    expect({ turns: turnsOf('a'), most }).toEqual({ turns: 2, most: 1 })
  })

  test('an outcome `again` leads to another turn', async () => {
    await start((_, nth) => (nth < 3 ? { do: 'again', afterMs: 30 } : settled))
    await wake('a')
    await tried.until(() => turnsOf('a') === 3)
  })

  test('a wake-up pulls a turn that waits to now', async () => {
    await start((id, nth) => (id === 'a' && nth === 1 ? { do: 'again', afterMs: 3_600_000 } : settled))
    await wake('a')
    await tried.until(() => turnsOf('a') === 1)
    await wake('a')
    await tried.until(() => turnsOf('a') === 2)
  })

  test('a delay never pushes back a wake-up that came during the turn', async () => {
    await start(async (id, nth) => {
      if (id !== 'a' || nth > 1) return settled
      await wake('a')
      return { do: 'again', afterMs: 3_600_000 }
    })
    await wake('a')
    await tried.until(() => turnsOf('a') === 2)
  })

  test('a turn that throws comes again', async () => {
    await start((_, nth) => {
      if (nth === 1) throw new Error('the network is away')
      return settled
    })
    await wake('a')
    await tried.until(() => turnsOf('a') === 2)
  })

  test('what failed and waits is told, with its reason, until it is woken', async () => {
    const after = { reason: 'the cloud is busy', times: 3 }
    await start((id, nth) => {
      if (nth > 1 || id === 'fine') return settled
      return id === 'failed' ? { do: 'again', afterMs: 3_600_000, after } : { do: 'again', afterMs: 3_600_000 }
    })
    await wake('failed', 'waits', 'fine')
    await tried.until(() => turnsOf('failed') + turnsOf('waits') + turnsOf('fine') === 3)
    const failing = () => tried.turns.failing('cluster', ['failed', 'waits', 'fine', 'unknown'])
    await expect.poll(async () => [...(await failing()).keys()]).toEqual(['failed'])
    expect((await failing()).get('failed')).toEqual({ ...after, nextTry: expect.any(Number) })
    await wake('failed')
    await tried.until(() => turnsOf('failed') === 2)
    expect((await failing()).size).toBe(0)
  })

  test('a rescan asks for those that have no turn waiting, and hastens none', async () => {
    await start((id) => (id === 'waiting' ? { do: 'again', afterMs: 3_600_000 } : settled))
    await wake('waiting')
    await tried.until(() => turnsOf('waiting') === 1)
    const rounds = Array.from({ length: 6 }, (_, index) => `round ${index}`)
    for (const round of rounds) {
      await tried.turns.rescan('cluster', ['waiting', round])
      await tried.until(() => turnsOf(round) === 1)
    }
    // Not exactly 1: the first rescan may come before the running turn has said when it wants to be looked at again.
    expect(turnsOf('waiting')).toBeLessThan(rounds.length)
  })

  test('kinds are apart: one id of two kinds has two turns', async () => {
    await start(() => settled)
    await tried.store.transact(async (tx) => {
      await tried.turns.wake(tx, 'cluster', 'a')
      await tried.turns.wake(tx, 'feed', 'a')
    })
    await tried.until(() => taken.length === 2)
    expect([...taken].sort()).toEqual(['cluster a', 'feed a'])
  })

  test('60 at once are all taken', async () => {
    await start(() => settled)
    const ids = Array.from({ length: 60 }, (_, index) => `many ${index}`)
    await wake(...ids)
    await tried.until(() => ids.every((id) => turnsOf(id) === 1))
  })

  test('after a stop nothing is taken', async () => {
    await start(() => settled)
    await wake('a')
    await tried.until(() => turnsOf('a') === 1)
    await tried.turns.stop(1000)
    expect(taken).toEqual(['cluster a'])
  })
}
