// What a link does to its two sockets when it ends in the middle of something. The rest of it is shown through the
// forwarder, on real connections.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { createLink, type Link } from './link.ts'

const open: { destroy(): unknown }[] = []
const servers: Server[] = []

afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

async function listening(): Promise<{ readonly port: number; readonly accepted: Promise<Socket> }> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
  servers.push(server)
  const accepted = once(server, 'connection').then(([socket]) => socket as Socket)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, accepted }
}

interface Joined {
  readonly link: Link
  /** The consumer's own end. */
  readonly consumer: Socket
  /** The forwarder's end of it. */
  readonly client: Socket
  readonly gateway: Socket
  readonly ended: Promise<string | null>
}

async function join(): Promise<Joined> {
  const door = await listening()
  const behind = await listening()
  const consumer = connect(door.port, '127.0.0.1')
  consumer.on('error', () => {})
  const client = await door.accepted
  let tell: (problem: string | null) => void = () => {}
  const ended = new Promise<string | null>((resolve) => {
    tell = resolve
  })
  const link = createLink({
    client,
    gateway: { host: '127.0.0.1', port: behind.port },
    header: Buffer.from('header'),
    clock: systemClock,
    dialLimitMs: 5_000,
    ended: (problem) => tell(problem),
  })
  const gateway = await behind.accepted
  gateway.on('error', () => {}).resume()
  open.push(consumer, client, gateway)
  await once(gateway, 'data')
  return { link, consumer, client, gateway, ended }
}

test('a link that is cut resets both sides', async () => {
  const { link, consumer, gateway, ended } = await join()
  const resets = [consumer, gateway].map(async (socket) => (await once(socket, 'error'))[0].code)
  link.cut()
  expect(await Promise.all(resets)).toEqual(['ECONNRESET', 'ECONNRESET'])
  expect(await ended).toBeNull()
})

test('a link that is cut while it passes on the end of one side still closes both', async () => {
  const { link, consumer, client, ended } = await join()
  const closed = [once(consumer.resume(), 'close'), once(client, 'close')]
  client.end()
  link.cut()
  await Promise.all(closed)
  expect(await ended).toBeNull()
})
