import fc from 'fast-check'
import { compress } from 'snappyjs'
import { describe, expect, test, vi } from 'vitest'
import { budget, bytes } from '../testing/chunks.ts'
import { WireRefusal } from './refusal.ts'
import { snappyPrefix } from './snappy.ts'

const text = Buffer.from('hello hello hello hello hello, isMaster isMaster '.repeat(40))

test.each([
  { says: 'repeating text', plain: text },
  { says: 'nothing', plain: Buffer.alloc(0) },
  { says: 'one byte', plain: Buffer.from('a') },
  { says: 'a run', plain: Buffer.alloc(5000, 1) },
  { says: 'a long literal', plain: Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7919) % 251)) },
])('decodes what snappyjs encoded: $says', ({ plain }) => {
  const packed = Buffer.from(compress(plain))
  expect(snappyPrefix(packed, plain.length).equals(plain)).toBe(true)
  for (const limit of [0, 1, 7, 60]) {
    expect(snappyPrefix(packed, limit).equals(plain.subarray(0, limit))).toBe(true)
  }
})

test('a prefix of the data gives a prefix of the text', () => {
  const packed = Buffer.from(compress(text))
  for (let length = 2; length <= packed.length; length++) {
    const decoded = snappyPrefix(packed.subarray(0, length), text.length)
    expect(text.subarray(0, decoded.length).equals(decoded)).toBe(true)
  }
})

test('literals by hand: 1-, 2- and 4-byte lengths, and the three kinds of copy', () => {
  expect(snappyPrefix(Buffer.from('0308616263', 'hex'), 9).toString()).toBe('abc')
  expect(snappyPrefix(Buffer.from('03f002616263', 'hex'), 9).toString()).toBe('abc')
  expect(snappyPrefix(Buffer.from('03fc02000000616263', 'hex'), 9).toString()).toBe('abc')
  expect(snappyPrefix(Buffer.from('0808616263' + '0503', 'hex'), 9).toString()).toBe('abcabcab')
  expect(snappyPrefix(Buffer.from('0808616263' + '120300', 'hex'), 9).toString()).toBe('abcabcab')
  expect(snappyPrefix(Buffer.from('0808616263' + '1303000000', 'hex'), 9).toString()).toBe('abcabcab')
})

describe('hostile data', () => {
  test.each([
    { says: 'a copy from before the beginning', hex: '0a086162630505' },
    { says: 'a copy from nowhere', hex: '0a086162630500' },
    { says: 'a length that does not end', hex: 'ffffffffffff' },
    { says: 'nothing', hex: '' },
  ])('$says is refused', ({ hex }) => {
    expect(() => snappyPrefix(Buffer.from(hex, 'hex'), 100)).toThrow(WireRefusal)
  })

  test('a literal whose length would go backwards as a signed number ends the data', () => {
    expect(snappyPrefix(Buffer.from('64fcf0ffffff61', 'hex'), 100).toString()).toBe('a')
  })

  test('a few bytes that claim to be many ask for no memory beyond what they can decode to', () => {
    const alloc = vi.spyOn(Buffer, 'alloc')
    snappyPrefix(Buffer.from('ffffff7f0061', 'hex'), 48_000_000)
    expect(Math.max(...alloc.mock.calls.map(([size]) => size))).toBeLessThanOrEqual(6 * 22)
    alloc.mockRestore()
  })

  test('the densest data decodes whole', () => {
    const copies = Buffer.concat(Array.from({ length: 1000 }, () => Buffer.from([0xfe, 1, 0])))
    const dense = Buffer.concat([Buffer.from([0x81, 0xf4, 0x03, 0x00, 0x61]), copies])
    expect(snappyPrefix(dense, 48_000_000).length).toBe(64_001)
  })

  test('never yields more than was asked for, whatever it claims', () => {
    fc.assert(
      fc.property(bytes(60), (garbage) => {
        try {
          expect(snappyPrefix(garbage, 1000).length).toBeLessThanOrEqual(1000)
        } catch (error) {
          expect(error).toBeInstanceOf(WireRefusal)
        }
      }),
      { ...budget, numRuns: 1000 },
    )
  })
})
