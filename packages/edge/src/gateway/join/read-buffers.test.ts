import { describe, expect, test } from 'vitest'
import { createReadBuffer } from './read-buffers.ts'

const little = 200
const much = 65_536
const maxSpare = 32

const reading = () => {
  const buffer = createReadBuffer()
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
