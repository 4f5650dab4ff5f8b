import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { budget, bytes, cutAt, cutAtAll, places } from '../testing/chunks.ts'
import { message } from '../testing/fake-set.ts'
import { createFrameReader, cutBytes, type Decision, type FrameReader, maxMessageBytes, opcodeOf } from './frames.ts'
import { WireRefusal } from './refusal.ts'

const PASS = 2013
const HOLD = 1
const LOOK = 2004 // asks for 20 bytes, then passes

const one = message(PASS, 1, 0, Buffer.from('passes as it comes'))
const two = message(HOLD, 2, 0, Buffer.from('held'))
const three = message(LOOK, 3, 0, Buffer.from('looked at'))
const empty = message(PASS, 4, 0, Buffer.alloc(0))
const all = Buffer.concat([one, two, three, empty, two, one])
const became = Buffer.concat([one, Buffer.from('<held>'), three, empty, Buffer.from('<held>'), one])

function reader(): FrameReader {
  return createFrameReader({
    decide(seen, at, have): Decision {
      const kind = opcodeOf(seen, at)
      if (kind === HOLD) return 'hold'
      return kind === LOOK && have < 20 ? 20 : 'pass'
    },
    rewrite: (held) => Buffer.from(`<${held.toString('latin1', 16)}>`),
  })
}

const through = (from: FrameReader, chunks: readonly Buffer[]): Buffer =>
  Buffer.concat(chunks.flatMap((chunk) => from.push(chunk).map((piece) => Buffer.from(piece))))

test.each(Array.from(all.keys()))('cut at byte %i, the same comes out', (cut) => {
  expect(through(reader(), cutAt(all, cut)).toString('latin1')).toBe(became.toString('latin1'))
})

describe('a message that is cut', () => {
  const CUT = 2001
  const long = message(CUT, 6, 0, Buffer.alloc(300, 'x'))
  const stream = Buffer.concat([one, long, two, long, three])
  const told = `<${'x'.repeat(cutBytes - 16)}>`

  test.each(Array.from(stream.keys()))('cut at byte %i: its first bytes are told when it is whole', (cut) => {
    const from = createFrameReader({
      decide: (seen, at, have) =>
        opcodeOf(seen, at) === PASS ? 'pass' : opcodeOf(seen, at) !== CUT ? 'hold' : have < 100 ? 100 : 'cut',
      rewrite: (held) => Buffer.from(`<${held.toString('latin1', 16)}>`),
    })
    const became = Buffer.concat([one, ...[told, '<held>', told, '<looked at>'].map((text) => Buffer.from(text))])
    expect(through(from, cutAt(stream, cut)).toString('latin1')).toBe(became.toString('latin1'))
    expect(from.atBoundary()).toBe(true)
  })
})

describe('a message that waits for a word', () => {
  const WAIT = 2012
  const waits = message(WAIT, 5, 0, Buffer.from('waits'))
  const later = Buffer.concat([one, two, waits, two, three])
  const before = Buffer.concat([one, Buffer.from('<held>')])

  test.each(
    Array.from(later.keys()).flatMap((cut) => (['decide', 'rewrite'] as const).map((where) => ({ cut, where }))),
  )('cut at byte $cut, told by $where: what came before goes on, the rest once the word is there', ({ cut, where }) => {
    let isThere = false
    const kindOf = (seen: Buffer, at = 0): number => opcodeOf(seen, at)
    const from = createFrameReader({
      decide: (seen, at) =>
        kindOf(seen, at) === PASS
          ? 'pass'
          : kindOf(seen, at) === WAIT && where === 'decide' && !isThere
            ? 'wait'
            : 'hold',
      rewrite: (held) =>
        kindOf(held) === WAIT && where === 'rewrite' && !isThere
          ? 'wait'
          : Buffer.from(`<${held.toString('latin1', 16)}>`),
    })
    expect(through(from, cutAt(later, cut))).toEqual(before)
    expect(from.atBoundary()).toBe(false)
    expect(through(from, [Buffer.alloc(0)])).toEqual(Buffer.alloc(0))
    isThere = true
    expect(through(from, [Buffer.alloc(0), one]).toString('latin1')).toBe(
      Buffer.concat([Buffer.from('<waits><held><looked at>'), one]).toString('latin1'),
    )
    expect(from.atBoundary()).toBe(true)
  })
})

test('byte by byte, the same comes out, and every boundary is seen', () => {
  const from = reader()
  const boundaries: number[] = []
  for (const [index] of all.entries()) {
    from.push(all.subarray(index, index + 1))
    if (from.atBoundary()) boundaries.push(index + 1)
  }
  const lengths = [one, two, three, empty, two, one].map(({ length }) => length)
  expect(boundaries).toEqual(lengths.map((_, index) => lengths.slice(0, index + 1).reduce((sum, next) => sum + next)))
})

test('a chunk of nothing but passing messages goes on as it is, not copied', () => {
  const chunk = Buffer.concat([one, empty, one])
  const [piece, ...others] = reader().push(chunk)
  expect(piece).toBe(chunk)
  expect(others).toEqual([])
})

test('a passing message of the greatest length is never kept: each piece of it goes on at once', () => {
  const from = reader()
  const header = message(PASS, 9, 0, Buffer.alloc(0))
  header.writeInt32LE(maxMessageBytes, 0)
  expect(through(from, [header])).toEqual(header)
  const piece = Buffer.alloc(65_536)
  for (let sent = header.length; sent < maxMessageBytes; sent += piece.length) {
    const rest = piece.subarray(0, Math.min(piece.length, maxMessageBytes - sent))
    expect(from.push(rest)[0]?.buffer).toBe(piece.buffer)
  }
  expect(from.atBoundary()).toBe(true)
})

describe('refused', () => {
  test.each([
    { says: 'a length of 15', length: 15 },
    { says: 'a length of 0', length: 0 },
    { says: 'a negative length', length: -1 },
    { says: 'a length above the limit', length: maxMessageBytes + 1 },
    { says: 'another protocol', length: Buffer.from('GET ').readInt32LE(0) },
  ])('$says', ({ length }) => {
    const bad = message(PASS, 1, 0, Buffer.alloc(0))
    bad.writeInt32LE(length, 0)
    for (const cut of [0, 1, 7, 15]) {
      expect(() => through(reader(), cutAt(Buffer.concat([one, bad]), one.length + cut))).toThrow(WireRefusal)
    }
  })

  test('a message too short for what has to be read of it', () => {
    expect(() => reader().push(message(LOOK, 1, 0, Buffer.alloc(3)))).toThrow('too short for its kind')
  })
})

describe('any bytes in any pieces', () => {
  test('are refused by a WireRefusal or go through', () => {
    fc.assert(
      fc.property(bytes(200), places, (garbage, cuts) => {
        try {
          through(reader(), cutAtAll(garbage, cuts))
        } catch (error) {
          expect(error).toBeInstanceOf(WireRefusal)
        }
      }),
      budget,
    )
  })

  test('come out the same however they are cut', () => {
    const kinds = fc.array(fc.tuple(fc.constantFrom(PASS, HOLD, LOOK), bytes(60)), { maxLength: 8 })
    fc.assert(
      fc.property(kinds, places, (list, cuts) => {
        const messages = list.map(([kind, body], id) => ({
          kind,
          body,
          whole: message(kind, id, 0, Buffer.concat([body, Buffer.alloc(4)])),
        }))
        const expected = messages.map(({ kind, body, whole }) =>
          kind === HOLD
            ? Buffer.concat([
                Buffer.from('<'),
                Buffer.from(Buffer.concat([body, Buffer.alloc(4)]).toString('latin1')),
                Buffer.from('>'),
              ])
            : whole,
        )
        const stream = Buffer.concat(messages.map(({ whole }) => whole))
        expect(through(reader(), cutAtAll(stream, cuts)).equals(Buffer.concat(expected))).toBe(true)
      }),
      budget,
    )
  })
})
