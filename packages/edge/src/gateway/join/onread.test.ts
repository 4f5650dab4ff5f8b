import { type AddressInfo, connect, createServer, type OnReadOpts, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { asItCame, joinCases } from './join.case.ts'
import { onreadJoin } from './onread.ts'
import { bufferBytes, createReadBuffer, maxBorrowed, sharedBytes } from './read-buffers.ts'

joinCases(onreadJoin, asItCame)

const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const work of cleanUp.splice(0)) work()
})

/** Two ends of one connection. */
async function pair(options: { readonly onread?: OnReadOpts } = {}): Promise<{ dialled: Socket; accepted: Socket }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const arrived = new Promise<Socket>((resolve) => server.once('connection', resolve))
  const dialled = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', ...options })
  const accepted = await arrived
  if (dialled.connecting) await new Promise((resolve) => dialled.once('connect', resolve))
  server.close()
  for (const socket of [dialled, accepted]) {
    socket.on('error', () => {})
    cleanUp.push(() => socket.destroy())
  }
  return { dialled, accepted }
}

test('of a large reply, a client that does not read keeps one read waiting: a small one where all large buffers are borrowed', async () => {
  const others = Array.from({ length: maxBorrowed }, createReadBuffer)
  for (const other of others) {
    other.done(bufferBytes, false)
    cleanUp.push(() => other.close(false))
  }

  const front = await pair()
  const { onread, join } = onreadJoin.prepare()
  const back = await pair({ onread })
  const client = front.accepted
  join(
    { client, member: back.dialled },
    {
      ...{ endpointId: 'endpoint', exchange: asItCame.exchange(), idleMs: 0, halfOpenMs: 60_000 },
      now: Date.now,
      ended() {},
    },
  )
  back.accepted.write(Buffer.alloc(32 * 2 ** 20))
  await eventually(() => expect(client.writableNeedDrain).toBe(true))
  // it is read on until so much waits, and what was read last comes to it
  expect(client.writableLength).toBeLessThan(client.writableHighWaterMark + sharedBytes)
})
