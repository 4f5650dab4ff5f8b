// Headers are literals: what a load balancer really sends, laid out by hand from haproxy's proxy-protocol.txt.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeProxyHeader } from './decode.ts'
import { maxHeaderBytes } from './tlv.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const start = '0d0a0d0a000d0a515549540a'
const tcp4 = 'cb007109 0a000001 c738 0400' // 203.0.113.9:51000 to 10.0.0.1:1024
const tcp6 = '20010db8000000000000000000000001 20010db8000000000000000000000002 c738 0400'
const aws = 'ea0017 01 767063652d3061316232633364346535663630373138' // vpce-0a1b2c3d4e5f60718

const lengthOf = (rest: string): string => hex(rest).length.toString(16).padStart(4, '0')
const proxy = (rest: string, family = '11'): Buffer => hex(`${start} 21 ${family} ${lengthOf(rest)} ${rest}`)
const withCrc = proxy(`${tcp4} 030004 a38f09a0 ${aws}`)
const decoded = (bytes: Buffer) => {
  const result = decodeProxyHeader(bytes)
  if (result.state !== 'header') throw new Error(`${result.state}${'reason' in result ? `: ${result.reason}` : ''}`)
  return result
}

describe('understood', () => {
  test('TCP over IPv4 with AWS’s TLV; what follows belongs to the stream', () => {
    const header = proxy(tcp4 + aws)
    expect(decoded(Buffer.concat([header, Buffer.from('more')]))).toEqual({
      state: 'header',
      length: header.length,
      header: {
        command: 'PROXY',
        source: { host: '203.0.113.9', port: 51_000 },
        destination: { host: '10.0.0.1', port: 1024 },
        link: { provider: 'AWS', linkId: 'vpce-0a1b2c3d4e5f60718' },
        tlvs: [{ type: 0xea, value: Buffer.from('\u0001vpce-0a1b2c3d4e5f60718') }],
      },
    })
  })

  test.each([
    {
      says: 'Azure’s LinkID is little-endian',
      tlvs: 'ee0005 01 40e20100',
      link: { provider: 'AZURE', linkId: '123456' },
    },
    { says: 'Azure’s largest', tlvs: 'ee0005 01 ffffffff', link: { provider: 'AZURE', linkId: '4294967295' } },
    {
      says: 'GCP’s pscConnectionId is big-endian and beyond 2^53',
      tlvs: 'e00008 fedcba9876543210',
      link: { provider: 'GCP', linkId: '18364758544493064720' },
    },
    { says: 'AWS with another subtype says nothing', tlvs: 'ea0002 0241', link: null },
    { says: 'Azure with another subtype says nothing', tlvs: 'ee0005 02 40e20100', link: null },
    { says: 'no TLV at all', tlvs: '', link: null },
    { says: 'TLVs that we do not know, a NOOP among them', tlvs: '040003000000 e10001ff', link: null },
    { says: 'a sound SSL TLV', tlvs: '20000d 01 00000000 21000576312e3200', link: null },
  ])('$says', ({ tlvs, link }) => {
    expect(decoded(proxy(tcp4 + tlvs)).header.link).toEqual(link)
  })

  test.each([
    { says: 'TCP over IPv6', bytes: proxy(tcp6, '21'), source: { host: '2001:db8::1', port: 51_000 } },
    {
      says: 'IPv4 in IPv6’s clothes',
      bytes: proxy(`00000000000000000000ffffcb007109 00000000000000000000000000000001 c738 0400`, '21'),
      source: { host: '203.0.113.9', port: 51_000 },
    },
    { says: 'UNIX: no addresses for us', bytes: proxy('00'.repeat(216) + aws, '31'), source: null },
    { says: 'UNSPEC: no addresses', bytes: proxy(aws, '00'), source: null },
  ])('$says', ({ bytes, source }) => {
    expect(decoded(bytes).header.source).toEqual(source)
  })

  test.each([
    { says: 'without anything', bytes: hex(`${start} 20 00 0000`), length: 16 },
    {
      says: 'with a block that is skipped unread, of a family that we do not know',
      bytes: hex(`${start} 20 ff 0003 aabbcc`),
      length: 19,
    },
  ])('LOCAL $says', ({ bytes, length }) => {
    expect(decoded(bytes)).toMatchObject({ length, header: { command: 'LOCAL', link: null, source: null, tlvs: [] } })
  })

  test('a header with a right CRC32C (computed bit by bit, elsewhere)', () => {
    expect(decoded(withCrc).header.link).toEqual({ provider: 'AWS', linkId: 'vpce-0a1b2c3d4e5f60718' })
  })

  test('a header of the greatest length', () => {
    const room = maxHeaderBytes - 16 - 12 - 3
    const bytes = proxy(`${tcp4}04${room.toString(16).padStart(4, '0')}${'00'.repeat(room)}`)
    expect(decoded(bytes).length).toBe(maxHeaderBytes)
  })
})

describe('asks for more', () => {
  const whole = proxy(tcp4 + aws)
  test.each(Array.from(whole.keys()))('after the first %i bytes', (length) => {
    expect(decodeProxyHeader(whole.subarray(0, length))).toEqual({ state: 'more' })
  })
})

describe('refused', () => {
  test.each([
    { says: 'another first byte, at once', bytes: hex('16') },
    { says: 'a version 1 header', bytes: Buffer.from('PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n') },
    { says: 'a signature with a wrong last byte', bytes: hex('0d0a0d0a000d0a515549540b') },
    { says: 'version 1 in a version 2 header', bytes: hex(`${start} 11`) },
    { says: 'version 3', bytes: hex(`${start} 31`) },
    { says: 'command 2', bytes: hex(`${start} 22`) },
    { says: 'UDP', bytes: hex(`${start} 21 12`) },
    { says: 'a family that does not exist', bytes: hex(`${start} 21 41`) },
    { says: 'a length above the limit, before it is there', bytes: hex(`${start} 21 11 0ff1`) },
    { says: 'an address block cut short', bytes: hex(`${start} 21 11 000b ${tcp4.replaceAll(' ', '').slice(0, 22)}`) },
    { says: 'a TLV longer than the header', bytes: proxy(`${tcp4} ea0005 0141`) },
    { says: 'a TLV without its length', bytes: proxy(`${tcp4} ea00`) },
    { says: 'a TLV inside the SSL TLV that is too long', bytes: proxy(`${tcp4} 200009 01 00000000 210005 76`) },
    { says: 'an SSL TLV of three bytes', bytes: proxy(`${tcp4} 200003 010000`) },
    { says: 'a wrong CRC32C', bytes: proxy(`${tcp4} 030004 12345678 ${aws}`) },
    { says: 'a CRC32C of three bytes', bytes: proxy(`${tcp4} 030003 123456`) },
    { says: 'two endpoints of one cloud', bytes: proxy(tcp4 + aws + aws) },
    { says: 'endpoints of two clouds', bytes: proxy(`${tcp4}${aws} ee0005 01 40e20100`) },
    { says: 'an AWS id with a line break', bytes: proxy(`${tcp4} ea0004 01 610a62`) },
    { says: 'an AWS id of no bytes', bytes: proxy(`${tcp4} ea0001 01`) },
    { says: 'an Azure LinkID of three bytes', bytes: proxy(`${tcp4} ee0004 01 010203`) },
    { says: 'a GCP id of four bytes', bytes: proxy(`${tcp4} e00004 01020304`) },
  ])('$says', ({ bytes }) => {
    expect(decodeProxyHeader(bytes)).toMatchObject({ state: 'refused', reason: expect.any(String) })
  })

  test('any single bit flipped in a header with a CRC32C, or more is asked for', () => {
    const typeOfCrc = 28 // turned into another type, there is no checksum to be wrong
    for (let bit = 0; bit < withCrc.length * 8; bit++) {
      if (bit >> 3 === typeOfCrc) continue
      const flipped = Buffer.from(withCrc)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const result = decodeProxyHeader(flipped)
      // PROXY turned into LOCAL is a sound health check, and lets nobody in
      if (result.state === 'header') expect(result.header.command).toBe('LOCAL')
    }
  })
})

test('any bytes are refused, asked for more, or a header no longer than what is there', () => {
  const framed = fc
    .tuple(fc.constantFrom(0x20, 0x21), fc.constantFrom(0x00, 0x11, 0x21, 0x31), fc.uint8Array({ maxLength: 300 }))
    .map(([command, family, body]) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(body.length)
      return Buffer.concat([hex(start), Buffer.from([command, family]), length, body])
    })
  const garbage = fc.uint8Array({ maxLength: 100 }).map((array) => Buffer.from(array))
  fc.assert(
    fc.property(fc.oneof(framed, garbage), (bytes) => {
      const result = decodeProxyHeader(bytes)
      if (result.state === 'header') expect(result.length).toBeLessThanOrEqual(bytes.length)
    }),
    { seed: 20_261_124, numRuns: 2000 },
  )
})
