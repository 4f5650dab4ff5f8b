// TLV types of PROXY protocol v2 that tell through which private endpoint a connection came. Vendor layouts: AWS 0xEA
// (subtype 0x01, then the VPC endpoint id in ASCII), Azure 0xEE (subtype 0x01, LinkID as uint32 little-endian), GCP
// 0xE0 (pscConnectionId as uint64 big-endian). 0xEF is our own: the forwarder's proof, see proof.ts.

export const tlv = {
  AWS: { type: 0xea, subtype: 0x01 },
  AZURE: { type: 0xee, subtype: 0x01 },
  GCP: { type: 0xe0 },
  PROOF: { type: 0xef },
  CRC32C: { type: 0x03 },
} as const

/** The longest header that is read before the peer is refused, in bytes (16 + length). */
export const maxHeaderBytes = 4096
