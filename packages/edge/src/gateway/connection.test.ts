// Who is let in and who is not, on real sockets: what the client sees, what the log says, and that not one byte of a
// refused connection reached the member.

import { type AddressInfo, connect, type Socket } from 'node:net'
import {
  type ConnectionOptions,
  connect as connectTls,
  createSecureContext,
  createServer as createTlsServer,
} from 'node:tls'
import { BSON } from 'bson'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { encodeProxyHeader } from '../proxy-protocol/encode.ts'
import { eventually } from '../testing/eventually.ts'
import { type Authority, createAuthority } from './testing/certificates.ts'
import { budget, bytes } from './testing/chunks.ts'
import { awsHeader, type Doors, type DoorsOptions, linkId, openDoors } from './testing/doors.ts'
import { type FakeSet, opMsg, startFakeSet } from './testing/fake-set.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

async function start(options: DoorsOptions = {}, set: FakeSet | null = null): Promise<{ set: FakeSet; doors: Doors }> {
  const fakeSet = set ?? (await startFakeSet({ members: 1 }))
  open.push(fakeSet)
  const doors = await openDoors(fakeSet, options)
  open.push(doors)
  return { set: fakeSet, doors }
}

interface Peer {
  readonly socket: Socket
  /** Everything that came back, once the other side was done. */
  readonly closed: Promise<{ readonly bytes: Buffer; readonly error: string | null }>
}

function dial(port: number): Peer {
  const socket = connect({ host: '127.0.0.1', port })
  open.push({ close: () => socket.destroy() })
  return { socket, closed: closing(socket) }
}

function closing(socket: Socket): Peer['closed'] {
  const chunks: Buffer[] = []
  let error: string | null = null
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', (cause: NodeJS.ErrnoException) => {
    error = cause.code ?? cause.message
  })
  return new Promise((resolve) => socket.on('close', () => resolve({ bytes: Buffer.concat(chunks), error })))
}

const port = (doors: Doors): number => doors.gatewayPorts[0] ?? 0
const hello = opMsg(7, 0, false, { hello: 1, $db: 'admin' })
const lineOf = (doors: Doors, msg: string) => doors.lines().find((line) => line.msg === msg)

describe('refused', () => {
  const azureHeader = Buffer.from('0d0a0d0a000d0a515549540a21000008ee00050140e20100', 'hex') // UNSPEC, LinkID 123456
  const proxyLocal = Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex')
  test.each([
    { says: 'an endpoint that nobody attached', bytes: awsHeader('vpce-unknown'), code: 'UNKNOWN_ENDPOINT' },
    { says: 'a header that names no endpoint', bytes: awsHeader(linkId, { tlvType: 0xe1 }), code: 'NO_LINK' },
    { says: 'another cloud’s link id', bytes: azureHeader, code: 'UNKNOWN_ENDPOINT' },
    { says: 'a link id in another cloud’s TLV', bytes: awsHeader(linkId, { tlvType: 0xee }), code: 'PROXY_HEADER' },
    { says: 'MongoDB’s bytes without a header', bytes: hello, code: 'PROXY_HEADER' },
    { says: 'a version 1 header', bytes: Buffer.from('PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n'), code: 'PROXY_HEADER' },
  ])('$says: closed without a byte, logged as $code, the member not dialled', async ({ bytes, code }) => {
    const { set, doors } = await start()
    const { socket, closed } = dial(port(doors))
    socket.write(Buffer.concat([bytes, hello]))
    expect((await closed).bytes).toHaveLength(0)
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code, side: 'client', gatewayPort: port(doors) })
    expect(doors.gateway.stats()).toMatchObject({ accepted: 1, admitted: 0, refused: { [code]: 1 }, open: 0 })
    expect(set.members[0]?.accepted()).toBe(0)
  })

  test.each(['DELETING', 'REFUSED'] as const)('an endpoint that is %s', async (status) => {
    const { set, doors } = await start({ endpoint: { status } })
    const { socket, closed } = dial(port(doors))
    socket.write(Buffer.concat([awsHeader(linkId), hello]))
    await closed
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'NOT_AVAILABLE', endpointId: 'endpoint-1' })
    expect(set.members[0]?.accepted()).toBe(0)
  })

  test('a header from an address that nobody trusts', async () => {
    const { doors } = await start({ parts: { trustedProxies: ['10.0.0.0/8', '::1/128'] } })
    const { socket, closed } = dial(port(doors))
    socket.write(awsHeader(linkId))
    await closed
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'UNTRUSTED_SOURCE' })
  })

  test('a header that does not come in time', async () => {
    const { doors } = await start({ parts: { limits: { headerMs: 20 } } })
    const { socket, closed } = dial(port(doors))
    socket.write(awsHeader(linkId).subarray(0, 20))
    await closed
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'PROXY_HEADER' })
  })

  test('one connection more than the endpoint may have; the others go on', async () => {
    const { doors } = await start({ parts: { limits: { connectionsPerEndpoint: 1 } } })
    const first = dial(port(doors))
    first.socket.write(Buffer.concat([awsHeader(linkId), hello]))
    await eventually(() => expect(doors.gateway.connections()).toHaveLength(1))
    const second = dial(port(doors))
    second.socket.write(awsHeader(linkId))
    await second.closed
    expect(doors.gateway.stats().refused).toEqual({ TOO_MANY_CONNECTIONS: 1 })
    first.socket.destroy()
    await eventually(() => expect(doors.gateway.connections()).toHaveLength(0))
    const third = dial(port(doors))
    third.socket.write(Buffer.concat([awsHeader(linkId), hello]))
    await eventually(() => expect(doors.gateway.connections()).toHaveLength(1))
  })

  test('a health check (LOCAL) and a look at the port are closed without a warning', async () => {
    const { doors } = await start()
    const check = dial(port(doors))
    check.socket.write(proxyLocal)
    expect(await check.closed).toEqual({ bytes: Buffer.alloc(0), error: null })
    const look = dial(port(doors))
    look.socket.end()
    await look.closed
    await eventually(() => expect(doors.gateway.stats()).toMatchObject({ accepted: 2, open: 0, refused: {} }))
    expect(doors.lines().filter(({ level }) => Number(level) >= 30)).toEqual([])
  })

  test('a member that does not answer is the member’s side', async () => {
    const set = await startFakeSet({ members: 1 })
    const { doors } = await start({}, set)
    await set.close()
    const { socket, closed } = dial(port(doors))
    socket.write(awsHeader(linkId))
    await closed
    expect(lineOf(doors, 'connection refused')).toMatchObject({ side: 'member', code: 'ECONNREFUSED' })
  })
})

describe('the forwarder’s proof', () => {
  const key = Buffer.alloc(32, 7)
  const header = (now: number, nonce: number, by = key): Buffer =>
    encodeProxyHeader({
      source: { address: '127.0.0.1', port: 50_000 },
      destination: { address: '127.0.0.1', port: 1024 },
      provider: 'AWS',
      linkId,
      proof: { key: by, now, nonce: Buffer.alloc(16, nonce) },
    })

  test('lets a header in from an untrusted address, once', async () => {
    const { doors } = await start({ parts: { trustedProxies: [], proofKey: key } })
    const bytes = header(Date.now(), 1)
    const first = dial(port(doors))
    first.socket.write(bytes)
    await eventually(() => expect(doors.gateway.stats().admitted).toBe(1))
    const replay = dial(port(doors))
    replay.socket.write(bytes)
    await replay.closed
    expect(doors.gateway.stats().refused).toEqual({ REPLAYED_PROOF: 1 })
  })

  test.each([
    { says: 'made with another key', bytes: () => header(Date.now(), 2, Buffer.alloc(32, 8)) },
    { says: 'older than a minute', bytes: () => header(Date.now() - 61_000, 3) },
    { says: 'left out', bytes: () => awsHeader(linkId) },
  ])('$says is no proof', async ({ bytes }) => {
    const { doors } = await start({ parts: { trustedProxies: [], proofKey: key } })
    const { socket, closed } = dial(port(doors))
    socket.write(bytes())
    await closed
    expect(doors.gateway.stats().refused).toEqual({ UNTRUSTED_SOURCE: 1 })
  })
})

describe('admitted', () => {
  const request = opMsg(9, 0, false, {
    hello: 1,
    client: { application: { name: 'shop' }, driver: { name: 'nodejs', version: '7.9.0' } },
    $db: 'admin',
  })

  test('cut at every byte, header and first message come through, and the answer has the endpoint’s names', async () => {
    const { set, doors } = await start()
    const whole = Buffer.concat([awsHeader(linkId), request])
    for (let cut = 1; cut < whole.length; cut += 7) {
      const { socket } = dial(port(doors))
      socket.setNoDelay(true)
      socket.write(whole.subarray(0, cut))
      setImmediate(() => socket.write(whole.subarray(cut)))
      const reply = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
      expect(BSON.deserialize(reply.subarray(21))).toMatchObject({ hosts: [doors.seeds], me: doors.seeds })
      socket.destroy()
    }
    expect(set.members[0]?.accepted()).toBeGreaterThan(20)
  })

  test('has one line when it starts and one when it ends, and stands in the table between', async () => {
    const { doors } = await start()
    const { socket } = dial(port(doors))
    socket.write(Buffer.concat([awsHeader(linkId), request]))
    const reply = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
    const common = {
      endpointId: 'endpoint-1',
      cloudEndpointId: linkId,
      memberId: 'member-0',
      source: '203.0.113.9:51000',
    }
    expect(lineOf(doors, 'connection started')).toMatchObject({ ...common, connection: '1', gatewayPort: port(doors) })
    expect(doors.gateway.connections()).toMatchObject([
      { ...common, id: '1', driver: 'nodejs 7.9.0', appName: 'shop', bytesFromClient: request.length, hellos: 1 },
    ])
    socket.end()
    await eventually(() => expect(lineOf(doors, 'connection ended')).toBeDefined())
    expect(lineOf(doors, 'connection ended')).toMatchObject({
      ...common,
      driver: 'nodejs 7.9.0',
      appName: 'shop',
      bytesFromClient: request.length,
      side: 'client',
      code: 'closed',
    })
    expect(Number(lineOf(doors, 'connection ended')?.bytesFromMember)).toBeGreaterThan(reply.length / 2)
    expect(doors.gateway.stats()).toMatchObject({ open: 0, ended: { client: 1, gateway: 0, member: 0 }, hellos: 1 })
  })

  test('but silent: ended when its first message does not come', async () => {
    const { doors } = await start({ parts: { limits: { firstMessageMs: 20 } } })
    const { socket, closed } = dial(port(doors))
    socket.write(Buffer.concat([awsHeader(linkId), request.subarray(0, 30)]))
    await closed
    expect(lineOf(doors, 'connection ended')).toMatchObject({ side: 'client', code: 'NO_FIRST_MESSAGE' })
  })

  test('but speaking something else: ended as the client’s fault, and the member is closed too', async () => {
    const { set, doors } = await start()
    const { socket, closed } = dial(port(doors))
    socket.write(Buffer.concat([awsHeader(linkId), Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')]))
    await closed
    expect(lineOf(doors, 'connection ended')).toMatchObject({ side: 'client', code: 'MESSAGE_LENGTH' })
    await eventually(() => expect(set.members[0]?.sockets.size).toBe(0))
  })

  test('and cut by the member: the client sees it at once', async () => {
    const { set, doors } = await start()
    const { socket, closed } = dial(port(doors))
    socket.write(Buffer.concat([awsHeader(linkId), request]))
    await eventually(() => expect(doors.gateway.stats().hellos).toBe(1))
    for (const own of set.members[0]?.sockets ?? []) own.resetAndDestroy()
    await closed
    expect(lineOf(doors, 'connection ended')).toMatchObject({ side: 'member' })
  })
})

describe('TLS', () => {
  const names = ['pl-0.test.internal', 'old-pl-0.test.internal']
  let authority: Authority
  let context: ReturnType<typeof createSecureContext>
  beforeAll(async () => {
    authority = await createAuthority()
    context = createSecureContext(await authority.issue([...names, '127.0.0.1']))
  })

  const named = { tls: true, names, byAddress: false, advertised: { 'member-0': { host: names[0] ?? '', port: 1024 } } }
  const certificateFor = () => context

  function dialTls(doors: Doors, options: ConnectionOptions): Peer & { readonly secured: Promise<void> } {
    const raw = dial(port(doors))
    raw.socket.write(awsHeader(linkId))
    raw.socket.removeAllListeners('data')
    const socket = connectTls({ socket: raw.socket, ca: authority.ca, host: names[0] ?? '', ...options })
    return { socket, closed: closing(socket), secured: new Promise((resolve) => socket.on('secureConnect', resolve)) }
  }

  test.each([
    { says: 'its name', servername: names[0] ?? '' },
    { says: 'an alias: the answer has the name that the client used', servername: names[1] ?? '' },
  ])('asked for by $says', async ({ servername }) => {
    const { doors } = await start({ endpoint: named, parts: { certificateFor } })
    const { socket, secured } = dialTls(doors, { servername })
    await secured
    socket.write(hello)
    const reply = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
    expect(BSON.deserialize(reply.subarray(21))).toMatchObject({ hosts: [`${servername}:1024`] })
  })

  test('asked for by another name: the client gets the alert unrecognized_name, the member nothing', async () => {
    const { set, doors } = await start({ endpoint: named, parts: { certificateFor } })
    const { closed } = dialTls(doors, { servername: 'pl-9.test.internal' })
    expect((await closed).error).toBe('ERR_SSL_TLSV1_UNRECOGNIZED_NAME')
    await eventually(() => expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'WRONG_NAME' }))
    expect(set.members[0]?.accepted()).toBe(0)
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'without a name: refused where the endpoint has names (%s)',
    async (version) => {
      const { set, doors } = await start({ endpoint: named, parts: { certificateFor } })
      const only = { minVersion: version, maxVersion: version }
      const { closed } = dialTls(doors, { servername: '', host: '127.0.0.1', ...only })
      expect((await closed).error).not.toBeNull()
      await eventually(() => expect(doors.gateway.stats().refused).toEqual({ NO_NAME: 1 }))
      expect(set.members[0]?.accepted()).toBe(0)
    },
  )

  test('without a name: right where the endpoint is addressed by IP', async () => {
    const { doors } = await start({ endpoint: { tls: true, byAddress: true }, parts: { certificateFor } })
    const { socket, secured } = dialTls(doors, { servername: '', host: '127.0.0.1' })
    await secured
    socket.write(hello)
    const reply = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
    expect(BSON.deserialize(reply.subarray(21))).toMatchObject({ hosts: [doors.seeds] })
  })

  test('an endpoint that is not AVAILABLE: the client gets an alert', async () => {
    const { doors } = await start({ endpoint: { ...named, status: 'DELETING' }, parts: { certificateFor } })
    const { closed } = dialTls(doors, { servername: names[0] ?? '' })
    expect((await closed).error).toBe('ERR_SSL_TLSV1_ALERT_ACCESS_DENIED')
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'NOT_AVAILABLE' })
  })

  test('a certificate that cannot be had: refused, and the next client is served', async () => {
    let broken = true
    const sometimes = () => {
      if (broken) throw new Error('the key is gone')
      return context
    }
    const { doors } = await start({ endpoint: named, parts: { certificateFor: sometimes } })
    const first = dialTls(doors, { servername: names[0] ?? '' })
    expect((await first.closed).error).not.toBeNull()
    await eventually(() => expect(doors.gateway.stats().refused).toEqual({ NO_CERTIFICATE: 1 }))
    broken = false
    await dialTls(doors, { servername: names[0] ?? '' }).secured
  })

  test('a client that speaks plain MongoDB to it', async () => {
    const { doors } = await start({ endpoint: named, parts: { certificateFor } })
    const { socket, closed } = dial(port(doors))
    socket.write(Buffer.concat([awsHeader(linkId), hello]))
    await closed
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'TLS_FAILED' })
  })

  describe('to the members', () => {
    test('a large answer comes whole through TLS on both sides', async () => {
      const large = opMsg(9, 7, false, { ok: 1, text: Array.from({ length: 400_000 }, (_, i) => i).join(' ') })
      const member = createTlsServer(await authority.issue(['localhost']), (socket) => {
        socket.on('error', () => {}).once('data', () => socket.write(large))
      })
      await new Promise<void>((resolve) => member.listen(0, '127.0.0.1', resolve))
      open.push({ close: () => member.close() })
      const hostPort = `localhost:${(member.address() as AddressInfo).port}`
      const clusterTls = { ca: authority.ca, allowInvalidHostnames: false }
      const doors = await openDoors(
        { members: [{ hostPort }] },
        { endpoint: named, parts: { certificateFor }, clusterTls },
      )
      open.push(doors)
      const { socket, secured } = dialTls(doors, { servername: names[0] ?? '' })
      await secured
      socket.write(opMsg(7, 0, false, { find: 'a', $db: 'a' }))
      const chunks: Buffer[] = []
      socket.on('data', (chunk: Buffer) => chunks.push(chunk))
      await eventually(() => expect(chunks.reduce((sum, { length }) => sum + length, 0)).toBe(large.length))
      expect(Buffer.concat(chunks).equals(large)).toBe(true)
    })

    test.each([
      {
        says: 'its authority is trusted',
        trust: true,
        allowInvalidHostnames: false,
        hosts: ['localhost'],
        admitted: true,
      },
      {
        says: 'its authority is not',
        trust: false,
        allowInvalidHostnames: false,
        hosts: ['localhost'],
        admitted: false,
      },
      { says: 'its name is wrong', trust: true, allowInvalidHostnames: false, hosts: ['other'], admitted: false },
      { says: 'its name may be wrong', trust: true, allowInvalidHostnames: true, hosts: ['other'], admitted: true },
    ])('verified: $says', async ({ trust, allowInvalidHostnames, hosts, admitted }) => {
      const set = await startFakeSet({ members: 1, tls: await authority.issue(hosts) })
      const ca = trust ? authority.ca : (await createAuthority()).ca
      const { doors } = await start({ clusterTls: { ca, allowInvalidHostnames } }, set)
      const { socket, closed } = dial(port(doors))
      socket.write(Buffer.concat([awsHeader(linkId), hello]))
      if (admitted) {
        const reply = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
        expect(BSON.deserialize(reply.subarray(21))).toMatchObject({ hosts: [doors.seeds] })
        return
      }
      await closed
      expect(lineOf(doors, 'connection refused')).toMatchObject({ side: 'member' })
    })
  })
})

test('a hundred connections of garbage: each is closed and has its line, and the next client is served', async () => {
  const { set, doors } = await start()
  const beginnings = [Buffer.alloc(0), awsHeader(linkId), Buffer.concat([awsHeader(linkId), hello])]
  const garbage = fc.tuple(fc.constantFrom(...beginnings), bytes(300)).map((parts) => Buffer.concat(parts))
  await fc.assert(
    fc.asyncProperty(garbage, async (sent) => {
      const { socket, closed } = dial(port(doors))
      socket.end(sent)
      await closed
    }),
    { ...budget, numRuns: 100 },
  )
  await eventually(() => expect(doors.gateway.stats()).toMatchObject({ accepted: 100, open: 0 }))
  const outcomes = ['connection ended', 'connection refused', 'connection closed before it began']
  expect(doors.lines().filter(({ msg }) => outcomes.includes(String(msg)))).toHaveLength(100)
  expect(doors.lines().filter(({ code }) => code === 'DEFECT')).toEqual([])
  await eventually(() => expect(set.members[0]?.sockets.size).toBe(0))

  const { socket } = dial(port(doors))
  socket.write(Buffer.concat([awsHeader(linkId), hello]))
  await new Promise((resolve) => socket.once('data', resolve))
})
