// The forwarder's proof: a TLV (type 0xEF) that shows a PROXY v2 header to be ours, so that no other process on the
// machine can claim an endpoint. Its value is `proofBytes` = 56 bytes: 8 bytes big-endian milliseconds since 1970, 16
// random bytes, 32 bytes HMAC-SHA-256 over the whole header (from the signature to the last TLV) in which these last 32
// bytes are zero. The writer puts the TLV with 56 zero bytes wherever it likes, sets the header's length, and calls
// `writeProof`; such a header carries no CRC32C TLV, since each of the two would have to cover the other.
// A proof counts once (its random bytes are remembered) and within 60 s either way.

import { createHmac, timingSafeEqual } from 'node:crypto'
import { tlv, tlvPlaces, tlvStart } from './tlv.ts'

export const proofBytes = 56
export const nonceBytes = 16
/** How far the stamp may lie from the reader's clock, either way, in milliseconds. */
export const proofWindowMs = 60_000

const stampBytes = 8
const macBytes = 32

export interface ProofStamp {
  /** Milliseconds since 1970. */
  readonly now: number
  /** 16 random bytes, never used before: `randomBytes(nonceBytes)`. */
  readonly nonce: Buffer
}

type ProofCheck =
  | { readonly ok: true; readonly stampedAt: number; readonly nonce: string }
  | { readonly ok: false; readonly reason: string }

/**
 * The same header with its proof filled in (a copy; the argument stays as it is).
 * Throws RangeError if the header has not exactly one TLV 0xEF of 56 bytes, or the nonce is not 16 bytes long.
 */
export function writeProof(key: Buffer, header: Buffer, { now, nonce }: ProofStamp): Buffer {
  const at = proofAt(header)
  if (at === null) throw new RangeError('a header needs exactly one proof TLV of 56 bytes')
  if (nonce.length !== nonceBytes) throw new RangeError(`a proof's nonce has ${nonceBytes} bytes, not ${nonce.length}`)
  const written = Buffer.from(header)
  written.writeBigUInt64BE(BigInt(now), at)
  nonce.copy(written, at + stampBytes)
  mac(key, written, at).copy(written, at + stampBytes + nonceBytes)
  return written
}

/**
 * Whether these bytes (one whole header, nothing after it) carry a fresh proof made with this key. Compared in constant
 * time. Says nothing of replay: hand `nonce` and `stampedAt` of a good one to a `ProofMemory`.
 */
export function checkProof(key: Buffer, header: Buffer, now: number): ProofCheck {
  const at = proofAt(header)
  if (at === null) return { ok: false, reason: 'the header has no proof of 56 bytes' }
  const macAt = at + stampBytes + nonceBytes
  if (!timingSafeEqual(mac(key, header, at), header.subarray(macAt, macAt + macBytes))) {
    return { ok: false, reason: 'the proof was made with another key or for another header' }
  }
  const stampedAt = Number(header.readBigUInt64BE(at))
  if (Math.abs(now - stampedAt) > proofWindowMs) return { ok: false, reason: 'the proof is stale; compare the clocks' }
  return { ok: true, stampedAt, nonce: header.toString('latin1', at + stampBytes, macAt) }
}

/** As whoever reads headers asks it; it may be kept elsewhere. */
export interface UsedProofs {
  /** True the first time that a proof is shown; false for a replay, or where that can no longer be told. */
  firstUse(proof: { readonly nonce: string; readonly stampedAt: number }, now: number): boolean | Promise<boolean>
}

export interface ProofMemory extends UsedProofs {
  firstUse(...shown: Parameters<UsedProofs['firstUse']>): boolean
  /** How many are remembered. */
  size(): number
}

/** How far a clock may be set back without a fresh proof being taken for one that was forgotten, in milliseconds. */
const keptMs = 3_600_000

/**
 * Remembers used proofs for an hour, which is longer than they are fresh, at most `capacity` of them; then those of the oldest
 * second are forgotten. From then on nothing stamped in or before that second counts, whatever the clock says: memory stays
 * bounded, and what is lost is patience with slow clocks and with those that are set back, never the refusal of a replay.
 */
export function createProofMemory(capacity = 200_000): ProofMemory {
  const bySecond = new Map<number, Set<string>>()
  let size = 0
  let floor = Number.NEGATIVE_INFINITY

  const forget = (second: number): void => {
    size -= bySecond.get(second)?.size ?? 0
    bySecond.delete(second)
    floor = Math.max(floor, second)
  }

  return {
    firstUse({ nonce, stampedAt }, now) {
      const second = Math.floor(stampedAt / 1000)
      for (const held of bySecond.keys()) if ((held + 1) * 1000 + keptMs < now) forget(held)
      if (second <= floor) return false
      const seen = bySecond.get(second) ?? new Set()
      if (seen.has(nonce)) return false
      bySecond.set(second, seen.add(nonce))
      size++
      while (size > capacity) forget(Math.min(...bySecond.keys()))
      return true
    },
    size: () => size,
  }
}

function proofAt(header: Buffer): number | null {
  const from = tlvStart(header)
  const places = from === null ? null : tlvPlaces(header, from, header.length)
  const proofs = places?.filter(({ type }) => type === tlv.PROOF.type) ?? []
  const [only] = proofs
  return proofs.length === 1 && only?.length === proofBytes ? only.at : null
}

function mac(key: Buffer, header: Buffer, at: number): Buffer {
  const macAt = at + stampBytes + nonceBytes
  return createHmac('sha256', key)
    .update(header.subarray(0, macAt))
    .update(Buffer.alloc(macBytes))
    .update(header.subarray(macAt + macBytes))
    .digest()
}
