// The limit of an endpoint's connections, as drivers meet it: it counts those that work. Whoever only watches members is
// let in, and whoever is there goes on; a further one is answered with an error of the server's own form.

import { BSON, type Document } from 'bson'
import { MongoClient } from 'mongodb'
import { expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { createBench, hello, lineOf, port } from './testing/bench.ts'
import { awsHeader, type Doors, linkId } from './testing/doors.ts'
import { opMsg, opReply } from './testing/fake-set.ts'

const { start, dial, keep } = createBench()
const one = { limits: { connections: 1, newPerSecond: null } }
const ping = opMsg(8, 0, false, { ping: 1, $db: 'admin' })

const driver = (doors: Doors, appName: string): { client: MongoClient; cleared: () => number } => {
  const client = new MongoClient(`mongodb://${doors.seeds}/?replicaSet=rs0`, { appName, retryReads: false })
  keep(client)
  let cleared = 0
  client.on('connectionPoolCleared', () => cleared++)
  return { client, cleared: () => cleared }
}
const find = (client: MongoClient) => client.db('shop').collection('things').find().toArray()

test('a pool that stands survives the limit: another driver comes to watch, is told why it may not work, and works later', async () => {
  const { doors } = await start({ endpoint: one })
  const [first, second] = [driver(doors, 'first'), driver(doors, 'second')]
  await find(first.client)
  const workers = () =>
    doors.gateway
      .connections()
      .filter(({ working }) => working)
      .map(({ appName }) => appName)
  expect(workers()).toEqual(['first'])

  await expect(find(second.client)).rejects.toMatchObject({
    name: 'MongoServerError',
    code: 462,
    message: `endpoint ${linkId} has 1 connection, as many as it may`,
    errorLabels: expect.arrayContaining(['SystemOverloadedError', 'RetryableError']),
  })
  expect(doors.gateway.connections().filter(({ appName }) => appName === 'second')).not.toEqual([])
  await find(first.client)
  expect([first.cleared(), second.cleared()]).toEqual([0, 0])
  expect(workers()).toEqual(['first'])
  expect(lineOf(doors, 'request refused')).toMatchObject({ code: 'TOO_MANY_CONNECTIONS', endpointId: 'endpoint-1' })
  expect(doors.gateway.stats().refused.TOO_MANY_CONNECTIONS).toBeGreaterThan(0)

  await first.client.close()
  await eventually(() => expect(workers()).toEqual([]))
  await find(second.client)
  expect(workers()).toEqual(['second'])
})

test('a newer snapshot’s limit holds at the next request', async () => {
  const { doors } = await start({ endpoint: { limits: { connections: 1, newPerSecond: null } } })
  const [first, second] = [driver(doors, 'first'), driver(doors, 'second')]
  await find(first.client)
  await expect(find(second.client)).rejects.toMatchObject({ code: 462 })
  const endpoints = doors.snapshot.endpoints.map((endpoint) => ({ ...endpoint, limits: null }))
  await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, endpoints } })
  await find(second.client)
})

/** A connection that has said this, and what came back until so many bytes of answers were there. */
async function talk(doors: Doors, ...said: readonly Buffer[]): Promise<readonly Buffer[]> {
  const { socket } = dial(port(doors))
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.write(Buffer.concat([awsHeader(linkId), ...said]))
  const answers = (): readonly Buffer[] => {
    const bytes = Buffer.concat(chunks)
    const found: Buffer[] = []
    for (let at = 0; at + 4 <= bytes.length; at += bytes.readInt32LE(at))
      found.push(bytes.subarray(at, at + bytes.readInt32LE(at)))
    return found
  }
  await eventually(() => expect(answers().length).toBe(said.length))
  return answers()
}

/** One that has said hello, and then this; answers with what the next request is answered. */
async function working(doors: Doors, then: Buffer = ping) {
  const { socket } = dial(port(doors))
  let held = Buffer.alloc(0)
  const waiting: ((answer: Document) => void)[] = []
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk])
    for (; held.length >= 16 && held.length >= held.readInt32LE(0); held = held.subarray(held.readInt32LE(0)))
      waiting.shift()?.(BSON.deserialize(held.subarray(21, held.readInt32LE(0))))
  })
  const ask = (request: Buffer): Promise<Document> =>
    new Promise((resolve) => {
      waiting.push(resolve)
      socket.write(request)
    })
  await ask(Buffer.concat([awsHeader(linkId), hello]))
  await ask(then)
  return Object.assign(ask, { end: () => void socket.destroy() })
}

const signingIn = { speculativeAuthenticate: { saslStart: 1, mechanism: 'SCRAM-SHA-256' } }
const query = (document: object): Buffer => {
  const reply = opReply(9, 0, document)
  const request = Buffer.concat([Buffer.alloc(20), Buffer.from('admin.$cmd\0'), Buffer.alloc(8), reply.subarray(36)])
  request.writeInt32LE(request.length, 0)
  request.writeInt32LE(9, 4)
  request.writeInt32LE(2004, 12)
  return request
}

test.each([
  { says: 'a hello that signs in', said: opMsg(9, 0, false, { hello: 1, ...signingIn, $db: 'admin' }), opcode: 2013 },
  { says: 'the same as OP_QUERY', said: query({ ismaster: 1, ...signingIn }), opcode: 1 },
  { says: 'a request', said: opMsg(9, 0, false, { find: 'c', $db: 'shop' }), opcode: 2013 },
])('$says beyond the limit is answered in its own form, and the member never gets it', async ({ said, opcode }) => {
  const { set, doors } = await start({ endpoint: one })
  await talk(doors, hello, ping)
  const before = set.commands.length
  const [answer] = await talk(doors, said)
  expect([answer?.readInt32LE(8), answer?.readInt32LE(12)]).toEqual([9, opcode])
  expect(answer?.includes('as many as it may')).toBe(true)
  expect(set.commands.slice(before)).toEqual(['ping'])
})

test.each([
  { says: 'requests pass as they come', policy: undefined },
  { says: 'requests are judged', policy: { readOnly: true } },
])(
  'a long first request beyond the limit is answered too, and its connection stays, where $says',
  async ({ policy }) => {
    const { set, doors } = await start({ endpoint: { ...one, ...(policy && { policy }) } })
    const first = await working(doors)
    const long = opMsg(9, 0, false, { find: 'c', filter: { a: 'x'.repeat(3_000_000) }, $db: 'shop' })
    const second = await working(doors, hello)
    expect(await second(long)).toMatchObject({ code: 462, errorLabels: expect.arrayContaining(['RetryableError']) })
    expect(await second(ping)).toMatchObject({ code: 462 })
    expect(set.commands).not.toContain('find')
    expect(await first(ping)).toMatchObject({ ok: 1 })
    first.end()
    await eventually(async () => expect(await second(long)).toMatchObject({ ok: 1 }))
    expect(set.commands).toContain('find')
  },
)

test('any number may watch, up to what the gateway itself lets in, and none of them counts', async () => {
  const { doors } = await start({ endpoint: one, parts: { limits: { connectionsPerEndpoint: 6 } } })
  for (let n = 0; n < 5; n++) await talk(doors, hello)
  await talk(doors, hello, ping)
  const { socket, closed } = dial(port(doors))
  await talk(doors, hello)
  socket.write(Buffer.concat([awsHeader(linkId), hello]))
  await closed
  expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'TOO_MANY_CONNECTIONS' })
  expect(doors.gateway.connections().filter(({ working }) => working)).toHaveLength(1)
})

test('new ones a second: those that begin to work count', async () => {
  let now = 1_000_000
  const limits = { connections: 2, newPerSecond: 1 }
  const { doors } = await start({ endpoint: { limits }, parts: { clock: { now: () => now } } })
  const works = async (): Promise<boolean> => {
    const { socket } = dial(port(doors))
    const answered = new Promise<Buffer>((resolve) => socket.once('data', resolve))
    socket.write(Buffer.concat([awsHeader(linkId), ping]))
    const answer = await answered
    socket.destroy()
    await eventually(() => expect(doors.gateway.stats().open).toBe(0))
    return !answer.includes('new connections a second')
  }
  expect([await works(), await works(), await works()]).toEqual([true, true, false])
  now += 1000
  expect([await works(), await works()]).toEqual([true, false])
})
