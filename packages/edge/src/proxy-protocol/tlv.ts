// The layout of PROXY protocol v2 (haproxy's proxy-protocol.txt, section 2.2) and the TLV types that tell through which
// private endpoint a connection came. Vendor layouts: AWS 0xEA (subtype 0x01, then the VPC endpoint id in ASCII), Azure
// 0xEE (subtype 0x01, LinkID as uint32 little-endian), GCP 0xE0 (pscConnectionId as uint64 big-endian). 0xEF is our
// own: the forwarder's proof, see proof.ts. Only positions are found here; what they mean is decode.ts's.

export const tlv = {
  AWS: { type: 0xea, subtype: 0x01 },
  AZURE: { type: 0xee, subtype: 0x01 },
  GCP: { type: 0xe0 },
  PROOF: { type: 0xef },
  CRC32C: { type: 0x03 },
  SSL: { type: 0x20 },
} as const

/** The longest header that is read before the peer is refused, in bytes (16 + length). */
export const maxHeaderBytes = 4096

export const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')

/** Signature, version and command, family, length: what stands before the addresses. */
export const fixedBytes = 16

/** Family byte (address family and transport) to the size of the address block; a byte that is missing is refused. */
export const addressBytes: ReadonlyMap<number, number> = new Map([
  [0x00, 0], // UNSPEC: no addresses, though TLVs may follow
  [0x11, 12], // TCP over IPv4
  [0x21, 36], // TCP over IPv6
  [0x31, 216], // UNIX stream
])

/** One TLV by position: `at` is where its value begins. */
export interface TlvPlace {
  readonly type: number
  readonly at: number
  readonly length: number
}

/** Every TLV between two positions, in order; null when one of them does not end where its length says. */
export function tlvPlaces(bytes: Buffer, from: number, to: number): readonly TlvPlace[] | null {
  const places: TlvPlace[] = []
  let position = from
  while (position < to) {
    if (position + 3 > to) return null
    const length = bytes.readUInt16BE(position + 1)
    if (position + 3 + length > to) return null
    places.push({ type: bytes[position] ?? 0, at: position + 3, length })
    position += 3 + length
  }
  return places
}

/** Where a whole header's TLVs begin; null for a family without a known address size or a block that is too short. */
export function tlvStart(header: Buffer): number | null {
  const addresses = header.length < fixedBytes ? undefined : addressBytes.get(header[13] ?? 0xff)
  if (addresses === undefined || fixedBytes + addresses > header.length) return null
  return fixedBytes + addresses
}
