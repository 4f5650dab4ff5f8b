// A PROXY protocol v2 header from hostile bytes (haproxy's proxy-protocol.txt, section 2.2). Asks for more until the
// whole header is there, never for more than `maxHeaderBytes`, and refuses as soon as a byte is wrong. What follows the
// header belongs to the stream. Whether the header may be believed is not decided here: see proof.ts and admit.ts.
// LOCAL is accepted and its block skipped unread, as the text demands. Everything that could be read in two ways is
// refused: a link id given twice, a TLV or nested TLV that does not end where its length says, a wrong CRC32C.

import { isIPv4 } from 'node:net'
import type { CloudProvider } from '@postern/contract/cloud'
import { crc32c } from '../gateway/wire/crc32c.ts'
import { addressBytes, fixedBytes, maxHeaderBytes, signature, type TlvPlace, tlv, tlvPlaces } from './tlv.ts'

interface ProxyAddress {
  readonly host: string
  readonly port: number
}

export interface ProxyHeader {
  readonly command: 'LOCAL' | 'PROXY'
  /** The client as the sender saw it; null for LOCAL, UNSPEC and UNIX. */
  readonly source: ProxyAddress | null
  readonly destination: ProxyAddress | null
  /** Through which private endpoint, in the form of `GatewayEndpoint.linkIds`; null when no vendor's TLV says so. */
  readonly link: { readonly provider: CloudProvider; readonly linkId: string } | null
  readonly tlvs: readonly { readonly type: number; readonly value: Buffer }[]
}

export type Decoded =
  | { readonly state: 'more' }
  | { readonly state: 'refused'; readonly reason: string }
  | { readonly state: 'header'; readonly length: number; readonly header: ProxyHeader }

const refused = (reason: string): Decoded => ({ state: 'refused', reason })

/** Reads the header at the front of `bytes`; `length` of a found one is how many bytes it took. Never throws. */
export function decodeProxyHeader(bytes: Buffer): Decoded {
  const seen = Math.min(bytes.length, signature.length)
  if (!bytes.subarray(0, seen).equals(signature.subarray(0, seen))) return refused('no PROXY v2 signature')
  const [command, family] = [bytes[12], bytes[13]]
  if (command !== undefined && command >> 4 !== 2) return refused(`PROXY version ${command >> 4}`)
  if (command !== undefined && command !== 0x20 && command !== 0x21) return refused(`PROXY command ${command & 0x0f}`)
  if (family !== undefined && command === 0x21 && !addressBytes.has(family)) return refused(`address family ${family}`)
  if (bytes.length < fixedBytes) return { state: 'more' }

  const length = fixedBytes + bytes.readUInt16BE(14)
  if (length > maxHeaderBytes) return refused(`a header of ${length} bytes; at most ${maxHeaderBytes} are read`)
  if (bytes.length < length) return { state: 'more' }
  if (command === 0x20) {
    return {
      state: 'header',
      length,
      header: { command: 'LOCAL', source: null, destination: null, link: null, tlvs: [] },
    }
  }

  const header = bytes.subarray(0, length)
  const from = fixedBytes + (addressBytes.get(family ?? 0xff) ?? 0)
  if (from > length) return refused('the address block is cut short')
  const places = tlvPlaces(header, from, length)
  if (places === null) return refused('a TLV does not end where its length says')
  const wrong = wrongChecksum(header, places) ?? wrongNesting(header, places)
  if (wrong !== null) return refused(wrong)
  const link = linkOf(header, places)
  if (link !== null && 'reason' in link) return refused(link.reason)

  const tlvs = places.map(({ type, at, length }) => ({ type, value: Buffer.from(header.subarray(at, at + length)) }))
  return { state: 'header', length, header: { command: 'PROXY', ...addresses(header, family ?? 0), link, tlvs } }
}

function addresses(header: Buffer, family: number): Pick<ProxyHeader, 'source' | 'destination'> {
  if (family === 0x11) {
    return {
      source: { host: ipv4(header, 16), port: header.readUInt16BE(24) },
      destination: { host: ipv4(header, 20), port: header.readUInt16BE(26) },
    }
  }
  if (family === 0x21) {
    return {
      source: { host: ipv6(header.subarray(16, 32)), port: header.readUInt16BE(48) },
      destination: { host: ipv6(header.subarray(32, 48)), port: header.readUInt16BE(50) },
    }
  }
  return { source: null, destination: null }
}

const ipv4 = (bytes: Buffer, at: number): string => `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`

/** The canonical text of an IPv6 address, a mapped IPv4 one as IPv4. The platform's own URL parser does the folding. */
function ipv6(bytes: Buffer): string {
  const mapped = bytes.subarray(0, 12).equals(Buffer.from('00000000000000000000ffff', 'hex'))
  const v4 = ipv4(bytes, 12)
  if (mapped && isIPv4(v4)) return v4
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

function wrongChecksum(header: Buffer, places: readonly TlvPlace[]): string | null {
  for (const { type, at, length } of places) {
    if (type !== tlv.CRC32C.type) continue
    if (length !== 4) return `a CRC32C TLV of ${length} bytes`
    const zeroed = Buffer.from(header).fill(0, at, at + 4)
    if (crc32c(zeroed) !== header.readUInt32BE(at)) return 'the CRC32C does not fit the header'
  }
  return null
}

/** PP2_TYPE_SSL is the one TLV that holds others: one byte of flags, four of verification, then TLVs. */
function wrongNesting(header: Buffer, places: readonly TlvPlace[]): string | null {
  const ssl = places.filter(({ type }) => type === tlv.SSL.type)
  const sound = ssl.every(({ at, length }) => length >= 5 && tlvPlaces(header, at + 5, at + length) !== null)
  return sound ? null : 'a TLV inside the SSL TLV does not end where its length says'
}

type Link = NonNullable<ProxyHeader['link']>

const linkReaders: ReadonlyMap<number, (value: Buffer) => Link | string | null> = new Map([
  [tlv.AWS.type, readAws],
  [tlv.AZURE.type, readAzure],
  [tlv.GCP.type, readGcp],
])

function linkOf(header: Buffer, places: readonly TlvPlace[]): Link | { readonly reason: string } | null {
  let found: Link | null = null
  for (const { type, at, length } of places) {
    const link = linkReaders.get(type)?.(header.subarray(at, at + length)) ?? null
    if (typeof link === 'string') return { reason: link }
    if (link !== null && found !== null) return { reason: 'the header names two private endpoints' }
    found = link ?? found
  }
  return found
}

function readAws(value: Buffer): Link | string | null {
  if (value[0] !== tlv.AWS.subtype) return null // other subtypes are not about endpoints
  const linkId = value.toString('latin1', 1)
  return /^[A-Za-z0-9-]{1,255}$/.test(linkId) ? { provider: 'AWS', linkId } : 'the AWS TLV holds no VPC endpoint id'
}

function readAzure(value: Buffer): Link | string | null {
  if (value[0] !== tlv.AZURE.subtype) return null
  if (value.length !== 5) return 'the Azure TLV holds no LinkID'
  return { provider: 'AZURE', linkId: String(value.readUInt32LE(1)) }
}

function readGcp(value: Buffer): Link | string {
  if (value.length !== 8) return 'the GCP TLV holds no pscConnectionId'
  return { provider: 'GCP', linkId: String(value.readBigUInt64BE(0)) } // beyond 2^53
}
