import { BSON, type Document, Long, ObjectId } from 'bson'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { budget, bytes } from '../testing/chunks.ts'
import { WireRefusal } from '../wire/refusal.ts'
import { clientInfo, type HelloNames, rewriteHello } from './hello.ts'

const told: Readonly<Record<string, string>> = {
  'a.internal:27017': '127.0.0.5:1024',
  'b.internal:27017': '127.0.0.5:1025',
  'c.internal:27017': '127.0.0.5:1026',
}
const names: HelloNames = { advertised: (own) => told[own] ?? null, compressors: new Set(['zlib', 'snappy']) }
const rewrite = (document: Document): Document =>
  BSON.deserialize(rewriteHello(Buffer.from(BSON.serialize(document)), names).document)

describe('rewritten', () => {
  test.each([
    {
      says: 'every list and both names',
      from: {
        hosts: ['a.internal:27017', 'b.internal:27017'],
        passives: ['c.internal:27017'],
        arbiters: ['b.internal:27017'],
        primary: 'a.internal:27017',
        me: 'b.internal:27017',
      },
      to: {
        hosts: ['127.0.0.5:1024', '127.0.0.5:1025'],
        passives: ['127.0.0.5:1026'],
        arbiters: ['127.0.0.5:1025'],
        primary: '127.0.0.5:1024',
        me: '127.0.0.5:1025',
      },
    },
    {
      says: 'names whatever their case',
      from: { hosts: ['A.Internal:27017'], me: 'A.INTERNAL:27017' },
      to: { hosts: ['127.0.0.5:1024'], me: '127.0.0.5:1024' },
    },
    {
      says: 'unknown members out of the lists',
      from: { hosts: ['x:1', 'a.internal:27017', 'y:2'], arbiters: ['z:3'] },
      to: { hosts: ['127.0.0.5:1024'], arbiters: [] },
    },
    { says: 'an unknown primary and me away', from: { primary: 'x:1', me: 'y:2', ok: 1 }, to: { ok: 1 } },
    {
      says: 'compressors that we cannot read away',
      from: { compression: ['zstd', 'zlib'] },
      to: { compression: ['zlib'] },
    },
    {
      says: 'the whole list of compressors away when none is left',
      from: { compression: ['zstd'], ok: 1 },
      to: { ok: 1 },
    },
    {
      says: 'nothing else: not what is nested, not the same words under other names',
      from: {
        host: 'a.internal:27017',
        repl: { hosts: ['a.internal:27017'], me: 'a.internal:27017' },
        process: 'a.internal:27017',
      },
      to: {
        host: 'a.internal:27017',
        repl: { hosts: ['a.internal:27017'], me: 'a.internal:27017' },
        process: 'a.internal:27017',
      },
    },
    {
      says: 'nothing whose type is another: connPoolStats has hosts as a document',
      from: { hosts: { 'a.internal:27017': { inUse: 1 } }, me: 7, compression: 'zstd' },
      to: { hosts: { 'a.internal:27017': { inUse: 1 } }, me: 7, compression: 'zstd' },
    },
    {
      says: 'no standalone or mongos',
      from: { ismaster: true, msg: 'isdbgrid', ok: 1 },
      to: { ismaster: true, msg: 'isdbgrid', ok: 1 },
    },
    { says: 'no error', from: { ok: 0, errmsg: 'no', code: 11600 }, to: { ok: 0, errmsg: 'no', code: 11600 } },
  ])('$says', ({ from, to }) => {
    expect(rewrite(from)).toEqual(to)
  })

  test('keeps the order of the elements, and every other one byte for byte', () => {
    const other = {
      topologyVersion: { processId: new ObjectId(), counter: Long.MAX_VALUE },
      lastWrite: { at: new Date(5) },
    }
    const document = Buffer.from(
      BSON.serialize({ helloOk: true, ...other, me: 'a.internal:27017', tags: { dc: 'x' }, ok: 1 }),
    )
    const { document: rewritten } = rewriteHello(document, names)
    expect(rewritten).toEqual(
      Buffer.from(BSON.serialize({ helloOk: true, ...other, me: '127.0.0.5:1024', tags: { dc: 'x' }, ok: 1 })),
    )
  })

  test('the argument itself when there is nothing to change', () => {
    const document = Buffer.from(BSON.serialize({ ok: 1, compression: ['zlib'] }))
    expect(rewriteHello(document, names).document).toBe(document)
  })

  test('says whom it left out', () => {
    const document = Buffer.from(BSON.serialize({ hosts: ['X:1', 'a.internal:27017'], me: 'X:1' }))
    expect(rewriteHello(document, names).leftOut).toEqual(['X:1', 'X:1'])
  })
})

test('for any document: no own name of a member is left in the five fields, and the rest is as it was', () => {
  const host = fc.constantFrom(...Object.keys(told), 'x.internal:27017', 'Y.internal:27017')
  const hello = fc.record(
    {
      hosts: fc.array(host),
      passives: fc.array(host),
      arbiters: fc.array(host),
      primary: host,
      me: host,
      ok: fc.constant(1),
      text: fc.string({ unit: 'binary' }),
      nested: fc.dictionary(
        fc.string({ maxLength: 5 }).filter((key) => !key.includes('\0')),
        fc.integer(),
      ),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(hello, (document) => {
      const { hosts, passives, arbiters, primary, me, ...rest } = rewrite(document)
      const seen = [...(hosts ?? []), ...(passives ?? []), ...(arbiters ?? []), primary, me].filter(
        (one) => one !== undefined,
      )
      expect(seen.every((one) => Object.values(told).includes(one))).toBe(true)
      const { hosts: _h, passives: _p, arbiters: _a, primary: _r, me: _m, ...before } = document
      expect(Buffer.compare(BSON.serialize(rest), BSON.serialize(before))).toBe(0)
    }),
    budget,
  )
})

test('any bytes are rewritten or refused by a WireRefusal, and so is what a client says of itself', () => {
  fc.assert(
    fc.property(bytes(100), (garbage) => {
      for (const read of [() => rewriteHello(garbage, names), () => clientInfo(garbage)]) {
        try {
          read()
        } catch (error) {
          expect(error).toBeInstanceOf(WireRefusal)
        }
      }
    }),
    budget,
  )
})

const nothing = { appName: null, driver: null, os: null, platform: null }

test.each([
  {
    says: 'driver and application',
    client: { application: { name: 'shop' }, driver: { name: 'nodejs|mongosh', version: '7.9.0|2.12.0' }, os: {} },
    info: { ...nothing, appName: 'shop', driver: 'nodejs|mongosh 7.9.0|2.12.0' },
  },
  {
    says: 'where it runs',
    client: {
      os: { type: 'Linux', name: 'linux', architecture: 'x64', version: '6.1' },
      platform: 'Node.js v22.1.0, LE',
    },
    info: { ...nothing, os: 'Linux 6.1 x64', platform: 'Node.js v22.1.0, LE' },
  },
  { says: 'no application', client: { driver: { name: 'x' } }, info: { ...nothing, driver: 'x' } },
  { says: 'nothing useful', client: { driver: 'x', application: { name: 7 } }, info: nothing },
  {
    says: 'a name of any length, cut',
    client: { application: { name: 'a'.repeat(999) } },
    info: { ...nothing, appName: 'a'.repeat(128) },
  },
  {
    says: 'all of it of any length, in letters of three bytes',
    client: {
      application: { name: '漢'.repeat(999) },
      driver: { name: '漢'.repeat(999) },
      os: { type: '漢'.repeat(999) },
      platform: '漢'.repeat(999),
    },
    info: {
      appName: '漢'.repeat(128),
      driver: '漢'.repeat(128),
      os: '漢'.repeat(64),
      platform: '漢'.repeat(64),
    },
  },
  {
    says: 'a name that would steer a terminal, or that no store holds',
    client: { application: { name: `${'a'.repeat(125)}\u001b\u202e\u{1f600}` }, driver: { name: 'x\0y' } },
    info: { ...nothing, appName: `${'a'.repeat(125)}\ufffd\ufffd\ufffd`, driver: 'x\ufffdy' },
  },
  { says: 'not a document', client: 'x', info: null },
  { says: 'no client at all', client: undefined, info: null },
])('what a client says of itself: $says', ({ client, info }) => {
  const document = Buffer.from(BSON.serialize({ hello: 1, client }, { ignoreUndefined: true }))
  expect(clientInfo(document)).toEqual(info)
})
