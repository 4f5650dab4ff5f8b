// The authoritative answers, row by row: queries made and responses read by the codec, except where its reading would
// hide something (cases, framing, hostile bytes), which stands in literal bytes.

import { type Answer, type DecodedPacket, decode, encode, type OptAnswer } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerQuery } from './answer.ts'
import { buildZone } from './zone.ts'

const d = 'postern.internal'
const host = `pl-0-us-east-1.k45tj.${d}`
const cluster = `cluster0-pl-0.k45tj.${d}`
const srv = (port: number) =>
  ({ type: 'SRV', name: `_mongodb._tcp.${cluster}`, ttl: 60, priority: 0, weight: 0, port, target: host }) as const

const { zone } = buildZone(
  {
    epoch: 'E',
    n: 2 ** 32 + 41,
    body: {
      domain: d,
      records: [
        { type: 'A', name: host, ttl: 60, value: '127.84.1.1' },
        { type: 'AAAA', name: host, ttl: 60, value: '::1' },
        srv(1024),
        srv(1025),
        srv(1026),
        { type: 'TXT', name: cluster, ttl: 60, value: 'authSource=admin&replicaSet=rs0' },
        { type: 'TXT', name: `long.${d}`, ttl: 60, value: 'x'.repeat(300) },
        { type: 'CNAME', name: `old.${d}`, ttl: 30, value: host },
        { type: 'CNAME', name: `older.${d}`, ttl: 30, value: `old.${d}` },
        { type: 'CNAME', name: `away.${d}`, ttl: 30, value: 'example.com' },
        { type: 'CNAME', name: `dangling.${d}`, ttl: 30, value: `nothing.${d}` },
        { type: 'CNAME', name: `round.${d}`, ttl: 30, value: `about.${d}` },
        { type: 'CNAME', name: `about.${d}`, ttl: 30, value: `round.${d}` },
        ...Array.from({ length: 60 }, (_, index) => ({
          type: 'A' as const,
          name: `many.${d}`,
          ttl: 60,
          value: `127.0.0.${index + 1}`,
        })),
      ],
    },
  },
  '127.0.0.1',
)

const opt = (change: Partial<OptAnswer> = {}): OptAnswer => ({
  type: 'OPT',
  name: '.',
  udpPayloadSize: 4096,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
  ...change,
})

/** The codec knows ANY, which its types do not. */
const query = (name: string, type: string, additionals: OptAnswer[] = []): Buffer =>
  encode({ type: 'query', id: 77, flags: 0x0100, questions: [{ name, type: type as 'A' }], additionals })

type Read = DecodedPacket & { readonly rcode: string }
const read = (response: Buffer | null): Read => {
  if (!response) throw new Error('no response')
  return decode(response) as Read
}
const ask = (
  name: string,
  type: string,
  options: { readonly transport?: 'udp' | 'tcp'; readonly opt?: OptAnswer } = {},
) =>
  read(
    answerQuery(zone, query(name, type, options.opt ? [options.opt] : []), { transport: options.transport ?? 'tcp' }),
  )

const brief = (records: readonly Answer[] | undefined): string[] =>
  (records ?? []).flatMap((record) => {
    if (record.type === 'OPT') return []
    const { data } = record
    const text = Array.isArray(data) ? Buffer.concat(data as Buffer[]).toString() : JSON.stringify(data)
    return [`${record.name} ${'ttl' in record ? record.ttl : ''} ${record.type} ${text}`]
  })

const soa = `${d} 10 SOA {"mname":"ns.${d}","rname":"hostmaster.${d}","serial":41,"refresh":300,"retry":60,"expire":86400,"minimum":10}`
const absent = [soa]

const rows: readonly {
  readonly says: string
  readonly name: string
  readonly type: string
  readonly rcode?: string
  readonly answers?: readonly string[]
  readonly authorities?: readonly string[]
  readonly additionals?: readonly string[]
}[] = [
  { says: 'A', name: host, type: 'A', answers: [`${host} 60 A "127.84.1.1"`] },
  { says: 'AAAA', name: host, type: 'AAAA', answers: [`${host} 60 AAAA "::1"`] },
  {
    says: 'SRV, with the addresses of its targets once beside it',
    name: `_mongodb._tcp.${cluster}`,
    type: 'SRV',
    answers: [1024, 1025, 1026].map(
      (port) => `_mongodb._tcp.${cluster} 60 SRV {"priority":0,"weight":0,"port":${port},"target":"${host}"}`,
    ),
    additionals: [`${host} 60 A "127.84.1.1"`, `${host} 60 AAAA "::1"`],
  },
  { says: 'TXT', name: cluster, type: 'TXT', answers: [`${cluster} 60 TXT authSource=admin&replicaSet=rs0`] },
  { says: 'TXT beyond 255 bytes', name: `long.${d}`, type: 'TXT', answers: [`long.${d} 60 TXT ${'x'.repeat(300)}`] },
  {
    says: 'an alias is followed',
    name: `old.${d}`,
    type: 'A',
    answers: [`old.${d} 30 CNAME "${host}"`, `${host} 60 A "127.84.1.1"`],
  },
  {
    says: 'an alias of an alias is followed',
    name: `older.${d}`,
    type: 'AAAA',
    answers: [`older.${d} 30 CNAME "old.${d}"`, `old.${d} 30 CNAME "${host}"`, `${host} 60 AAAA "::1"`],
  },
  { says: 'an alias itself', name: `older.${d}`, type: 'CNAME', answers: [`older.${d} 30 CNAME "old.${d}"`] },
  {
    says: 'an alias to elsewhere stands alone',
    name: `away.${d}`,
    type: 'A',
    answers: [`away.${d} 30 CNAME "example.com"`],
  },
  {
    says: 'an alias to a name without that type: nothing more, and the SOA',
    name: `old.${d}`,
    type: 'TXT',
    answers: [`old.${d} 30 CNAME "${host}"`],
    authorities: absent,
  },
  {
    says: 'an alias to nothing (RFC 6604: the last name decides)',
    name: `dangling.${d}`,
    type: 'A',
    rcode: 'NXDOMAIN',
    answers: [`dangling.${d} 30 CNAME "nothing.${d}"`],
    authorities: absent,
  },
  { says: 'SOA: the serial is the snapshot number modulo 2^32', name: d, type: 'SOA', answers: [soa] },
  {
    says: 'NS at the apex, with its address',
    name: d,
    type: 'NS',
    answers: [`${d} 60 NS "ns.${d}"`],
    additionals: [`ns.${d} 60 A "127.0.0.1"`],
  },
  { says: 'no such name', name: `nothing.${d}`, type: 'A', rcode: 'NXDOMAIN', authorities: absent },
  { says: 'no such type at this name', name: cluster, type: 'A', authorities: absent },
  { says: 'a type that we never hold', name: host, type: 'MX', authorities: absent },
  {
    says: 'a name that only has names below it exists (RFC 8020)',
    name: `_tcp.${cluster}`,
    type: 'SRV',
    authorities: absent,
  },
  { says: 'no address at the apex', name: d, type: 'A', authorities: absent },
  {
    says: 'ANY is answered with HINFO (RFC 8482)',
    name: host,
    type: 'ANY',
    answers: [`${host} 3600 HINFO {"cpu":"RFC8482","os":""}`],
  },
  { says: 'ANY of nothing', name: `nothing.${d}`, type: 'ANY', rcode: 'NXDOMAIN', authorities: absent },
]

test.each(rows)(
  '$says: $name $type',
  ({ name, type, rcode = 'NOERROR', answers = [], authorities = [], additionals = [] }) => {
    const response = ask(name, type)
    expect(response.rcode).toBe(rcode)
    expect(response).toMatchObject({
      id: 77,
      flag_qr: true,
      flag_aa: true,
      flag_ra: false,
      flag_rd: true,
      flag_tc: false,
    })
    expect(brief(response.answers)).toEqual(answers)
    expect(brief(response.authorities)).toEqual(authorities)
    expect(brief(response.additionals)).toEqual(additionals)
  },
)

test('aliases in a circle come to an end', () => {
  expect(ask(`round.${d}`, 'A').answers?.length).toBeLessThan(12)
})

describe('refusals', () => {
  const changed = (bytes: Buffer, at: number, value: number): Buffer => {
    const copy = Buffer.from(bytes)
    copy.writeUInt16BE(value, at)
    return copy
  }
  const plain = query(host, 'A')
  const classAt = plain.length - 2
  test.each([
    { says: 'a name of another zone', bytes: query('example.com', 'A'), rcode: 'REFUSED' },
    { says: 'a name that only ends alike', bytes: query(`not${d}`, 'A'), rcode: 'REFUSED' },
    { says: 'the root', bytes: query('.', 'NS'), rcode: 'REFUSED' },
    { says: 'zone transfer', bytes: query(d, 'AXFR'), rcode: 'REFUSED' },
    { says: 'incremental zone transfer', bytes: query(d, 'IXFR'), rcode: 'REFUSED' },
    { says: 'class CHAOS', bytes: changed(plain, classAt, 3), rcode: 'REFUSED' },
    { says: 'class ANY', bytes: changed(plain, classAt, 255), rcode: 'REFUSED' },
    { says: 'opcode NOTIFY', bytes: changed(plain, 2, 4 << 11), rcode: 'NOTIMP' },
    { says: 'opcode UPDATE', bytes: changed(plain, 2, 5 << 11), rcode: 'NOTIMP' },
    {
      says: 'no question',
      bytes: Buffer.from('004d 0100 0000 0000 0000 0000'.replaceAll(' ', ''), 'hex'),
      rcode: 'FORMERR',
    },
    {
      says: 'two questions',
      bytes: encode({
        type: 'query',
        id: 77,
        questions: [
          { name: host, type: 'A' },
          { name: host, type: 'AAAA' },
        ],
      }),
      rcode: 'FORMERR',
    },
    { says: 'a question cut short', bytes: plain.subarray(0, -1), rcode: 'FORMERR' },
    { says: 'a record promised but not there', bytes: changed(plain, 10, 1), rcode: 'FORMERR' },
    {
      says: 'a compressed question, with nothing before it to point to',
      bytes: Buffer.from('004d01000001000000000000c00c00010001', 'hex'),
      rcode: 'FORMERR',
    },
    { says: 'two OPT records', bytes: query(host, 'A', [opt(), opt()]), rcode: 'FORMERR' },
  ])('$says: $rcode', ({ bytes, rcode }) => {
    const response = read(answerQuery(zone, bytes, { transport: 'udp' }))
    expect(response.rcode).toBe(rcode)
    expect(response).toMatchObject({ id: 77, flag_qr: true, flag_aa: false, answers: [] })
  })

  test('an unknown EDNS version: BADVERS, whose upper bits stand in the OPT record', () => {
    const response = ask(host, 'A', { opt: opt({ ednsVersion: 1 }) })
    expect(response.rcode).toBe('NOERROR')
    expect(response.answers).toEqual([])
    expect(response.additionals?.[0]).toMatchObject({ type: 'OPT', extendedRcode: 1, ednsVersion: 0 })
  })

  test('before the first snapshot: SERVFAIL', () => {
    expect(read(answerQuery(null, plain, { transport: 'udp' })).rcode).toBe('SERVFAIL')
  })

  test.each([
    { says: 'a response', bytes: changed(plain, 2, 0x8000) },
    { says: 'eleven bytes', bytes: plain.subarray(0, 11) },
    { says: 'nothing', bytes: Buffer.alloc(0) },
    { says: 'more than 4096 bytes', bytes: Buffer.concat([plain, Buffer.alloc(4096)]) },
  ])('$says is not answered at all', ({ bytes }) => {
    expect(answerQuery(zone, bytes, { transport: 'udp' })).toBeNull()
  })
})

describe('spelling', () => {
  test('cases do not matter, and question and owner come back as the asker spelled them', () => {
    const spelled = `Pl-0-US-east-1.K45tj.POSTERN.Internal`
    const bytes = query(spelled, 'A')
    const response = answerQuery(zone, bytes, { transport: 'udp' })
    expect(response?.subarray(12, bytes.length)).toEqual(bytes.subarray(12))
    expect(brief(read(response).answers)).toEqual([`${spelled} 60 A "127.84.1.1"`])
  })

  test('a dot inside a label makes another name', () => {
    // One label "pl-0-us-east-1.k45tj", then postern, internal.
    const name = [`pl-0-us-east-1.k45tj`, 'postern', 'internal'].map((label) =>
      Buffer.concat([Buffer.of(label.length), Buffer.from(label)]),
    )
    const bytes = Buffer.concat([
      Buffer.from('004d01000001000000000000', 'hex'),
      ...name,
      Buffer.from('0000010001', 'hex'),
    ])
    expect(read(answerQuery(zone, bytes, { transport: 'udp' })).rcode).toBe('NXDOMAIN')
  })
})

describe('sizes', () => {
  test('without EDNS a UDP answer beyond 512 bytes says TC and carries nothing', () => {
    const response = answerQuery(zone, query(`many.${d}`, 'A'), { transport: 'udp' })
    expect(response?.length).toBeLessThanOrEqual(512)
    expect(read(response)).toMatchObject({ flag_tc: true, flag_aa: true, answers: [] })
  })

  test('by TCP the same answer comes whole', () => {
    expect(ask(`many.${d}`, 'A').answers).toHaveLength(60)
  })

  test('the asker may allow more by EDNS, but never more than 1232 bytes', () => {
    const response = ask(`many.${d}`, 'A', { transport: 'udp', opt: opt({ udpPayloadSize: 65_535 }) })
    expect(response.flag_tc).toBe(true)
    expect(response.additionals?.[0]).toMatchObject({ type: 'OPT', udpPayloadSize: 1232 })
  })

  test('an EDNS size below 512 counts as 512', () => {
    expect(ask(host, 'A', { transport: 'udp', opt: opt({ udpPayloadSize: 0 }) }).answers).toHaveLength(1)
  })

  test('addresses beside an SRV answer are left out before anything is cut', () => {
    const name = `_mongodb._tcp.${cluster}`
    const needed = answerQuery(zone, query(name, 'SRV', [opt()]), { transport: 'tcp' })?.length ?? 0
    const response = ask(name, 'SRV', { transport: 'udp', opt: opt({ udpPayloadSize: needed - 1 }) })
    expect(response.flag_tc).toBe(false)
    expect(response.answers).toHaveLength(3)
    expect(brief(response.additionals)).toEqual([])
  })

  test('told to truncate, it says TC whatever the answer is', () => {
    const response = read(answerQuery(zone, query(host, 'A'), { transport: 'udp', truncate: true }))
    expect(response).toMatchObject({ flag_tc: true, answers: [] })
  })
})

describe('hostile bytes', () => {
  const plain = query(host, 'A', [opt({ options: [] })])

  /** Whatever comes in, what goes out is a response to it within its limit, or silence. */
  const sane = (bytes: Buffer): void => {
    for (const transport of ['udp', 'tcp'] as const) {
      const response = answerQuery(zone, bytes, { transport })
      if (response === null) continue
      expect(response.readUInt16BE(0)).toBe(bytes.readUInt16BE(0))
      expect((response[2] ?? 0) & 0x80).toBe(0x80)
      expect(response.length).toBeLessThanOrEqual(transport === 'udp' ? 1232 : 65_535)
    }
  }

  test('random bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => sane(Buffer.from(bytes))),
      { numRuns: 2000 },
    )
  })

  test('a query with bytes changed, or cut anywhere, never throws', () => {
    const change = fc.tuple(fc.nat(plain.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(plain.length), (changes, length) => {
        const bytes = Buffer.from(plain)
        for (const [at, value] of changes) bytes[at] = value
        sane(bytes)
        sane(bytes.subarray(0, length))
      }),
      { numRuns: 2000 },
    )
  })

  test('a header that promises any number of records never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(65_535), { minLength: 4, maxLength: 4 }),
        fc.uint8Array({ maxLength: 300 }),
        (counts, rest) => {
          const bytes = Buffer.concat([plain.subarray(0, 12), Buffer.from(rest)])
          counts.forEach((count, index) => {
            bytes.writeUInt16BE(count, 4 + index * 2)
          })
          sane(bytes)
        },
      ),
      { numRuns: 1000 },
    )
  })
})
