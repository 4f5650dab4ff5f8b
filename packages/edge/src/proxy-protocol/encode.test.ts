// Headers against literal bytes (made by hand from the specification, not by our own code), then round trips through
// our decoder, which has literals of its own.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeProxyHeader } from './decode.ts'
import { encodeProxyHeader, ipBytes, vendorTlv } from './encode.ts'
import { checkProof } from './proof.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')
const key = Buffer.alloc(32, 7)

describe('whole headers', () => {
  test('AWS over IPv4', () => {
    const header = encodeProxyHeader({
      source: { address: '192.0.2.9', port: 50_000 },
      destination: { address: '127.1.2.3', port: 1024 },
      provider: 'AWS',
      linkId: 'vpce-0123456789abcdef0',
      proof: null,
    })
    expect(header).toEqual(
      hex(`0d0a0d0a000d0a515549540a 21 11 0026
        c0000209 7f010203 c350 0400
        ea 0017 01 767063652d30313233343536373839616263646566 30`),
    )
  })

  test('Azure over IPv6; an IPv4 end beside an IPv6 one is written in its mapped form', () => {
    const header = encodeProxyHeader({
      source: { address: '::1', port: 40_000 },
      destination: { address: '127.0.0.1', port: 1025 },
      provider: 'AZURE',
      linkId: '16909060',
      proof: null,
    })
    expect(header).toEqual(
      hex(`0d0a0d0a000d0a515549540a 21 21 002c
        00000000000000000000000000000001 00000000000000000000ffff7f000001 9c40 0401
        ee 0005 01 04030201`),
    )
  })

  test('GCP, its connection id beyond 2^53; IPv4-mapped ends are IPv4', () => {
    const header = encodeProxyHeader({
      source: { address: '::ffff:10.0.0.1', port: 1 },
      destination: { address: '::ffff:10.0.0.2', port: 2 },
      provider: 'GCP',
      linkId: '72057594037927937',
      proof: null,
    })
    expect(header).toEqual(
      hex(`0d0a0d0a000d0a515549540a 21 11 0017
        0a000001 0a000002 0001 0002
        e0 0008 0100000000000001`),
    )
  })

  test('the proof stands last, covers the header, and fits no other key', () => {
    const stamp = { now: 1_700_000_000_000, nonce: Buffer.alloc(16, 3) }
    const header = encodeProxyHeader({
      source: { address: '127.0.0.1', port: 5 },
      destination: { address: '127.0.0.1', port: 6 },
      provider: 'AZURE',
      linkId: '1',
      proof: { key, ...stamp },
    })
    expect(header.subarray(0, 60)).toEqual(
      hex(`0d0a0d0a000d0a515549540a 21 11 004f
        7f000001 7f000001 0005 0006
        ee 0005 01 01000000
        ef 0038 0000018bcfe56800 03030303030303030303030303`),
    )
    expect(header).toHaveLength(16 + 0x4f)
    expect(checkProof(key, header, stamp.now).ok).toBe(true)
    expect(checkProof(Buffer.alloc(32, 8), header, stamp.now).ok).toBe(false)
  })
})

describe('what has no place in a header is refused', () => {
  test.each([
    { says: 'an AWS id with a space', provider: 'AWS', linkId: 'vpce 1' },
    { says: 'an empty AWS id', provider: 'AWS', linkId: '' },
    { says: 'an Azure LinkID beyond 32 bits', provider: 'AZURE', linkId: '4294967296' },
    { says: 'a negative Azure LinkID', provider: 'AZURE', linkId: '-1' },
    { says: 'a GCP id beyond 64 bits', provider: 'GCP', linkId: '18446744073709551616' },
    { says: 'a GCP id in hex', provider: 'GCP', linkId: '0x10' },
  ] as const)('$says', ({ provider, linkId }) => {
    expect(() => vendorTlv({ provider, linkId })).toThrow(RangeError)
  })

  test.each(['', 'localhost', '1.2.3', '1.2.3.256', ':::', '12345::'])('the address "%s"', (address) => {
    expect(() => ipBytes(address)).toThrow(RangeError)
  })
})

test.each([
  { says: 'a zone is left out', text: 'fe80::1%eth0', bytes: 'fe80 0000 0000 0000 0000 0000 0000 0001' },
  { says: 'nothing shortened', text: '1:2:3:4:5:6:7:8', bytes: '0001 0002 0003 0004 0005 0006 0007 0008' },
  { says: 'shortened at the end', text: '2001:db8::', bytes: '2001 0db8 0000 0000 0000 0000 0000 0000' },
  { says: 'all zero', text: '::', bytes: '0000 0000 0000 0000 0000 0000 0000 0000' },
  { says: 'a dotted tail', text: '64:ff9b::192.0.2.33', bytes: '0064 ff9b 0000 0000 0000 0000 c000 0221' },
])('address to bytes, $says: $text', ({ text, bytes }) => {
  expect(ipBytes(text)).toEqual(hex(bytes))
})

test('the decoder reads back what was written, for any addresses, ports and link ids, and nothing beyond it', () => {
  const place = (address: fc.Arbitrary<string>) => fc.record({ address, port: fc.integer({ min: 0, max: 65_535 }) })
  const ends = fc.oneof(fc.tuple(place(fc.ipV4()), place(fc.ipV4())), fc.tuple(place(fc.ipV6()), place(fc.ipV6())))
  const link = fc.oneof(
    fc.record({ provider: fc.constant('AWS' as const), linkId: fc.stringMatching(/^vpce-[0-9a-f]{17}$/) }),
    fc.record({ provider: fc.constant('AZURE' as const), linkId: fc.nat(0xffff_ffff).map(String) }),
    fc.record({ provider: fc.constant('GCP' as const), linkId: fc.bigInt(0n, 2n ** 64n - 1n).map(String) }),
  )
  const proof = fc.option(fc.record({ now: fc.nat(2 ** 31), nonce: fc.uint8Array({ minLength: 16, maxLength: 16 }) }))
  fc.assert(
    fc.property(ends, link, proof, ([source, destination], identity, stamp) => {
      const proof = stamp && { key, now: stamp.now, nonce: Buffer.from(stamp.nonce) }
      const header = encodeProxyHeader({ source, destination, ...identity, proof })
      const decoded = decodeProxyHeader(Buffer.concat([header, Buffer.from('rest of the stream')]))
      expect(decoded).toMatchObject({ state: 'header', length: header.length, header: { link: identity } })
      if (decoded.state !== 'header') return
      expect(decoded.header.source?.port).toBe(source.port)
      expect(decoded.header.destination?.port).toBe(destination.port)
      expect(ipBytes(decoded.header.source?.host ?? '')).toEqual(ipBytes(source.address))
      expect(ipBytes(decoded.header.destination?.host ?? '')).toEqual(ipBytes(destination.address))
      if (proof) expect(checkProof(key, header, proof.now).ok).toBe(true)
    }),
    { numRuns: 300 },
  )
})
