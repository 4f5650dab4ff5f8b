import { type AddressInfo, connect, createServer, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { createAuthority } from '../testing/certificates.ts'
import { asItCame, joinCases } from './join.case.ts'
import type { JoinParts } from './join.ts'
import { onreadJoin } from './onread.ts'
import { bufferBytes, createReadBuffer, maxBorrowed, muchBytes, sharedBytes } from './read-buffers.ts'
import { enterLine, leaveLine } from './turns.ts'

joinCases(onreadJoin, asItCame)

const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const work of cleanUp.splice(0)) work()
})

interface Ends {
  readonly dialled: Socket
  readonly accepted: Socket
}
type Dial = (options: { readonly onread: OnReadOpts }) => Promise<Ends>

/** Two ends of one connection. */
async function pair(options: { readonly onread?: OnReadOpts } = {}): Promise<Ends> {
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

/** The same over TLS. */
async function securePair({ onread }: { readonly onread: OnReadOpts }): Promise<Ends> {
  const authority = await createAuthority()
  const server = createTlsServer(await authority.issue(['localhost']))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const arrived = new Promise<Socket>((resolve) => server.once('secureConnection', resolve))
  const ofNet = { port: (server.address() as AddressInfo).port, host: '127.0.0.1', onread }
  const dialled = connectTls({ ...ofNet, servername: 'localhost', ca: authority.ca })
  cleanUp.push(() => dialled.destroy())
  const accepted = await arrived
  await new Promise((resolve) => (dialled.authorized ? resolve(null) : dialled.once('secureConnect', resolve)))
  server.close()
  cleanUp.push(() => accepted.destroy())
  return { dialled, accepted }
}

/** Joined sockets of the gateway, and the client's and the member's own ends. */
async function joint(exchange: JoinParts['exchange'] = asItCame.exchange(), dial: Dial = pair) {
  const front = await pair()
  const { onread, join } = onreadJoin.prepare()
  const back = await dial({ onread })
  const joined = join(
    { client: front.accepted, member: back.dialled },
    { endpointId: 'endpoint', exchange, idleMs: 0, halfOpenMs: 60_000, now: Date.now, ended() {} },
  )
  cleanUp.push(() => joined.stop({ side: 'gateway', code: 'TEST', reason: 'its test is over' }))
  return { joined, reader: front.dialled, client: front.accepted, member: back.accepted }
}

test.each([
  { says: 'plain', dial: pair },
  { says: 'with TLS', dial: securePair },
])(
  'a large reply of a member $says, beside another endpoint, comes whole to a client that stops again and again',
  async ({ dial }) => {
    const quiet = enterLine('quiet')
    cleanUp.push(() => leaveLine(quiet))
    const { joined, reader, client, member } = await joint(asItCame.exchange(), dial)
    const said = asItCame.bytes(24 * 2 ** 20)
    member.write(said)
    const heard: Buffer[] = []
    let came = 0
    let wanted = 0
    reader.pause().on('data', (chunk) => {
      heard.push(chunk)
      came += chunk.length
      if (came >= wanted) reader.pause()
    })
    while (came < said.length) {
      const allRead = (): boolean => joined.traffic().bytesFromMember === said.length
      await eventually(() => expect(client.writableNeedDrain || allRead()).toBe(true))
      wanted = Math.min(came + 4 * 2 ** 20, said.length)
      reader.resume()
      await eventually(() => expect(came).toBeGreaterThanOrEqual(wanted))
    }
    expect(Buffer.concat(heard).equals(said)).toBe(true)
  },
)

test('of a large reply, a client that does not read keeps one read waiting: a small one where all large buffers are borrowed', async () => {
  for (let at = 0; at < maxBorrowed; at++) {
    const other = createReadBuffer({ endpointId: 'endpoint', stops: true })
    other.done(bufferBytes, false)
    cleanUp.push(() => other.close(false))
  }
  const { client, member } = await joint()
  member.write(Buffer.alloc(32 * 2 ** 20))
  await eventually(() => expect(client.writableNeedDrain).toBe(true))
  // it is read on until so much waits, and what was read last comes to it
  expect(client.writableLength).toBeLessThan(client.writableHighWaterMark + sharedBytes)
})

test('what a client has not taken is not read over, though it be too little for the socket to say so', async () => {
  const shown = 100
  const push = (chunk: Buffer): readonly Buffer[] => [chunk.subarray(0, shown)]
  const requests = { push: (chunk: Buffer) => [chunk] }
  const { joined, reader, client, member } = await joint({ requests, replies: { push } })
  const read = (): number => joined.traffic().bytesFromMember
  let before = shown
  member.write(Buffer.alloc(sharedBytes)) // so that it has a buffer of its own
  await eventually(() => expect(read()).toBe(sharedBytes))
  while (client.writableLength === 0) {
    client.write(Buffer.alloc(1000))
    before += 1000
  }
  member.write(Buffer.alloc(muchBytes, 'first'))
  await eventually(() => expect(read()).toBe(sharedBytes + muchBytes))
  expect(client.writableNeedDrain).toBe(false)
  member.write(Buffer.alloc(muchBytes, 'other'))
  let came = Buffer.alloc(0)
  reader.on('data', (chunk) => {
    came = Buffer.concat([came, chunk])
  })
  await eventually(() => expect(came.length).toBe(before + 2 * shown))
  expect(came.subarray(before).toString()).toBe('first'.repeat(20) + 'other'.repeat(20))
})
