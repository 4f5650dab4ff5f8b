// CRC-32C (Castagnoli, polynomial 0x1EDC6F41, reflected), as PROXY v2's TLV 0x03 and OP_MSG's checksum use it. Node has
// only CRC-32 of zlib, which is another polynomial. Check value of "123456789": e3069283.

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1
  return rest >>> 0
})

/** The checksum of these bytes as an unsigned 32-bit number; `before` continues an earlier one. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let crc = ~before >>> 0
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0)
  return ~crc >>> 0
}
