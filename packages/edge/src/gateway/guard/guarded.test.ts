// A guarded endpoint on real sockets: what a driver sees of a refusal, that answers keep their turn, and that the member
// never gets what was refused.

import { BSON, type Document } from 'bson'
import { MongoClient } from 'mongodb'
import { expect, test, vi } from 'vitest'
import { gatewayMetrics } from '../../metrics/gateway-metrics.ts'
import { eventually } from '../../testing/eventually.ts'
import { createBench, hello, lineOf, port } from '../testing/bench.ts'
import { cutAt } from '../testing/chunks.ts'
import { awsHeader, linkId } from '../testing/doors.ts'
import { opMsg, startFakeSet, zlibbed } from '../testing/fake-set.ts'

const { start, dial, keep } = createBench()
const readOnly = { policy: { readOnly: true } } as const

test.each([[], ['zlib'] as const])(
  'a driver gets the error of a server, and its connection stays (compressors: %s)',
  async (...compressors) => {
    const { set, doors } = await start({ endpoint: readOnly }, await startFakeSet({ compressors }))
    const client = new MongoClient(`mongodb://${doors.seeds}/?replicaSet=rs0`, {
      compressors: [...compressors],
      maxPoolSize: 1,
      retryReads: false,
    })
    keep(client)
    const things = client.db('shop').collection('things')
    await things.find().toArray()
    const before = doors.gateway.connections().map(({ id }) => id)
    for (const write of [
      things.insertOne({ a: 1 }),
      things.deleteMany({}),
      things.aggregate([{ $out: 'x' }]).toArray(),
    ]) {
      await expect(write).rejects.toMatchObject({
        code: 13,
        codeName: 'Unauthorized',
        message: expect.stringContaining('read-only'),
      })
    }
    await things.insertOne({ a: 1 }, { writeConcern: { w: 0 } })
    await things.find().toArray()
    expect(set.commands.filter((name) => /insert|delete|aggregate/.test(name))).toEqual([])
    expect(doors.gateway.connections().map(({ id }) => id)).toEqual(expect.arrayContaining(before))
    const lines = doors.lines().filter(({ msg }) => msg === 'request refused')
    expect(lines).toMatchObject([
      { code: 'READ_ONLY', side: 'client', endpointId: 'endpoint-1', reason: expect.stringContaining('insert') },
    ])
    expect(doors.gateway.refusals()).toMatchObject([
      { endpointId: 'endpoint-1', code: 'READ_ONLY', what: 'request', count: 4 },
    ])
    expect(doors.gateway.stats().refused).toEqual({})
    const metric = gatewayMetrics(doors.gateway).find(({ name }) => name === 'postern_gateway_requests_refused_total')
    expect(metric?.samples).toMatchObject([{ labels: { code: 'READ_ONLY', endpoint: linkId }, value: 4 }])
  },
)

/** The documents that came back, in order. */
const answersIn = (bytes: Buffer): readonly { readonly to: number; readonly document: Document }[] => {
  const found: { to: number; document: Document }[] = []
  for (let at = 0; at + 21 <= bytes.length; at += bytes.readInt32LE(at)) {
    found.push({
      to: bytes.readInt32LE(at + 8),
      document: BSON.deserialize(bytes.subarray(at + 21, at + bytes.readInt32LE(at))),
    })
  }
  return found
}

test('requests in a row, cut anywhere: every answer in its turn', async () => {
  const { set, doors } = await start({ endpoint: readOnly })
  const row = Buffer.concat([
    hello,
    opMsg(8, 0, false, { find: 'c', $db: 'shop' }),
    opMsg(9, 0, false, { insert: 'c', documents: [{ a: 1 }], $db: 'shop' }),
    opMsg(10, 0, true, { insert: 'c', documents: [{ a: 1 }], $db: 'shop' }),
    opMsg(11, 0, false, { find: 'c', $db: 'shop' }),
  ])
  for (let cut = 1; cut < row.length; cut += 7) {
    const { socket } = dial(port(doors))
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    const [first = row, rest = row] = cutAt(row, cut)
    socket.write(Buffer.concat([awsHeader(linkId), first]))
    setImmediate(() => socket.write(rest))
    await eventually(() => expect(answersIn(Buffer.concat(chunks)).map(({ to }) => to)).toEqual([7, 8, 9, 11]))
    expect(answersIn(Buffer.concat(chunks)).map(({ document }) => document.ok)).toEqual([1, 1, 0, 1])
    socket.destroy()
  }
  expect(set.commands).not.toContain('insert')
})

test.each([
  { says: 'it is read-only now', before: undefined, after: { readOnly: true } },
  {
    says: 'it lets in other users now',
    before: { databaseUsers: [] },
    after: { databaseUsers: [{ username: 'app', databaseName: 'admin' }] },
  },
  { says: 'it forbids nothing more', before: { readOnly: true }, after: undefined },
])('who was there before the policy changed comes anew: $says', async ({ before, after }) => {
  const { doors } = await start({ endpoint: before ? { policy: before } : {} })
  const { socket, closed } = dial(port(doors))
  socket.write(Buffer.concat([awsHeader(linkId), hello]))
  await eventually(() => expect(doors.gateway.connections()).toMatchObject([{ hellos: 1 }]))
  const take = async (n: number, policy: object | undefined, more: object = {}) => {
    const endpoints = doors.snapshot.endpoints.map(({ policy: _, ...one }) => ({
      ...one,
      ...(policy && { policy }),
      ...more,
    }))
    await doors.gateway.take({ epoch: 'e', n, body: { ...doors.snapshot, endpoints } })
  }
  await take(2, before, { limits: { connections: 7, newPerSecond: null } })
  expect(doors.gateway.connections()).toHaveLength(1)
  await take(3, after)
  await closed
  expect(lineOf(doors, 'connection ended')).toMatchObject({ code: 'POLICY_CHANGED', side: 'gateway' })
})

test('before anything was said nobody makes the gateway hold much', async () => {
  const { set, doors } = await start({ endpoint: readOnly })
  const { socket, closed } = dial(port(doors))
  const head = Buffer.alloc(16)
  head.writeInt32LE(40_000_000, 0)
  head.writeInt32LE(2013, 12)
  socket.write(Buffer.concat([awsHeader(linkId), head]))
  await closed
  expect(lineOf(doors, 'connection ended')).toMatchObject({ code: 'MESSAGE_LENGTH', side: 'client' })
  expect(set.commands).toEqual([])
})

test('before an allowed user has signed in nothing long is held, not even for a while; its connection stays', async () => {
  const databaseUsers = [{ username: 'app', databaseName: 'admin' }]
  const { set, doors } = await start({ endpoint: { policy: { databaseUsers } } })
  const { socket } = dial(port(doors))
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const long = { find: 'c', filter: { a: 'x'.repeat(1_000_000) }, $db: 'shop' }
  const payload = new BSON.Binary(Buffer.from('n,,n=app,r=x'))
  const saslStart = { saslStart: 1, mechanism: 'SCRAM-SHA-256', payload, $db: 'admin' }
  socket.write(Buffer.concat([awsHeader(linkId), hello, opMsg(8, 0, false, long), zlibbed(opMsg(9, 0, false, long))]))
  const answered = (...ids: readonly number[]) =>
    eventually(() => expect(answersIn(Buffer.concat(chunks)).map(({ to }) => to)).toEqual(ids))
  await answered(7, 8, 9)
  // To name an allowed user is not enough.
  socket.write(Buffer.concat([opMsg(10, 0, false, saslStart), opMsg(11, 0, false, long)]))
  await answered(7, 8, 9, 10, 11)
  socket.write(opMsg(12, 0, false, { saslContinue: 1, conversationId: 1, payload, $db: 'admin' }))
  await answered(7, 8, 9, 10, 11, 12)
  socket.write(opMsg(13, 0, false, long))
  await answered(7, 8, 9, 10, 11, 12, 13)
  const refused = { ok: 0, code: 13, errmsg: expect.stringContaining('before an allowed user') }
  const answers = answersIn(Buffer.concat(chunks)).map(({ document }) => document)
  expect(answers).toMatchObject([{ ok: 1 }, refused, refused, { ok: 1 }, refused, { done: true }, { ok: 1 }])
  expect(set.commands).toEqual(['hello', 'ping', 'ping', 'saslStart', 'ping', 'saslContinue', 'find'])
  expect(doors.gateway.refusals()).toMatchObject([{ code: 'NOT_AUTHENTICATED', what: 'request', count: 3 }])
})

test('where there is no room to hold a long request its client waits; who holds others up too long is ended', async () => {
  const { set, doors } = await start({ endpoint: readOnly })
  const long = (id: number) => opMsg(id, 0, false, { find: 'c', filter: { a: 'x'.repeat(300_000) }, $db: 'shop' })
  const head = Buffer.from(long(8).subarray(0, 1000))
  head.writeInt32LE(44_700_000, 0) // six of these are nearly half of what all may hold
  const filled = Array.from({ length: 6 }, () => dial(port(doors)))
  for (const { socket } of filled) socket.write(Buffer.concat([awsHeader(linkId), hello, head]))
  await eventually(() => expect(doors.gateway.connections().map(({ hellos }) => hellos)).toEqual(filled.map(() => 1)))
  const client = () => {
    const { socket } = dial(port(doors))
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.write(Buffer.concat([awsHeader(linkId), hello]))
    const answered = (...ids: readonly number[]) =>
      eventually(() => expect(answersIn(Buffer.concat(chunks)).map(({ to }) => to)).toEqual(ids))
    return { socket, answered }
  }
  const [waits, short] = [client(), client()]
  waits.socket.write(long(8))
  await waits.answered(7)
  const ids = [7]
  for (const id of [8, 9, 10, 11, 12]) {
    short.socket.write(opMsg(id, 0, false, { count: 'c', $db: 'shop' }))
    ids.push(id)
    await short.answered(...ids)
  }
  expect(set.commands).not.toContain('find')
  const now = performance.now() + 60_000
  vi.spyOn(performance, 'now').mockReturnValue(now)
  short.socket.write(long(13))
  await waits.answered(7, 8)
  await short.answered(...ids, 13)
  vi.restoreAllMocks()
  expect(doors.lines().filter(({ msg }) => msg === 'connection ended')).toMatchObject([
    { code: 'HELD_TOO_LONG', side: 'client', reason: expect.stringContaining('44700000 bytes') },
  ])
})

test('requests of the time before OP_MSG that have no answer end their connection', async () => {
  const { set, doors } = await start({ endpoint: readOnly })
  const { socket, closed } = dial(port(doors))
  const insert = Buffer.alloc(40)
  insert.writeInt32LE(40, 0)
  insert.writeInt32LE(2002, 12)
  socket.write(Buffer.concat([awsHeader(linkId), hello, insert]))
  await closed
  expect(lineOf(doors, 'connection ended')).toMatchObject({ code: 'OPCODE', side: 'client' })
  expect(set.commands).not.toContain('')
})
