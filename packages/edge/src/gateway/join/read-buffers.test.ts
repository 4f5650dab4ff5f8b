import { afterEach, describe, expect, test } from 'vitest'
import { bufferBytes, createReadBuffer, maxBorrowed, type ReadBuffer, sharedBytes } from './read-buffers.ts'

const little = 200
const much = bufferBytes
const maxSpare = 8

const open: ReadBuffer[] = []
afterEach(() => {
  for (const buffer of open.splice(0)) buffer.close(false)
})

const reading = () => {
  const buffer = createReadBuffer()
  open.push(buffer)
  const read = (bytes: number, retained = false): void => {
    buffer.taken(bytes)
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

test('all read into one and the same, while they read little', () => {
  const [one, other] = [reading(), reading()]
  other.read(little)
  expect(one.current()).toBe(other.current())
})

test('what was read out of it stays what it was', () => {
  const [one, other] = [reading(), reading()]
  one.current().write('first')
  const taken = one.taken(5)
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
  expect(one.taken(much).buffer).toBe(one.current().buffer)
})

test('so many have one of their own and no more; who comes next reads into the one of all, until one is given back', () => {
  const [first = reading(), ...others] = Array.from({ length: maxBorrowed }, reading)
  const late = reading()
  const shared = late.current()
  for (const one of [first, ...others, late]) one.read(much)
  expect([first, ...others].map((one) => one.current())).not.toContain(shared)
  expect(late.current()).toBe(shared)
  first.read(little)
  late.read(much)
  expect(late.current()).not.toBe(shared)
})

test('who has none of its own reads no more at once than any number of slow readers may leave waiting', () => {
  const [first, ...others] = Array.from({ length: maxBorrowed + 8 }, reading)
  expect(first?.current()).toHaveLength(sharedBytes)
  for (const one of others) one.read(much)
  expect(others.at(-1)?.current()).toHaveLength(sharedBytes)
})

test('who waits for a slow reader borrows none, and the others have all of them', () => {
  const shared = reading().current()
  for (let time = 0; time < maxBorrowed; time++) reading().read(sharedBytes, true)
  const others = Array.from({ length: maxBorrowed }, reading)
  for (const one of others) one.read(much)
  expect(others.map((one) => one.current())).not.toContain(shared)
})

test('nor has it two: what is lent is all that it has, however much it reads', () => {
  const slow = reading()
  const shared = slow.current()
  slow.read(much)
  slow.read(much, true)
  slow.read(sharedBytes, true)
  expect(slow.current()).toBe(shared)
  const others = Array.from({ length: maxBorrowed - 1 }, reading)
  for (const one of others) one.read(much)
  expect(others.map((one) => one.current())).not.toContain(shared)
})

test('also where somebody ended whose bytes another socket still holds', () => {
  for (let time = 0; time < maxBorrowed; time++) {
    const one = reading()
    one.read(much)
    one.read(much, true)
    one.close(true)
  }
  const last = reading()
  const shared = last.current()
  last.read(much)
  expect(last.current()).not.toBe(shared)
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
  test('are not read over, by anybody', () => {
    const one = reading()
    one.read(much)
    const held = one.current()
    one.read(much, true)
    expect([one.current(), ...everyOther()]).not.toContain(held)
  })

  test.each<{ says: string; release: (one: ReturnType<typeof reading>) => void }>([
    { says: 'it has sent them', release: (one) => one.released() },
    { says: 'a later read finds that it holds nothing', release: (one) => one.read(little) },
  ])('come back to the pool when $says', ({ release }) => {
    const one = reading()
    one.read(much)
    const held = one.current()
    one.read(much, true)
    release(one)
    expect(everyOther()).toContain(held)
  })

  test('never come back where the connection ends before', () => {
    const one = reading()
    one.read(much)
    const held = one.current()
    one.read(much, true)
    one.close(true)
    one.released()
    expect(everyOther()).not.toContain(held)
  })
})
