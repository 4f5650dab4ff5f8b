// Framing, on bytes written out by hand.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameError, FrameReader, maxFrameBytes } from './frame.ts'

/** `{ ping: 1, $db: "admin" }` as OP_MSG with request id 7: header, flags, kind 0, document. */
const ping = Buffer.from(
  [
    '33000000 07000000 00000000 dd070000',
    '00000000 00',
    '1e000000 10 70696e6700 01000000 02 24646200 06000000 61646d696e00 00',
  ]
    .join('')
    .replaceAll(' ', ''),
  'hex',
)
const two = Buffer.concat([ping, ping])

describe('frames come out whole', () => {
  test('one message in one piece', () => {
    expect(ping.readInt32LE(0)).toBe(ping.length)
    expect(new FrameReader().push(ping)).toEqual([ping])
  })

  test.each(Array.from(two.keys()))('two messages cut at byte %i', (cut) => {
    const reader = new FrameReader()
    const frames = [...reader.push(two.subarray(0, cut)), ...reader.push(two.subarray(cut))]
    expect(frames).toEqual([ping, ping])
    expect(reader.held).toBe(0)
  })

  test('two messages byte by byte', () => {
    const reader = new FrameReader()
    expect([...two].flatMap((byte) => reader.push(Buffer.of(byte)))).toEqual([ping, ping])
  })
})

describe('a length that cannot be', () => {
  test.each([
    ['shorter than a header', 15],
    ['zero', 0],
    ['negative', -1],
    ['above 48 MB', maxFrameBytes + 1],
  ])('is refused: %s', (_, length) => {
    const header = Buffer.alloc(16)
    header.writeInt32LE(length, 0)
    expect(() => new FrameReader().push(header)).toThrow(FrameError)
  })

  test('the limit can be raised once the client is known', () => {
    const header = Buffer.alloc(16)
    header.writeInt32LE(100, 0)
    expect(() => new FrameReader(64).push(header)).toThrow(FrameError)
    const reader = new FrameReader(64)
    reader.allow(100)
    expect(reader.push(header)).toEqual([])
  })
})

test('whatever the bytes and the cuts, nothing is lost, made up, or thrown but FrameError', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 20 }), (chunks) => {
      const reader = new FrameReader(200)
      const sent = Buffer.concat(chunks)
      let taken = 0
      try {
        for (const chunk of chunks) {
          for (const frame of reader.push(Buffer.from(chunk))) {
            expect(frame).toEqual(sent.subarray(taken, taken + frame.length))
            taken += frame.length
          }
        }
        expect(taken + reader.held).toBe(sent.length)
      } catch (error) {
        if (!(error instanceof FrameError)) throw error
      }
    }),
    { numRuns: 300 },
  )
})
