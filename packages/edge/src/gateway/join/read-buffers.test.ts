import { afterEach, describe, expect, test } from 'vitest'
import { bufferBytes, createReadBuffer, maxBorrowed, muchBytes, type ReadBuffer, sharedBytes } from './read-buffers.ts'

const little = 200
const much = bufferBytes
const maxSpare = 8
/** While no other endpoint has any. */
const mostOfOne = maxBorrowed / 2

const open: ReadBuffer[] = []
afterEach(() => {
  for (const buffer of open.splice(0)) buffer.close(false)
})

const reading = (endpointId = 'endpoint', stops = true) => {
  const buffer = createReadBuffer({ endpointId, stops })
  open.push(buffer)
  const read = (bytes: number, retained = false): void => {
    buffer.taken(bytes, false)
    buffer.done(bytes, retained)
  }
  return Object.assign(buffer, { read })
}
/** So many that whatever lies in the pool is among them. */
const everyOther = (): readonly Buffer[] =>
  Array.from({ length: maxSpare + 8 }, () => {
    const other = reading()
    other.read(much)
    return other.current()
  })
const shared = reading().current()

test('all read into one and the same, while they read little', () => {
  const [one, other] = [reading(), reading()]
  other.read(little)
  expect(one.current()).toBe(other.current())
})

test('what was read out of it stays what it was', () => {
  const [one, other] = [reading(), reading()]
  one.current().write('first')
  const taken = one.taken(5, false)
  other.current().write('other')
  expect(taken.toString()).toBe('first')
})

test('a connection that reads much has one of its own, and only for so long', () => {
  const [one, other] = [reading(), reading()]
  const shared = one.current()
  one.read(much)
  const own = one.current()
  other.read(much)
  expect(new Set([shared, own, other.current()]).size).toBe(3)
  one.read(much)
  expect(one.current()).toBe(own)
  one.read(little)
  expect(one.current()).toBe(shared)
})

test('there nothing is copied', () => {
  const one = reading()
  one.read(much)
  expect(one.taken(much, false).buffer).toBe(one.current().buffer)
})

test('but a little is, so that it can go back at once', () => {
  const one = reading()
  one.read(much)
  const own = one.current()
  own.write('first')
  const taken = one.taken(5, false)
  one.done(5, true)
  expect(one.borrowed()).toBe(false)
  own.write('other')
  expect(taken.toString()).toBe('first')
  expect(everyOther().includes(own)).toBe(true)
})

describe('of one endpoint', () => {
  test('as many have one of their own as it leaves to others, and no more, until one is given back', () => {
    const [first = reading(), ...others] = Array.from({ length: mostOfOne }, () => reading())
    const late = reading()
    for (const one of [first, ...others, late]) one.read(much)
    expect([first, ...others].every((one) => one.borrowed())).toBe(true)
    expect(late.borrowed()).toBe(false)
    first.read(little)
    late.read(much)
    expect(late.borrowed()).toBe(true)
  })

  test('who has none reads no more at once than any number of slow readers may leave waiting', () => {
    const all = Array.from({ length: mostOfOne + 8 }, () => reading())
    for (const one of all) one.read(much)
    expect(all.at(-1)?.current()).toHaveLength(sharedBytes)
  })

  test('who waits for a slow reader borrows none, and the others have all of them', () => {
    for (let time = 0; time < mostOfOne; time++) reading().read(sharedBytes, true)
    const others = Array.from({ length: mostOfOne }, () => reading())
    for (const one of others) one.read(much)
    expect(others.every((one) => one.borrowed())).toBe(true)
  })

  test('all that has stopped leaves some to another, also where six endpoints have such', () => {
    for (const endpointId of ['a', 'b', 'c', 'd', 'e', 'f']) {
      for (let time = 0; time < 100; time++) {
        const stopped = reading(endpointId)
        stopped.read(much)
        stopped.read(much, true)
      }
    }
    const next = reading('g')
    next.read(much)
    expect(next.borrowed()).toBe(true)
  })
})

test('one connection’s own is the next one’s, once it is given back', () => {
  const [one, next] = [reading(), reading()]
  one.read(much)
  const own = one.current()
  one.close(false)
  next.read(much)
  expect(next.current()).toBe(own)
})

describe('bytes that the other socket still holds', () => {
  test('stay where they are, and nobody else reads there', () => {
    const one = reading()
    one.read(much)
    const held = one.current()
    one.read(muchBytes, true)
    expect(one.current() === held).toBe(true)
    expect(everyOther().includes(held)).toBe(false)
  })

  test('never come back where the connection ends before, and count no more', () => {
    for (let time = 0; time < maxBorrowed; time++) {
      const one = reading()
      one.read(much)
      const held = one.current()
      one.read(much, true)
      one.close(true)
      expect(everyOther().includes(held)).toBe(false)
      for (const buffer of open.splice(0)) buffer.close(false)
    }
    const last = reading()
    last.read(much)
    expect(last.borrowed()).toBe(true)
  })
})

describe('where a socket brings more though it was stopped', () => {
  const brings = () => reading('endpoint', false)

  test('what the other socket holds is not read over, and nobody has two', () => {
    const one = brings()
    one.read(much)
    const held = one.current()
    one.read(much, true)
    expect(one.current()).toBe(shared)
    one.read(sharedBytes, true)
    expect(one.current()).toBe(shared)
    expect(everyOther().includes(held)).toBe(false)
    one.released()
    expect(everyOther().includes(held)).toBe(true)
  })

  test('also where a later read finds that it holds nothing', () => {
    const one = brings()
    one.read(much)
    const held = one.current()
    one.read(much, true)
    one.read(little)
    expect(everyOther().includes(held)).toBe(true)
  })

  test('what waits for a turn is a copy', () => {
    const one = brings()
    one.read(much)
    one.current().write('first')
    const taken = one.taken(muchBytes, true)
    one.current().write('other')
    expect(taken.toString('latin1', 0, 5)).toBe('first')
  })
})
