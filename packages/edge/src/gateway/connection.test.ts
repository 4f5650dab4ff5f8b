// Who is let in and who is not, on real sockets: what the client sees, what the log says, and that not one byte of a
// refused connection reached the member. TLS has a file of its own.

import { BSON } from 'bson'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeProxyHeader } from '../proxy-protocol/encode.ts'
import { eventually } from '../testing/eventually.ts'
import { createBench, hello, lineOf, port } from './testing/bench.ts'
import { budget, bytes } from './testing/chunks.ts'
import { awsHeader, linkId } from './testing/doors.ts'
import { opMsg, startFakeSet } from './testing/fake-set.ts'

const { start, dial } = createBench()

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
    const unknown = { endpointId: null, serviceIds: ['service-1'], lastPort: port(doors), lastFrom: expect.any(String) }
    expect(doors.gateway.refusals()).toMatchObject([{ code, count: 1, ...unknown }])
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

  test('one that comes faster than its endpoint may get them; the others go on', async () => {
    let now = 1_000_000
    const limits = { connectionsPerEndpoint: 2, newPerSecond: 1 }
    const { doors } = await start({ parts: { limits, clock: { now: () => now } } })
    const arrive = () => {
      const one = dial(port(doors))
      one.socket.write(Buffer.concat([awsHeader(linkId), hello]))
      return one
    }
    const first = [arrive(), arrive()]
    await eventually(() => expect(doors.gateway.connections()).toHaveLength(2))
    for (const { socket } of first) socket.destroy()
    await eventually(() => expect(doors.gateway.stats().open).toBe(0))
    await arrive().closed
    expect(lineOf(doors, 'connection refused')).toMatchObject({
      code: 'TOO_MANY_NEW_CONNECTIONS',
      endpointId: 'endpoint-1',
    })
    now += 1000
    arrive()
    await eventually(() => expect(doors.gateway.connections()).toHaveLength(1))
    expect(doors.gateway.refusals()).toMatchObject([
      { endpointId: 'endpoint-1', code: 'TOO_MANY_NEW_CONNECTIONS', count: 1 },
    ])
  })

  test('a cluster that the policy leaves out; a newer snapshot ends who is there', async () => {
    const { set, doors } = await start()
    const first = dial(port(doors))
    first.socket.write(Buffer.concat([awsHeader(linkId), hello]))
    await eventually(() => expect(doors.gateway.connections()).toHaveLength(1))
    const endpoints = doors.snapshot.endpoints.map((one) => ({ ...one, policy: { clusterIds: ['another'] } }))
    await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, endpoints } })
    await first.closed
    const dialled = set.members[0]?.accepted()
    const second = dial(port(doors))
    second.socket.write(Buffer.concat([awsHeader(linkId), hello]))
    expect((await second.closed).bytes).toHaveLength(0)
    expect(lineOf(doors, 'connection ended')).toMatchObject({ code: 'CLUSTER_NOT_ALLOWED' })
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'CLUSTER_NOT_ALLOWED', endpointId: 'endpoint-1' })
    expect(doors.gateway.refusals()).toMatchObject([{ endpointId: 'endpoint-1', code: 'CLUSTER_NOT_ALLOWED' }])
    expect(set.members[0]?.accepted()).toBe(dialled)
  })

  test('a policy that this gateway does not know: nobody is let in, and the report says so', async () => {
    const { set, doors } = await start()
    const endpoints = doors.snapshot.endpoints.map((one) => ({ ...one, policy: { unread: ['aRuleOfTomorrow'] } }))
    const { failed } = await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, endpoints } })
    expect(failed).toMatchObject([{ id: 'endpoint-1', reason: expect.stringContaining('aRuleOfTomorrow') }])
    const { socket, closed } = dial(port(doors))
    socket.write(Buffer.concat([awsHeader(linkId), hello]))
    await closed
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'UNKNOWN_POLICY' })
    expect(set.members[0]?.accepted()).toBe(0)
  })

  test('one that says nothing for as long as the policy allows is ended; the newest snapshot says how long', async () => {
    const { doors } = await start()
    const { socket, closed } = dial(port(doors))
    socket.write(Buffer.concat([awsHeader(linkId), hello]))
    await eventually(() => expect(doors.gateway.connections()).toMatchObject([{ hellos: 1 }]))
    const endpoints = doors.snapshot.endpoints.map((one) => ({ ...one, policy: { idleMs: 20 } }))
    await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, endpoints } })
    await closed
    expect(lineOf(doors, 'connection ended')).toMatchObject({ code: 'IDLE', side: 'gateway' })
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
    expect(lineOf(doors, 'connection started')).toMatchObject({
      ...common,
      connection: expect.stringMatching(/^[0-9a-f]{12}0{11}1$/),
      gatewayPort: port(doors),
    })
    expect(doors.gateway.connections()).toMatchObject([
      {
        ...common,
        id: lineOf(doors, 'connection started')?.connection,
        member: doors.snapshot.clusters[0]?.members[0]?.hostPort,
        tls: false,
        driver: 'nodejs 7.9.0',
        appName: 'shop',
        bytesFromClient: request.length,
        operations: 1,
        hellos: 1,
      },
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
