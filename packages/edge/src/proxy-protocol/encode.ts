// Writes a PROXY protocol v2 header (haproxy's proxy-protocol.txt, section 2.2) as a cloud's load balancer would: real
// client address, destination, and the vendor TLV that names the private endpoint (layouts in tlv.ts). The counterpart
// of decode.ts; pure, so what the proof needs from the world (time, randomness) is an argument.

import { isIPv4, isIPv6 } from 'node:net'
import type { CloudProvider } from '@postern/contract/cloud'
import { type ProofStamp, proofBytes, writeProof } from './proof.ts'
import { fixedBytes, signature, tlv } from './tlv.ts'

interface Place {
  /** An IPv4 or IPv6 address in text; a zone (`%eth0`) is left out. */
  readonly address: string
  readonly port: number
}

/** An endpoint as the vendor's TLV names it: AWS `vpce-…`; Azure a uint32, GCP a uint64, both in decimal. */
export interface LinkIdentity {
  readonly provider: CloudProvider
  readonly linkId: string
}

export interface ProxyHeader extends LinkIdentity {
  readonly source: Place
  readonly destination: Place
  /** Null: no proof, for a gateway that trusts the address it is called from. */
  readonly proof: (ProofStamp & { readonly key: Buffer }) | null
}

const versionAndProxy = 0x21
const tcp4 = 0x11
const tcp6 = 0x21

/** The whole header. Throws RangeError for an address, port or link id that has no place in one. */
export function encodeProxyHeader({ source, destination, provider, linkId, proof }: ProxyHeader): Buffer {
  const block = addressBlock(source, destination)
  const body = Buffer.concat([
    block.bytes,
    vendorTlv({ provider, linkId }),
    ...(proof ? [oneTlv(tlv.PROOF.type, Buffer.alloc(proofBytes))] : []),
  ])
  const start = Buffer.alloc(fixedBytes)
  signature.copy(start)
  start[12] = versionAndProxy
  start[13] = block.family
  start.writeUInt16BE(body.length, 14)
  const header = Buffer.concat([start, body])
  return proof ? writeProof(proof.key, header, proof) : header
}

/** The vendor's TLV. Throws RangeError for a link id that this provider's layout cannot carry. */
export function vendorTlv({ provider, linkId }: LinkIdentity): Buffer {
  switch (provider) {
    case 'AWS': {
      if (!/^[A-Za-z0-9-]{1,255}$/.test(linkId)) throw new RangeError(`"${linkId}" is no AWS endpoint id`)
      return oneTlv(tlv.AWS.type, Buffer.concat([Buffer.of(tlv.AWS.subtype), Buffer.from(linkId, 'ascii')]))
    }
    case 'AZURE': {
      const value = Buffer.alloc(5)
      value[0] = tlv.AZURE.subtype
      value.writeUInt32LE(Number(decimal(linkId, 0xffff_ffffn, 'Azure LinkID')), 1)
      return oneTlv(tlv.AZURE.type, value)
    }
    case 'GCP': {
      const value = Buffer.alloc(8)
      value.writeBigUInt64BE(decimal(linkId, 0xffff_ffff_ffff_ffffn, 'GCP connection id'))
      return oneTlv(tlv.GCP.type, value)
    }
  }
}

function decimal(text: string, most: bigint, what: string): bigint {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) > most) throw new RangeError(`"${text}" is no ${what}`)
  return BigInt(text)
}

function oneTlv(type: number, value: Buffer): Buffer {
  const start = Buffer.alloc(3)
  start[0] = type
  start.writeUInt16BE(value.length, 1)
  return Buffer.concat([start, value])
}

/** IPv4 when both ends are, an IPv4-mapped one counting as IPv4; else both as IPv6. */
function addressBlock(source: Place, destination: Place): { readonly family: number; readonly bytes: Buffer } {
  const ends = [source, destination].map(({ address }) => ipBytes(address))
  const v4 = ends.every((bytes) => mappedV4(bytes) !== null)
  const ports = Buffer.alloc(4)
  ;[source, destination].forEach(({ port }, index) => {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`${port} is no port`)
    ports.writeUInt16BE(port, index * 2)
  })
  const addresses = v4 ? ends.map((bytes) => bytes.subarray(12)) : ends
  return { family: v4 ? tcp4 : tcp6, bytes: Buffer.concat([...addresses, ports]) }
}

const mappedPrefix = Buffer.from('00000000000000000000ffff', 'hex')

const mappedV4 = (bytes: Buffer): Buffer | null =>
  bytes.subarray(0, 12).equals(mappedPrefix) ? bytes.subarray(12) : null

/** Any IP address as 16 bytes, IPv4 in its mapped form (RFC 4291, 2.5.5.2). Throws RangeError for other text. */
export function ipBytes(text: string): Buffer {
  const [address = ''] = text.split('%')
  if (isIPv4(address)) return Buffer.concat([mappedPrefix, Buffer.from(address.split('.').map(Number))])
  if (!isIPv6(address)) throw new RangeError(`"${text}" is no IP address`)
  // A dotted tail (`::ffff:192.0.2.1`) is two groups in disguise.
  const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  )
  const [left = [], right] = hex.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  const groups = right ? [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right] : left
  const bytes = Buffer.alloc(16)
  groups.forEach((group, index) => {
    bytes.writeUInt16BE(Number.parseInt(group, 16), index * 2)
  })
  return bytes
}
