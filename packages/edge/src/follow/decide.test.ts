import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accepts, backOffMs, decideNext, type Mark } from './decide.ts'

const held: Mark = { epoch: 'E1', n: 5 }

describe('which snapshot may replace which', () => {
  test.each([
    { says: 'anything, when nothing is held', held: null, offered: { epoch: 'E1', n: 0 }, may: true },
    { says: 'a newer number', held, offered: { epoch: 'E1', n: 6 }, may: true },
    { says: 'a much newer number', held, offered: { epoch: 'E1', n: 500 }, may: true },
    { says: 'not the same number', held, offered: { epoch: 'E1', n: 5 }, may: false },
    { says: 'not an older number', held, offered: { epoch: 'E1', n: 4 }, may: false },
    { says: 'a lower number of a new store', held, offered: { epoch: 'E2', n: 1 }, may: true },
  ])('$says', ({ held, offered, may }) => {
    expect(accepts(held, offered)).toBe(may)
  })

  test('in whatever order snapshots of one epoch come, the held number only grows', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), (numbers) => {
        let mark: Mark | null = null
        for (const n of numbers) {
          const before: number = mark === null ? -1 : (mark as Mark).n
          if (accepts(mark, { epoch: 'E', n })) mark = { epoch: 'E', n }
          expect((mark as Mark | null)?.n).toBe(Math.max(before, n))
        }
      }),
    )
  })
})

describe('what follows from an answer', () => {
  const failures = 3
  test.each([
    {
      says: 'a newer one is taken and the next question follows at once',
      came: { kind: 'offered', mark: { epoch: 'E1', n: 6 } } as const,
      next: { take: true, failures: 0, waitMs: 0 },
    },
    {
      says: 'a stale one counts as a failure',
      came: { kind: 'offered', mark: { epoch: 'E1', n: 5 } } as const,
      next: { take: false, failures: 4, waitMs: 1000 },
    },
    {
      says: 'nothing newer after a real wait: ask again at once',
      came: { kind: 'nothing newer', waitedMs: 25_000 } as const,
      next: { take: false, failures: 0, waitMs: 0 },
    },
    {
      says: 'nothing newer at once: a server that does not wait is not asked in a circle',
      came: { kind: 'nothing newer', waitedMs: 3 } as const,
      next: { take: false, failures: 1, waitMs: 125 },
    },
    {
      says: 'a failure waits longer than the one before',
      came: { kind: 'failed' } as const,
      next: { take: false, failures: 4, waitMs: 1000 },
    },
  ])('$says', ({ came, next }) => {
    expect(decideNext({ held, failures }, came, () => 0)).toEqual(next)
  })

  test.each([
    { failures: 1, least: 125, most: 250 },
    { failures: 2, least: 250, most: 500 },
    { failures: 6, least: 4000, most: 8000 },
    { failures: 7, least: 5000, most: 10_000 },
    { failures: 10_000, least: 5000, most: 10_000 },
  ])('after $failures failures the wait lies between $least and $most ms', ({ failures, least, most }) => {
    expect(backOffMs(failures, () => 0)).toBe(least)
    expect(backOffMs(failures, () => 0.9999999)).toBe(most)
  })
})
