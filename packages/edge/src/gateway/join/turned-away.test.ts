// A write that is turned away by an orderly end, of which only the beginning has been passed: the rest of it, which waits for its
// endpoint's turn, is never taken for a message of its own.

import { randomUUID } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { BSON, Long, UUID } from 'bson'
import { afterEach, expect, test } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { createExchange } from '../translate/exchange.ts'
import type { HelloNames } from '../translate/hello.ts'
import type { ConnectionEnd, Joined, JoinMethod } from './join.ts'
import type { Native } from './native.ts'
import { onreadJoin } from './onread.ts'
import { createRelayJoin } from './relay.ts'
import { enterLine, leaveLine } from './turns.ts'

const open: { close(): unknown }[] = []
afterEach(() => {
  for (const thing of open.splice(0)) thing.close()
})

async function pair(): Promise<readonly [Socket, Socket]> {
  const server = createServer({ allowHalfOpen: true })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const arrived = new Promise<Socket>((resolve) => server.once('connection', resolve))
  const dialled = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  const both = [await arrived, dialled] as const
  server.close()
  for (const socket of both) open.push({ close: () => socket.destroy() })
  return both
}

/** OP_MSG with one document, and what else stands in it. */
function message(document: object, more = Buffer.alloc(0)): Buffer {
  const body = BSON.serialize(document)
  const bytes = Buffer.concat([Buffer.alloc(21), body, more])
  bytes.writeInt32LE(bytes.length, 0)
  bytes.writeInt32LE(2013, 12)
  return bytes
}

/** A retryable write of two chunks, the second of which is a whole message to whoever reads it from there. */
function writeThatHolds(command: object): readonly [Buffer, Buffer] {
  const document = BSON.serialize({ _id: 1, bytes: Buffer.alloc(69_000) })
  const section = Buffer.alloc(15)
  section[0] = 1
  section.writeInt32LE(14 + document.length, 1)
  section.write('documents\0', 5)
  const insert = { insert: 'orders', lsid: { id: new UUID() }, txnNumber: Long.fromNumber(1), $db: 'shop' }
  const whole = message(insert, Buffer.concat([section, document]))
  const [first, second] = [whole.subarray(0, 65_536), whole.subarray(65_536)]
  const room = second.length - message({ ...command, room: Buffer.alloc(0) }).length
  message({ ...command, room: Buffer.alloc(room) }).copy(second)
  return [first, second]
}

/** The thread takes nothing, so that the connection stays here. */
const nobody = {
  start() {},
  take: () => 0,
  returned: () => [],
  back: () => null,
  close() {},
  look() {},
} as unknown as Native

test.each<{ readonly says: string; readonly method: () => JoinMethod }>([
  { says: 'onread', method: () => onreadJoin },
  { says: 'the relay, of a connection that it does not carry', method: () => createRelayJoin(nobody) },
])('by $says', async ({ method }) => {
  const other = enterLine('quiet')
  open.push({ close: () => leaveLine(other) })
  const [client] = await pair()
  const [member, far] = await pair()
  const heard: Buffer[] = []
  far.on('data', (chunk) => heard.push(chunk))
  const ends: ConnectionEnd[] = []
  const names = (): HelloNames => {
    throw new Error('nobody says hello')
  }
  const exchange = createExchange({ now: Date.now, names })
  const joined: Joined = method()
    .prepare()
    .join(
      { client, member },
      {
        ...{ endpointId: `busy-${randomUUID()}`, exchange, idleMs: 0, halfOpenMs: 60_000, now: Date.now },
        ended: (end) => ends.push(end),
      },
    )
  exchange.drain((request) => {
    if (request !== 'write') return false
    joined.finish({ side: 'gateway', code: 'SHUTDOWN', reason: 'it ends' })
    return true
  })
  const ping = message({ ping: 1, $db: 'shop' })
  const pings = 6 // more than a turn
  for (let at = 0; at < pings; at++) client.emit('data', ping)
  for (const chunk of writeThatHolds({ dropDatabase: 1, $db: 'shop' })) client.emit('data', chunk)
  await eventually(() => expect(ends).toMatchObject([{ side: 'gateway', code: 'SHUTDOWN' }]))
  await eventually(() => expect(far.closed || far.readableEnded).toBe(true))
  expect(Buffer.concat(heard)).toEqual(Buffer.concat(Array.from({ length: pings }, () => ping)))
})
