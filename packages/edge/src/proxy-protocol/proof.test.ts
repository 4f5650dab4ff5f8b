import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkProof, createProofMemory, proofBytes, proofWindowMs, writeProof } from './proof.ts'

const key = Buffer.alloc(32, 1)
const now = 1_700_000_000_000
const nonce = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')
const before = Buffer.from('0d0a0d0a000d0a515549540a2111', 'hex')
const addresses = Buffer.from('cb0071090a000001c7380400', 'hex')
const aws = Buffer.from('ea0006017670636531', 'hex')

function header(...tlvs: readonly Buffer[]): Buffer {
  const rest = Buffer.concat([addresses, ...tlvs])
  return Buffer.concat([before, Buffer.from([rest.length >> 8, rest.length & 0xff]), rest])
}
const place = (length = proofBytes): Buffer => Buffer.concat([Buffer.from([0xef, 0, length]), Buffer.alloc(length)])
const unproven = header(aws, place())
const proven = writeProof(key, unproven, { now, nonce })

test('stamp, nonce and HMAC stand where they should, and nothing else has changed', () => {
  const at = unproven.length - proofBytes
  expect(proven.subarray(0, at)).toEqual(unproven.subarray(0, at))
  expect(proven.readBigUInt64BE(at)).toBe(BigInt(now))
  expect(proven.subarray(at + 8, at + 24)).toEqual(nonce)
  const signed = Buffer.concat([proven.subarray(0, at + 24), Buffer.alloc(32)])
  expect(proven.subarray(at + 24)).toEqual(createHmac('sha256', key).update(signed).digest())
  expect(unproven.subarray(at)).toEqual(Buffer.alloc(proofBytes))
})

test('holds with other TLVs behind it', () => {
  const middle = writeProof(key, header(place(), aws), { now, nonce })
  expect(checkProof(key, middle, now)).toEqual({ ok: true, stampedAt: now, nonce: nonce.toString('latin1') })
})

describe('fresh', () => {
  test.each([
    { says: 'at once', at: now, ok: true },
    { says: 'a minute later', at: now + proofWindowMs, ok: true },
    { says: 'a minute earlier, by a slow clock', at: now - proofWindowMs, ok: true },
    { says: 'more than a minute later: not', at: now + proofWindowMs + 1, ok: false },
    { says: 'more than a minute earlier: not', at: now - proofWindowMs - 1, ok: false },
  ])('$says', ({ at, ok }) => {
    expect(checkProof(key, proven, at).ok).toBe(ok)
  })
})

describe('no proof', () => {
  test('with any bit of the header flipped', () => {
    for (let bit = 0; bit < proven.length * 8; bit++) {
      const flipped = Buffer.from(proven)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(checkProof(key, flipped, now).ok).toBe(false)
    }
  })

  test.each([
    { says: 'with another key', bytes: writeProof(Buffer.alloc(32, 2), unproven, { now, nonce }) },
    { says: 'without a TLV for it', bytes: header(aws) },
    { says: 'in a TLV of another size', bytes: header(place(55)) },
    { says: 'given twice', bytes: header(place(), place()) },
    { says: 'in a header cut short', bytes: proven.subarray(0, 20) },
    { says: 'in no header', bytes: Buffer.alloc(0) },
  ])('$says', ({ bytes }) => {
    expect(checkProof(key, bytes, now)).toEqual({ ok: false, reason: expect.any(String) })
  })

  test('in any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(checkProof(key, Buffer.from(bytes), now).ok).toBe(false)
      }),
      { seed: 20_261_124, numRuns: 500 },
    )
  })
})

test.each([
  { says: 'a header without its place', bytes: header(aws), by: nonce },
  { says: 'a nonce of 15 bytes', bytes: unproven, by: nonce.subarray(1) },
])('cannot be written into $says', ({ bytes, by }) => {
  expect(() => writeProof(key, bytes, { now, nonce: by })).toThrow(RangeError)
})

describe('memory', () => {
  const proof = (id: number, stampedAt = now) => ({ nonce: `nonce ${id}`, stampedAt })

  test('a proof counts once, for as long as it is fresh', () => {
    const memory = createProofMemory()
    expect(memory.firstUse(proof(1), now)).toBe(true)
    expect(memory.firstUse(proof(1), now)).toBe(false)
    expect(memory.firstUse(proof(1), now + proofWindowMs)).toBe(false)
    expect(memory.firstUse(proof(2), now)).toBe(true)
  })

  const hour = 3_600_000

  test('forgets what is older than an hour', () => {
    const memory = createProofMemory()
    for (let id = 0; id < 100; id++) memory.firstUse(proof(id, now + id * 1000), now + id * 1000)
    expect(memory.size()).toBe(100)
    memory.firstUse(proof(200, now + hour + 50_000), now + hour + 50_000)
    expect(memory.size()).toBeLessThan(60)
    memory.firstUse(proof(201, now + 2 * hour), now + 2 * hour)
    expect(memory.size()).toBe(2)
  })

  test.each([
    { says: 'a minute and back', jump: 2 * proofWindowMs },
    { says: 'hours and back', jump: 5 * hour },
  ])('a clock that jumps ahead $says lets no proof count twice', ({ jump }) => {
    const memory = createProofMemory()
    expect(memory.firstUse(proof(1), now)).toBe(true)
    expect(memory.firstUse(proof(2, now + jump), now + jump)).toBe(true)
    expect(memory.firstUse(proof(1), now)).toBe(false)
    expect(memory.firstUse(proof(2, now + jump), now + jump)).toBe(false)
    expect(memory.firstUse(proof(3, now + 1000), now + 1000)).toBe(true)
  })

  test('a clock that is set back by up to an hour keeps nobody out', () => {
    const memory = createProofMemory()
    for (let id = 0; id < 10; id++) memory.firstUse(proof(id, now + id * 60_000), now + id * 60_000)
    expect(memory.firstUse(proof(20, now - hour / 2), now - hour / 2)).toBe(true)
  })

  test('is bounded, and what it had to forget early never counts again', () => {
    const memory = createProofMemory(10)
    for (let id = 0; id < 100; id++) expect(memory.firstUse(proof(id, now + id * 100), now + 10_000)).toBe(true)
    expect(memory.size()).toBeLessThanOrEqual(10)
    for (let id = 0; id < 100; id++) expect(memory.firstUse(proof(id, now + id * 100), now + 10_000)).toBe(false)
  })
})
