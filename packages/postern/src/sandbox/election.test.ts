// Who is primary, event by event.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  elect,
  electionDelayMs,
  electionIdOf,
  hasMajority,
  hide,
  kill,
  memberState,
  newSet,
  nextElection,
  resize,
  revive,
  type SetState,
  stepDown,
  thaw,
} from './election.ts'

const now = 1_000_000
const later = now + electionDelayMs
const three = elect(newSet(3, 4), now)

describe('an election', () => {
  test('a new set elects its first member, in a new term', () => {
    expect(three).toMatchObject({ primary: 0, term: 5 })
  })

  test('after a step-down another member is elected, and the term rises', () => {
    const down = stepDown(three, { seconds: 60, now })
    expect(down.primary).toBeUndefined()
    expect(memberState(down, 0)).toBe('SECONDARY')
    expect(elect(down, now)).toBe(down)
    expect(elect(down, later)).toMatchObject({ primary: 1, term: 6 })
  })

  test('a hidden member is never elected, whatever befalls the others; it votes', () => {
    const hidden = hide(three, new Set([1]), now)
    expect(hidden.primary).toBe(0)
    const after = [stepDown(hidden, { seconds: 60, now }), kill(hidden, 0, now), thaw(revive(kill(hidden, 1, now), 1))]
    expect(after.map((set) => elect({ ...set, primary: undefined, last: 0 }, later).primary)).toEqual([2, 2, 2])
    const alone = kill(kill(hide(elect(newSet(3, 1), now), new Set([1]), now), 0, now), 2, now)
    expect(nextElection(alone)).toBeUndefined()
    expect(resize(hidden, 1, now)).toMatchObject({ primary: 0 })
    expect(resize(hide(elect(newSet(3, 1), now), new Set([0, 1]), now), 2, now).primary).toBeUndefined()
  })

  test('a primary that is hidden is primary no longer; one that is shown again may be', () => {
    const hidden = hide(three, new Set([0]), now)
    expect(hidden.primary).toBeUndefined()
    const next = elect(hidden, later)
    expect(next.primary).toBe(1)
    expect(elect(kill(kill(hide(next, new Set(), now), 1, now), 2, now), later).primary).toBeUndefined()
    expect(elect(kill(hide(next, new Set(), now), 1, now), later).primary).toBe(0)
  })

  test('a primary that is killed is followed by another', () => {
    const killed = kill(three, 0, now)
    expect(memberState(killed, 0)).toBe('DOWN')
    expect(nextElection(killed)).toBe(later)
    expect(elect(killed, later)).toMatchObject({ primary: 1, term: 6 })
  })

  test('a secondary that is killed changes nothing for the primary', () => {
    expect(kill(three, 2, now)).toMatchObject({ primary: 0, term: 5 })
  })

  test('without a majority there is no primary, and none is elected', () => {
    const minority = kill(kill(three, 1, now), 2, now)
    expect(minority.primary).toBeUndefined()
    expect(nextElection(minority)).toBeUndefined()
    expect(elect(minority, later)).toBe(minority)
  })

  test('a member that comes back makes a majority again, as a secondary', () => {
    const back = revive(kill(kill(three, 0, now), 1, now), 0)
    expect(memberState(back, 0)).toBe('SECONDARY')
    expect(elect(back, later)).toMatchObject({ primary: 2, term: 6 })
  })

  test('a member alone that steps down is elected again when its time is over', () => {
    const alone = stepDown(elect(newSet(1, 0), now), { seconds: 10, now })
    expect(nextElection(alone)).toBe(now + 10_000)
    expect(elect(alone, now + 9_999)).toBe(alone)
    expect(elect(alone, now + 10_000)).toMatchObject({ primary: 0, term: 2 })
  })
})

test('election ids sort as their terms do', () => {
  expect(electionIdOf(1)).toBe('7fffffff0000000000000001')
  expect(electionIdOf(0x10) > electionIdOf(0xf)).toBe(true)
})

test('whatever happens, a primary is alive and has a majority, and terms never fall', () => {
  const event = fc.oneof(
    fc.record({ kill: fc.nat(6) }),
    fc.record({ revive: fc.nat(6) }),
    fc.record({ stepDown: fc.nat(100) }),
    fc.record({ wait: fc.nat(200) }),
    fc.record({ resize: fc.integer({ min: 1, max: 7 }) }),
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.array(event, { maxLength: 40 }), (members, events) => {
      let clock = now
      let set: SetState = elect(newSet(members, 0), clock)
      for (const one of events) {
        const before = set
        if ('resize' in one) set = resize(set, one.resize, clock)
        else if ('kill' in one) set = kill(set, one.kill % set.alive.length, clock)
        else if ('revive' in one) set = revive(set, one.revive % set.alive.length)
        else if ('stepDown' in one) set = stepDown(set, { seconds: one.stepDown, now: clock })
        else clock += one.wait
        set = elect(set, clock)
        expect(set.term).toBeGreaterThanOrEqual(before.term)
        if (set.primary !== before.primary && set.primary !== undefined) expect(set.term).toBe(before.term + 1)
        if (set.primary !== undefined) expect(set.alive[set.primary] && hasMajority(set)).toBe(true)
      }
    }),
  )
})
