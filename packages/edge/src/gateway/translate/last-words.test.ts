// Requests are bytes of the official driver's own code; the answer is read by bson, and judged by the driver's rules.

import { BSON, type Document, Long, UUID } from 'bson'
import { describe, expect, test } from 'vitest'
import { type DriverRequest, driverMsg, driverQuery, driverZlib } from '../testing/driver-bytes.ts'
import { opMsg } from '../testing/fake-set.ts'
import { createExchange } from './exchange.ts'
import { lastWords } from './last-words.ts'

const lsid = { id: new UUID('3fa85f64-5717-4562-b3fc-2c963f66afa6').toBinary() }
const retryable = { insert: 'orders', documents: [{ a: 1 }], ordered: true, lsid, txnNumber: Long.fromNumber(7) }

describe('a retryable write is answered so that its driver sends it again', () => {
  test.each<{ says: string; request: () => DriverRequest | Promise<DriverRequest> }>([
    { says: 'as it comes', request: () => driverMsg(retryable) },
    { says: 'in zlib', request: () => driverZlib(retryable) },
    {
      says: 'whose documents are longer than what is there of them',
      request() {
        const { documents: _, ...body } = retryable
        const { requestId, bytes } = driverMsg(body)
        const documents = Buffer.from('\x01\0\0\x10\0documents\0\x40\x9c\0\0', 'latin1')
        return { requestId, bytes: Buffer.concat([bytes, documents]) }
      },
    },
  ])('$says', async ({ request }) => {
    const { requestId, bytes } = await request()
    const answer = lastWords(bytes) ?? Buffer.alloc(0)
    expect([answer.readInt32LE(0), answer.readInt32LE(8), answer.readInt32LE(12)]).toEqual([
      answer.length,
      requestId,
      2013,
    ])
    expect([...answer.subarray(16, 21)]).toEqual([0, 0, 0, 0, 0])
    expect(BSON.deserialize(answer.subarray(21))).toEqual({
      ok: 0,
      errmsg: expect.any(String),
      code: 11600,
      codeName: 'InterruptedAtShutdown',
      errorLabels: ['RetryableWriteError'],
    })
  })
})

describe('nothing is said of', () => {
  const { txnNumber: _, ...plain } = retryable
  const { lsid: __, ...sessionless } = retryable
  test.each<{ says: string; request: () => DriverRequest | Promise<DriverRequest> }>([
    { says: 'a write that may not be sent twice', request: () => driverMsg(plain) },
    { says: 'a number without a session', request: () => driverMsg(sessionless) },
    {
      says: 'a write in a transaction',
      request: () => driverMsg({ ...retryable, startTransaction: true, autocommit: false }),
    },
    { says: 'a later one in it', request: () => driverMsg({ ...retryable, autocommit: false }) },
    { says: 'a number that is none', request: () => driverMsg({ ...retryable, txnNumber: 'seven' }) },
    { says: 'a write whose answer nobody reads', request: () => driverMsg(retryable, { moreToCome: true }) },
    { says: 'a read', request: () => driverMsg({ find: 'orders', filter: {}, lsid }) },
    { says: 'an OP_QUERY', request: () => driverQuery({ ...retryable }) },
    { says: 'a word deeper inside', request: () => driverMsg({ ...plain, documents: [{ txnNumber: Long.ONE }] }) },
  ])('$says', async ({ request }) => {
    expect(lastWords((await request()).bytes)).toBeNull()
  })

  test.each([
    { says: 'plain', request: () => driverMsg(retryable) },
    { says: 'compressed', request: () => driverZlib(retryable) },
  ])('one that is cut short, $says, wherever', async ({ request }) => {
    const { bytes } = await request()
    for (let length = 16; length < bytes.length; length++) expect(lastWords(bytes.subarray(0, length))).toBeNull()
  })
})

describe('what an exchange says of a member that is gone', () => {
  const hello = driverMsg({ hello: 1 })
  const write = driverMsg(retryable)
  const reply = (to: DriverRequest, document: Document = { ok: 1 }): Buffer => opMsg(1, to.requestId, false, document)
  const names = { advertised: () => null, compressors: new Set<string>() }
  const after = (...talk: readonly ['asks' | 'answers', Buffer][]) => {
    const exchange = createExchange({ now: () => 0, names: () => names })
    for (const [side, bytes] of talk) exchange[side === 'asks' ? 'requests' : 'replies'].push(Buffer.from(bytes))
    return { works: exchange.works(), parting: exchange.parting() }
  }

  test.each<{
    says: string
    talk: readonly ['asks' | 'answers', Buffer][]
    works: boolean
    parting: 'words' | 'quiet' | null
  }>([
    { says: 'nothing was asked', talk: [], works: false, parting: 'quiet' },
    { says: 'only hello was asked', talk: [['asks', hello.bytes]], works: false, parting: 'quiet' },
    { says: 'a write waits', talk: [['asks', write.bytes]], works: true, parting: 'words' },
    {
      says: 'a write was answered',
      talk: [
        ['asks', write.bytes],
        ['answers', reply(write)],
      ],
      works: true,
      parting: 'quiet',
    },
    {
      says: 'a write is being answered',
      talk: [
        ['asks', write.bytes],
        ['answers', reply(write).subarray(0, 30)],
      ],
      works: true,
      parting: null,
    },
    {
      says: 'the next write waits',
      talk: [
        ['asks', write.bytes],
        ['answers', reply(write)],
        ['asks', write.bytes],
      ],
      works: true,
      parting: 'words',
    },
    { says: 'a write is just arriving', talk: [['asks', write.bytes.subarray(0, 40)]], works: false, parting: 'quiet' },
    {
      says: 'two wait, as no driver has it',
      talk: [
        ['asks', write.bytes],
        ['asks', write.bytes],
      ],
      works: true,
      parting: null,
    },
    {
      says: 'a write waits that came in two pieces',
      talk: [
        ['asks', write.bytes.subarray(0, 40)],
        ['asks', write.bytes.subarray(40)],
      ],
      works: true,
      parting: 'words',
    },
    { says: 'a read waits', talk: [['asks', driverMsg({ find: 'a' }).bytes]], works: true, parting: null },
  ])('$says', ({ talk, works, parting }) => {
    const said = after(...talk)
    expect({ ...said, parting: Buffer.isBuffer(said.parting) ? 'words' : said.parting }).toEqual({ works, parting })
  })
})
