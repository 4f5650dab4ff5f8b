// How a gateway ends connections in good order, byte by byte; that drivers take it without an error is shown by
// drills/drills.test.ts with the official one.

import { type AddressInfo, createServer, Socket } from 'node:net'
import { BSON, Long, UUID } from 'bson'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { createKeptLog } from '../testing/kept-log.ts'
import type { ConnectionEnd } from './join/join.ts'
import { Life } from './life.ts'
import { createPlaces } from './places.ts'
import { createRegister, type OpenConnection } from './register.ts'
import { endAll, type Shutdown } from './shutdown.ts'
import { createBench, port } from './testing/bench.ts'
import { awsHeader, type Doors, linkId, openDoors } from './testing/doors.ts'
import { opMsg } from './testing/fake-set.ts'

const { keep, dial } = createBench()

const session = { lsid: { id: new UUID().toBinary() }, $db: 'shop' }
const hello = (id: number) => opMsg(id, 0, false, { hello: 1, $db: 'admin' })
const awaited = (id: number) => opMsg(id, 0, false, { hello: 1, maxAwaitTimeMS: 10_000, $db: 'admin' })
const write = (id: number) => opMsg(id, 0, false, { insert: 'orders', ...session, txnNumber: Long.fromNumber(id) })
const read = (id: number) => opMsg(id, 0, false, { find: 'orders', ...session })
const inTransaction = (id: number) =>
  opMsg(id, 0, false, { insert: 'orders', ...session, txnNumber: Long.ONE, autocommit: false })
const commit = (id: number) =>
  opMsg(id, 0, false, { commitTransaction: 1, ...session, txnNumber: Long.ONE, autocommit: false })

interface Member {
  readonly doors: Doors
  /** Names of the commands that came, in order. */
  readonly asked: readonly string[]
  /** Answers what waits. */
  answer(): void
}

/** A member that answers hello at once, and everything else when it is told to. */
async function start(): Promise<Member> {
  const asked: string[] = []
  const waiting: (() => void)[] = []
  const sockets: Socket[] = []
  const member = createServer((socket) => {
    sockets.push(socket.on('error', () => {}))
    let held = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      while (held.length >= 4 && held.length >= held.readInt32LE(0)) {
        const message = held.subarray(0, held.readInt32LE(0))
        held = held.subarray(message.length)
        const document = BSON.deserialize(message.subarray(21))
        asked.push(Object.keys(document)[0] ?? '')
        const id = message.readInt32LE(4)
        const answer = (): void => void socket.write(opMsg(90, id, false, { ok: 1 }))
        if ('hello' in document && !('maxAwaitTimeMS' in document)) answer()
        else waiting.push(answer)
      }
    })
  })
  await new Promise<void>((resolve) => member.listen(0, '127.0.0.1', resolve))
  keep({
    close: () => {
      member.close()
      for (const socket of sockets) socket.destroy()
    },
  })
  const doors = await openDoors({ members: [{ hostPort: `127.0.0.1:${(member.address() as AddressInfo).port}` }] })
  keep(doors)
  return {
    doors,
    asked,
    answer() {
      for (const answer of waiting.splice(0)) answer()
    },
  }
}

interface Client {
  readonly socket: Socket
  /** Ids that were answered, in order. */
  readonly answered: readonly number[]
  readonly bytes: () => Buffer
  over(): boolean
}

/** From this port of the one host that the PROXY header tells; it has said hello and asked this. */
async function client({ doors, asked }: Member, ...requests: readonly Buffer[]): Promise<Client> {
  const { socket, closed } = dial(port(doors))
  const answered: number[] = []
  let [over, bytes] = [false, Buffer.alloc(0)]
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    for (let at = 0; at + 16 <= chunk.length; at += chunk.readInt32LE(at)) answered.push(chunk.readInt32LE(at + 8))
  })
  void closed.then(() => {
    over = true
  })
  const before = asked.length
  socket.write(Buffer.concat([awsHeader(linkId), hello(1)]))
  await eventually(() => expect(answered).toEqual([1]))
  for (const request of requests) socket.write(request)
  await eventually(() => expect(asked.length).toBe(before + 1 + requests.length))
  return { socket, answered, bytes: () => bytes, over: () => over }
}

let closing: Promise<void> | null = null
afterEach(async () => {
  await closing
  closing = null
})
const close = ({ doors }: Member, drainMs: number): void => {
  closing = doors.gateway.close(drainMs)
}

describe('at once', () => {
  test('who watches is ended, and what is on its way arrives', async () => {
    const member = await start()
    const watching = await client(member, awaited(2))
    const writing = await client(member, write(2))
    close(member, 60_000)
    await eventually(() => expect(watching.over()).toBe(true))
    expect([watching.answered, writing.over()]).toEqual([[1], false])
    member.answer()
    await eventually(() => expect(writing.answered).toEqual([1, 2]))
    await eventually(() => expect(writing.over()).toBe(true))
    expect(member.doors.gateway.stats()).toMatchObject({ open: 0, ended: { gateway: 2 } })
  })

  test('who asks again whether its member is there is ended, without an answer', async () => {
    const member = await start()
    const polling = await client(member)
    close(member, 60_000)
    polling.socket.write(hello(2))
    await eventually(() => expect(polling.over()).toBe(true))
    expect([polling.answered, member.asked]).toEqual([[1], ['hello']])
  })

  test('a driver that was just told may still ask what it had begun to', async () => {
    const member = await start()
    const writing = await client(member)
    close(member, 60_000)
    writing.socket.write(write(2))
    await eventually(() => expect(member.asked).toEqual(['hello', 'insert']))
    member.answer()
    await eventually(() => expect(writing.answered).toEqual([1, 2]))
  })
})

test('who goes on asking was not told: one of its writes is not carried on, and only one at a time', async () => {
  const member = await start()
  const clients = [await client(member), await client(member), await client(member)]
  close(member, 60_000)
  const ended = () => clients.filter(({ over }) => over())
  let id = 1
  await eventually(() => {
    member.answer()
    const all = clients.filter(({ over }) => !over())
    if (all.every(({ answered }) => answered.at(-1) === id)) {
      id += 1
      for (const { socket } of all) socket.write(write(id))
    }
    expect(ended()).toHaveLength(1)
  })
  expect(ended()[0]?.answered).toEqual(Array.from({ length: id - 1 }, (_, index) => index + 1))
  await eventually(() => {
    member.answer()
    for (const { answered, over } of clients) expect(over() || answered.at(-1) === id).toBe(true)
  })
})

test.each([1, 2, 9, 64])(
  'of %i gateways that share a host’s clients each has a turn before the time is over',
  async (of) => {
    vi.useFakeTimers()
    try {
      for (let mine = 0; mine < of; mine++) {
        let [hadTurn, leave] = [false, (): void => {}]
        const empty = new Promise<void>((resolve) => {
          leave = resolve
        })
        let shutdown: Shutdown | null = null
        const connection = {
          drain(by: Shutdown) {
            shutdown = by
          },
          rest() {
            hadTurn ||= shutdown?.mayTurnAway('host') ?? false
          },
        } as Partial<OpenConnection> as OpenConnection
        const ended = endAll({ open: () => [connection], empty: () => empty }, 2_000, { of, mine })
        await vi.advanceTimersByTimeAsync(1_999)
        leave()
        await ended
        expect([mine, hadTurn]).toEqual([mine, true])
      }
    } finally {
      vi.useRealTimers()
    }
  },
)

test('what has arrived when it is looked who is idle is not idle, though it waited for its turn until then', () => {
  const { log } = createKeptLog()
  const register = createRegister({
    join: 'onread',
    now: Date.now,
    places: createPlaces(Date.now, { connectionsPerEndpoint: 1, newPerSecond: 0 }),
  })
  const life = new Life({ socket: new Socket(), port: 1, id: 'one' }, { clock: Date, log, register, flood() {} })
  const ended: string[] = []
  let [arrived, seen] = [0, 0]
  const joined = {
    attend() {
      seen = arrived
    },
    finish: ({ code }: ConnectionEnd) => ended.push(code),
  }
  const exchange = {
    count: () => seen,
    quiet: () => true,
    engaged: () => false,
    watches: () => false,
    drain() {},
    client: () => null,
  }
  const admitted = {
    endpoint: { id: 'e', cloudEndpointId: 'vpce' },
    cluster: { cluster: { id: 'c' } },
    member: { id: 'm' },
  }
  const sides = { client: new Socket(), memberPort: null }
  life.joined(admitted as never, joined as never, exchange as never, sides)
  life.drain({ end: { side: 'gateway', code: 'SHUTDOWN', reason: '' }, mayTurnAway: () => false })
  arrived = 1
  life.rest()
  expect(ended).toEqual([])
  life.rest()
  expect(ended).toEqual(['SHUTDOWN'])
})

test('reads are carried on to the end', async () => {
  const member = await start()
  const reading = await client(member, read(2))
  close(member, 600)
  let id = 2
  await eventually(() => {
    member.answer()
    if (reading.answered.at(-1) === id) reading.socket.write(read(++id))
    expect(reading.over()).toBe(true)
  })
  expect(id).toBeGreaterThan(3)
})

test('a transaction goes on over any pause, and its connection ends after its commit', async () => {
  const member = await start()
  const [idle, inside] = [await client(member), await client(member)]
  close(member, 60_000)
  inside.socket.write(inTransaction(2))
  await eventually(() => expect(member.asked.at(-1)).toBe('insert'))
  member.answer()
  await eventually(() => expect(idle.over()).toBe(true))
  inside.socket.write(commit(3))
  await eventually(() => expect(member.asked.at(-1)).toBe('commitTransaction'))
  member.answer()
  await eventually(() => expect(inside.over()).toBe(true))
  expect(inside.answered).toEqual([1, 2, 3])
})

test('when the time is over, a write without an answer is answered so that it is sent again; the rest is cut', async () => {
  const member = await start()
  const [writing, reading] = [await client(member, write(2)), await client(member, read(2))]
  close(member, 50)
  await eventually(() => expect([writing.over(), reading.over()]).toEqual([true, true]))
  expect([writing.answered, reading.answered]).toEqual([[1, 2], [1]])
  const bytes = writing.bytes()
  expect(BSON.deserialize(bytes.subarray(bytes.readInt32LE(0) + 21))).toMatchObject({
    ok: 0,
    code: 11600,
    errmsg: 'the gateway is shutting down',
    errorLabels: ['RetryableWriteError'],
  })
})
