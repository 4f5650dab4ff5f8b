// Bytes from strangers: whatever they send, the connection ends or is answered, and the member serves the next one.
import { connect } from 'node:net'
import { serialize } from 'bson'
import fc from 'fast-check'
import type { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientOf, type SandboxUnderTest, startSandbox } from './testing/sandbox-under-test.ts'

let under: SandboxUnderTest
let port: number
let client: MongoClient
beforeAll(async () => {
  under = await startSandbox()
  const cluster = await under.door.put('one', { members: 1 })
  port = Number(cluster.members[0]?.hostPort.split(':')[1])
  client = clientOf(cluster)
  await client.connect()
})
afterAll(async () => {
  await client?.close()
  await under?.end()
})

/** Sends the pieces and says goodbye; resolves with what came back when the connection has ended. */
function send(...pieces: readonly Uint8Array[]): Promise<Buffer> {
  return new Promise((resolve) => {
    const answers: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => {
      for (const piece of pieces) socket.write(piece)
      socket.end()
    })
    socket.on('data', (chunk) => answers.push(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(Buffer.concat(answers)))
  })
}

const frame = (opCode: number, rest: Uint8Array): Buffer => {
  const bytes = Buffer.concat([Buffer.alloc(16), rest])
  bytes.writeInt32LE(bytes.length, 0)
  bytes.writeInt32LE(opCode, 12)
  return bytes
}
const msg = (document: Record<string, unknown>): Buffer =>
  frame(2013, Buffer.concat([Buffer.alloc(5), serialize(document)]))
const serves = async () => expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 })

test('random bytes, random frames, and frames with random documents', async () => {
  const command = fc.constantFrom(
    'hello',
    'ping',
    'saslStart',
    'saslContinue',
    'find',
    'insert',
    'isMaster',
    'endSessions',
  )
  const document = fc
    .tuple(command, fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue())
    .map(([name, fields, value]) => {
      return { [name]: value, ...fields, $db: 'admin' }
    })
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(fc.constantFrom(2013, 2012, 2004, 1), fc.uint8Array({ maxLength: 200 }))
      .map(([code, rest]) => frame(code, rest)),
    document.map(msg),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 5 }), async (pieces) => {
      await send(...pieces)
    }),
    { numRuns: 150 },
  )
  await serves()
})

test('a good message with any one byte changed', async () => {
  const good = msg({ hello: 1, saslSupportedMechs: 'admin.a', $db: 'admin' })
  for (const at of good.keys()) {
    const bad = Buffer.from(good)
    bad[at] = (bad[at] ?? 0) ^ 0xa5
    await send(bad)
  }
  await serves()
})

test('a stranger may not announce a large message', async () => {
  const header = Buffer.alloc(16)
  header.writeInt32LE(1_000_000, 0)
  expect(await send(header)).toHaveLength(0)
  await serves()
})

test('a bomb in an OP_COMPRESSED is not inflated', async () => {
  const { deflateSync } = await import('node:zlib')
  const head = Buffer.alloc(9)
  head.writeInt32LE(2013, 0)
  head.writeInt32LE(100, 4)
  head[8] = 2
  expect(await send(frame(2012, Buffer.concat([head, deflateSync(Buffer.alloc(10_000_000))])))).toHaveLength(0)
  await serves()
})

test('documents nested without end are refused, and the connection is still good', async () => {
  let nested: Record<string, unknown> = {}
  for (let depth = 0; depth < 1000; depth += 1) nested = { a: nested }
  const answer = await send(msg({ hello: nested, $db: 'admin' }), msg({ ping: 1, $db: 'admin' }))
  expect(answer.readInt32LE(0)).toBeLessThan(answer.length)
  await serves()
})

test('a field called __proto__ changes nothing but itself', async () => {
  const things = client.db('app').collection('protos')
  const document = JSON.parse(
    '{"_id": 1, "__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
  )
  await things.insertOne(document)
  const polluting = JSON.parse('{"$set": {"__proto__.polluted": true}}')
  await expect(things.updateOne({ _id: 1 as never }, polluting)).rejects.toThrow()
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  expect(await things.countDocuments()).toBe(1)
})
