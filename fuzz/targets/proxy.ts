// The PROXY protocol's header from whoever connects.

import { decodeProxyHeader } from '../../packages/edge/src/proxy-protocol/decode.ts'
import { encodeProxyHeader } from '../../packages/edge/src/proxy-protocol/encode.ts'
import { checkProof, writeProof } from '../../packages/edge/src/proxy-protocol/proof.ts'
import { maxHeaderBytes } from '../../packages/edge/src/proxy-protocol/tlv.ts'
import type { Target } from '../engine/explore.ts'
import { withinBytes } from './allocation.ts'
import { promise, same } from './promise.ts'

const key = Buffer.alloc(32, 1)
const stamp = { now: Date.UTC(2026, 0, 1), nonce: Buffer.alloc(16, 2) }
const source = { address: '198.51.100.7', port: 40_000 }
const destination = { address: '10.0.0.5', port: 1024 }
const six = { address: '2001:db8::7', port: 1 }

export const proxyHeader: Target = {
  says: 'a header is read once it is whole, never by its front; what is read can be written and read again',
  longest: 4200,
  seeds: () => [
    encodeProxyHeader({ source, destination, provider: 'AWS', linkId: 'vpce-0123456789abcdef0', proof: null }),
    encodeProxyHeader({ source, destination: six, provider: 'AZURE', linkId: '4294967295', proof: null }),
    encodeProxyHeader({
      source: six,
      destination,
      provider: 'GCP',
      linkId: '18446744073709551615',
      proof: { ...stamp, key },
    }),
    Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex'),
    Buffer.from('0d0a0d0a000d0a515549540a21110018c0a80001c0a800020001000203000400000000200002ffff', 'hex'),
  ],
  run(input) {
    const bytes = withStamp(input)
    const decoded = withinBytes(4 * maxHeaderBytes, () => decodeProxyHeader(bytes))
    for (let size = 0; size < bytes.length; size += 1 + (size >> 3)) {
      const front = decodeProxyHeader(bytes.subarray(0, size))
      if (decoded.state === 'header' && size < decoded.length) same(front.state, 'more', 'a front of it was judged')
      if (front.state === 'refused') same(decoded, front, 'more bytes made good what was refused')
      if (front.state === 'header') same(decoded, front, 'what follows the header changed it')
    }
    if (decoded.state === 'more') promise(bytes.length < maxHeaderBytes, 'more is asked for than a header may have')
    if (decoded.state !== 'header') return
    promise(decoded.length <= Math.min(bytes.length, maxHeaderBytes), 'it is longer than what there is')
    const { link, tlvs, ...ends } = decoded.header
    promise(tlvs.reduce((sum, { value }) => sum + value.length, 0) <= decoded.length, 'its parts are longer than it')
    if (link === null || ends.source === null || ends.destination === null) return
    const written = encodeProxyHeader({
      ...link,
      source: { address: ends.source.host, port: ends.source.port },
      destination: { address: ends.destination.host, port: ends.destination.port },
      proof: null,
    })
    const again = decodeProxyHeader(written)
    promise(again.state === 'header', 'what was written is not read')
    same({ ...again.header, tlvs }, decoded.header, 'it is read as something else')
  },
}

/** Our proof over these bytes where they have room for one, so that the search gets past it. */
function withStamp(bytes: Buffer): Buffer {
  if (bytes.length < 16 || bytes.length > maxHeaderBytes) return bytes
  try {
    const written = writeProof(key, bytes, stamp)
    same(checkProof(key, written, stamp.now).ok, true, 'our own proof is refused')
    same(checkProof(Buffer.alloc(32, 9), written, stamp.now).ok, false, 'a proof by another key is taken')
    return written
  } catch (error) {
    if (error instanceof RangeError) return bytes
    throw error
  }
}
