import { expect, test } from 'vitest'
import { createReadBuffer } from './read-buffers.ts'

const small = 4096
const large = 65_536

test('small while little is read, large while reads fill it, small again afterwards', () => {
  const buffer = createReadBuffer()
  const sizes = [100, small, large, large, 5000, 100].map((bytes) => {
    buffer.done(bytes, false)
    return buffer.current().length
  })
  expect(sizes).toEqual([small, large, large, large, small, small])
})

test('one connection’s large buffer is the next one’s, once it is given back', () => {
  const [one, two, three] = [createReadBuffer(), createReadBuffer(), createReadBuffer()]
  one.done(small, false)
  const borrowed = one.current()
  two.done(small, false)
  expect(two.current()).not.toBe(borrowed)
  one.close(false)
  three.done(small, false)
  expect(three.current()).toBe(borrowed)
})

test.each([
  { says: 'small', reads: [] },
  { says: 'large', reads: [small] },
])('a $says buffer that the other socket still holds is not read into again, by anybody', ({ reads }) => {
  const buffer = createReadBuffer()
  for (const bytes of reads) buffer.done(bytes, false)
  const held = buffer.current()
  buffer.done(10, true)
  const seen = [buffer.current()]
  for (let count = 0; count < 40; count++) {
    const other = createReadBuffer()
    other.done(small, false)
    seen.push(other.current())
  }
  expect(seen).not.toContain(held)
})
