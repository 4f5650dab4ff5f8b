// What an opponent or an accident may do to a gateway, on real sockets; docs/failure-model.md says what is promised of each
// and which other suites show it.

import { createHash } from 'node:crypto'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { createBench, hello, lineOf, port } from './testing/bench.ts'
import { createAuthority } from './testing/certificates.ts'
import { awsHeader, linkId, openDoors } from './testing/doors.ts'
import { opMsg } from './testing/fake-set.ts'
import { maxMessageBytes } from './wire/frames.ts'

const { start, dial, keep } = createBench()
const name = 'pl-0.test.internal'

/** A byte, and then the next: never silent, never done. */
function drip(socket: Socket, bytes: Buffer): void {
  let at = 0
  const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), 5)
  socket.on('error', () => {}).on('close', () => clearInterval(timer))
}

const firstReply = (socket: Socket): Promise<Buffer> => new Promise((resolve) => socket.once('data', resolve))
const garbage = Buffer.alloc(64, 0xff)

describe('a client that is slow on purpose holds a place only for so long', () => {
  const limits = { headerMs: 60, tlsMs: 60, firstMessageMs: 60 }

  test('over its PROXY header', async () => {
    const { set, doors } = await start({ parts: { limits } })
    const { socket, closed } = dial(port(doors))
    drip(socket, Buffer.concat([awsHeader(linkId), hello]))
    await closed
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'PROXY_HEADER' })
    expect(set.members[0]?.accepted()).toBe(0)
  })

  test('over its TLS handshake', async () => {
    const certificate = createSecureContext(await (await createAuthority()).issue([name]))
    const endpoint = { tls: true, names: [name], byAddress: false }
    const { set, doors } = await start({ endpoint, parts: { limits, certificateFor: () => certificate } })
    const { socket, closed } = dial(port(doors))
    socket.write(awsHeader(linkId))
    drip(socket, Buffer.concat([Buffer.from('1603010200010001fc0303', 'hex'), Buffer.alloc(500)]))
    await closed
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'TLS_TIMEOUT' })
    expect(set.members[0]?.accepted()).toBe(0)
  })

  test('over its first message', async () => {
    const { set, doors } = await start({ parts: { limits } })
    const { socket, closed } = dial(port(doors))
    socket.write(awsHeader(linkId))
    drip(socket, hello)
    await closed
    expect(lineOf(doors, 'connection ended')).toMatchObject({ side: 'client', code: 'NO_FIRST_MESSAGE' })
    await eventually(() => expect(set.members[0]?.sockets.size).toBe(0))
  })
})

test('a header of the client’s own, behind the balancer’s, is no header: it says nothing and reaches nobody', async () => {
  const { set, doors } = await start()
  const { socket, closed } = dial(port(doors))
  socket.write(Buffer.concat([awsHeader(linkId), awsHeader('vpce-of-somebody-else'), hello]))
  await closed
  expect(lineOf(doors, 'connection ended')).toMatchObject({ code: 'MESSAGE_LENGTH', cloudEndpointId: linkId })
  expect(set.commands).toEqual([])
})

describe('garbage after hello', () => {
  test('from the client ends that connection, as its fault, on both sides', async () => {
    const { set, doors } = await start()
    const { socket, closed } = dial(port(doors))
    socket.write(Buffer.concat([awsHeader(linkId), hello]))
    await firstReply(socket)
    socket.write(garbage)
    await closed
    expect(lineOf(doors, 'connection ended')).toMatchObject({ side: 'client', code: 'MESSAGE_LENGTH' })
    await eventually(() => expect(set.members[0]?.sockets.size).toBe(0))
  })

  test('from the member ends it as the member’s, and none of it reaches the client', async () => {
    const { set, doors } = await start()
    const { socket, closed } = dial(port(doors))
    socket.write(Buffer.concat([awsHeader(linkId), hello]))
    const reply = await firstReply(socket)
    for (const own of set.members[0]?.sockets ?? []) own.write(garbage)
    expect((await closed).bytes.equals(reply)).toBe(true)
    expect(lineOf(doors, 'connection ended')).toMatchObject({ side: 'member', code: 'MESSAGE_LENGTH' })
  })
})

test('a message as long as the server allows goes through whole, both ways; one byte more is refused', async () => {
  const longest = Buffer.alloc(maxMessageBytes, 'postern ')
  opMsg(9, 0, false, { insert: 'c', $db: 'a' }).copy(longest)
  longest.writeInt32LE(longest.length, 0)
  const digest = createHash('sha256').update(longest).digest('hex')
  const whole = (socket: Socket): Promise<string> =>
    new Promise((resolve) => {
      const hash = createHash('sha256')
      let left = longest.length
      socket.on('data', (chunk: Buffer) => {
        hash.update(chunk)
        left -= chunk.length
        if (left === 0) resolve(hash.digest('hex'))
      })
    })
  const arrived: string[] = []
  const member = createServer((socket) => {
    socket.on('error', () => {})
    void whole(socket).then((digest) => {
      arrived.push(digest)
      socket.write(longest)
    })
  })
  await new Promise<void>((resolve) => member.listen(0, '127.0.0.1', resolve))
  keep({ close: () => member.close() })
  const doors = await openDoors({ members: [{ hostPort: `127.0.0.1:${(member.address() as AddressInfo).port}` }] })
  keep(doors)

  const { socket } = dial(port(doors))
  socket.removeAllListeners('data')
  const back = whole(socket)
  socket.write(awsHeader(linkId))
  socket.write(longest)
  expect([await back, ...arrived]).toEqual([digest, digest])

  longest.writeInt32LE(longest.length + 1, 0)
  const { socket: other, closed } = dial(port(doors))
  other.write(Buffer.concat([awsHeader(linkId), longest.subarray(0, 64)]))
  await closed
  expect(doors.lines().filter(({ code }) => code === 'MESSAGE_LENGTH')).toMatchObject([{ side: 'client' }])
})

test('a certificate that is renewed under load: who is there goes on, who comes sees the new one', async () => {
  const authority = await createAuthority()
  const [old, renewed] = [await authority.issue([name]), await authority.issue([name])].map((pair) =>
    createSecureContext(pair),
  )
  let current = old ?? null
  const endpoint = { tls: true, names: [name], byAddress: false }
  const { doors } = await start({ endpoint, parts: { certificateFor: () => current } })
  const answered = new Map<TLSSocket, number>()
  const client = async (): Promise<TLSSocket> => {
    const raw = dial(port(doors)).socket
    raw.removeAllListeners('data')
    raw.write(awsHeader(linkId))
    const socket = connectTls({ socket: raw, ca: authority.ca, host: name, servername: name })
    keep({ close: () => socket.destroy() })
    await new Promise((resolve) => socket.once('secureConnect', resolve))
    // The next question as soon as the last is answered.
    socket.on('data', () => {
      answered.set(socket, (answered.get(socket) ?? 0) + 1)
      socket.write(hello)
    })
    socket.write(hello)
    return socket
  }
  const serial = (socket: TLSSocket): string => socket.getPeerCertificate().serialNumber

  const before = [await client(), await client(), await client()]
  await eventually(() => expect(answered.size).toBe(3))
  current = renewed ?? null
  const after = await client()
  expect(new Set([...before, after].map(serial)).size).toBe(2)
  expect(serial(after)).not.toBe(serial(before[0] as TLSSocket))
  const then = before.map((socket) => answered.get(socket) ?? 0)
  await eventually(() => {
    for (const [at, socket] of before.entries()) expect(answered.get(socket)).toBeGreaterThan(then[at] ?? 0)
  })
  expect(doors.gateway.stats()).toMatchObject({ open: 4, refused: {} })
})
