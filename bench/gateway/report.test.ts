import { describe, expect, test } from 'vitest'
import type { Figures } from './cases.ts'
import { median, printed, reportOf } from './report.ts'

const rounds = (...figures: readonly Figures[]): readonly Figures[] => figures
const of = (taken: Readonly<Record<string, readonly Figures[]>>) =>
  reportOf({ name: 'a', says: 'what' }, new Map(Object.entries(taken)))

test.each([
  { says: 'the middle one', numbers: [9, 1, 5], is: 5 },
  { says: 'between the two in the middle', numbers: [4, 1, 2, 9], is: 3 },
])('a median is $says', ({ numbers, is }) => {
  expect(median(numbers)).toBe(is)
})

describe('ratios', () => {
  const ours = [10, 20, 30, 40, 50].map((perSecond) => ({ perSecond, cpuMicros: 2 }))
  const theirs = [20, 20, 20, 20, 20].map((perSecond) => ({ perSecond, cpuMicros: 3 }))

  test('are medians of what each round says, better above one', () => {
    const [, peer] = of({ ours, theirs }).rows
    expect(peer?.first).toEqual({ byRate: 1.5, byCpu: 1.5 })
  })

  test('are not said of the first itself', () => {
    expect(of({ ours, theirs }).rows[0]?.first).toBeNull()
  })

  test.each([
    { says: 'of four rounds', ours: ours.slice(0, 4), theirs },
    { says: 'where the other has four', ours, theirs: theirs.slice(0, 4) },
  ])('are not said $says', (taken) => {
    expect(of({ ours: taken.ours, theirs: taken.theirs }).rows[1]?.first).toBeNull()
  })

  test('are not said of what the other has no figure for', () => {
    const direct = theirs.map(({ perSecond }) => ({ perSecond }))
    expect(of({ ours, direct }).rows[1]?.first).toEqual({ byRate: 1.5 })
  })
})

test('the table has the columns that somebody has something for', () => {
  const text = printed(of({ ours: rounds({ perSecond: 1000, cpuMicros: 15.04 }), direct: rounds({ perSecond: 3000 }) }))
  expect(text).toBe('what      a second  CPU µs\n  ours        1000    15.0\n  direct      3000\n')
})
