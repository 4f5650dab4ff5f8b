// Listeners that belong to one endpoint, on real sockets, where the machine has one on an address that is not loopback:
// who enters without a PROXY header, with whose names, and who does not. And fixed TLVs and proxies of one service.

import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { connect as connectTls, createSecureContext } from 'node:tls'
import { BSON } from 'bson'
import { describe, expect, test } from 'vitest'
import { type ListenersFile, noListeners } from '../listeners-file.ts'
import { eventually } from '../testing/eventually.ts'
import { freePort } from '../testing/free-port.ts'
import type { OwnListener } from './own-listeners.ts'
import { closing, createBench, hello, lineOf, port } from './testing/bench.ts'
import { createAuthority } from './testing/certificates.ts'
import { awsHeader, linkId } from './testing/doors.ts'

const { start, keep } = createBench()

/** An address of this machine that others reach it by; loopback where it has none. */
const ownAddress =
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1'

const listener = (over: Partial<OwnListener> = {}): OwnListener => ({
  endpoint: linkId,
  host: ownAddress,
  advertise: null,
  from: null,
  ...over,
})

const startOwn = async (own: Partial<ListenersFile>, more: Parameters<typeof start>[0] = {}) => {
  const at = await freePort()
  const started = await start({
    ...more,
    endpoint: { advertised: { 'member-0': { host: '127.0.0.9', port: at } }, ...more.endpoint },
    parts: { own: { ...noListeners, ...own }, ...more.parts },
  })
  const dial = (host = ownAddress, localAddress?: string) => {
    const socket = connect({ host, port: at, ...(localAddress && { localAddress }) })
    keep({ close: () => socket.destroy() })
    return { socket, closed: closing(socket) }
  }
  return { ...started, at, dial }
}

/** PROXY, with this as its unique id. */
const withTlv = (value: string): Buffer => {
  const header = Buffer.from('0d0a0d0a000d0a515549540a21110000cb0071090a000001c7380400', 'hex')
  const tlv = Buffer.concat([Buffer.from([5, 0, value.length]), Buffer.from(value)])
  header.writeUInt16BE(12 + tlv.length, 14)
  return Buffer.concat([header, tlv])
}

const answerTo = async (socket: {
  write(bytes: Buffer): unknown
  once(name: 'data', on: (b: Buffer) => void): unknown
}) => {
  socket.write(hello)
  const reply = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
  return BSON.deserialize(reply.subarray(21))
}

describe('a listener of an endpoint’s own', () => {
  test('lets its clients in without a PROXY header, and shows them its own address', async () => {
    const { doors, at, dial } = await startOwn({ listeners: [listener()] })
    const { socket } = dial()
    expect(await answerTo(socket)).toMatchObject({ hosts: [`${ownAddress}:${at}`], me: `${ownAddress}:${at}` })
    expect(doors.gateway.connections()).toMatchObject([
      { cloudEndpointId: linkId, source: `${ownAddress}:${socket.localPort}` },
    ])
  })

  test('shows another host where that is advertised', async () => {
    const { at, dial } = await startOwn({ listeners: [listener({ advertise: 'db.example.com' })] })
    expect(await answerTo(dial().socket)).toMatchObject({ hosts: [`db.example.com:${at}`] })
  })

  test('speaks TLS where the endpoint is told by names, and shows these', async () => {
    const name = 'pl-0.test.internal'
    const authority = await createAuthority()
    const context = createSecureContext(await authority.issue([name]))
    const at = await freePort()
    const { doors } = await start({
      endpoint: { tls: true, names: [name], byAddress: false, advertised: { 'member-0': { host: name, port: at } } },
      parts: { own: { ...noListeners, listeners: [listener()] }, certificateFor: () => context },
    })
    const secured = (servername: string) => connectTls({ host: ownAddress, port: at, ca: authority.ca, servername })
    const good = secured(name)
    keep({ close: () => good.destroy() })
    await new Promise((resolve) => good.once('secureConnect', resolve))
    expect(await answerTo(good)).toMatchObject({ hosts: [`${name}:${at}`] })
    expect((await closing(secured('other.test.internal'))).error).toBe('ERR_SSL_TLSV1_UNRECOGNIZED_NAME')
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'WRONG_NAME' })
  })

  test('ends with its endpoint, port and connections, and comes back with it', async () => {
    const { doors, dial } = await startOwn({ listeners: [listener()] })
    const first = dial()
    await answerTo(first.socket)
    await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, endpoints: [] } })
    await first.closed
    expect((await dial().closed).error).toBe('ECONNREFUSED')
    const { bound } = await doors.gateway.take({ epoch: 'e', n: 3, body: doors.snapshot })
    expect(bound).toContain('own:endpoint-1')
    await answerTo(dial().socket)
  })

  test('is for a range alone where one is given', async () => {
    const { set, doors, dial } = await startOwn({ listeners: [listener({ from: ['198.51.100.0/24'] })] })
    expect((await dial().closed).bytes).toHaveLength(0)
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'SOURCE_NOT_ALLOWED' })
    await Promise.all(Array.from({ length: 99 }, () => dial().closed))
    expect(doors.gateway.stats().refused).toEqual({ SOURCE_NOT_ALLOWED: 100 })
    expect(doors.gateway.refusals()).toMatchObject([{ endpointId: 'endpoint-1', serviceIds: [], count: 100 }])
    expect(doors.lines().filter(({ msg }) => msg === 'connection refused').length).toBeLessThan(90)
    expect(set.members[0]?.accepted()).toBe(0)
  })

  test('may share its address with another endpoint’s: where clients come from tells them apart', async () => {
    const here = listener({ host: '127.0.0.1', from: ['127.0.0.8/32'] })
    const there = listener({ host: '127.0.0.1', endpoint: 'vpce-2', from: ['127.0.0.9/32'] })
    const { doors, at, dial } = await startOwn({ listeners: [here, there] })
    const [first] = doors.snapshot.endpoints
    if (first === undefined) throw new Error('no endpoint')
    const other = { ...first, id: 'endpoint-2', cloudEndpointId: 'vpce-2', linkIds: ['vpce-2'] }
    await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, endpoints: [first, other] } })
    for (const localAddress of ['127.0.0.8', '127.0.0.9']) await answerTo(dial('127.0.0.1', localAddress).socket)
    expect(doors.gateway.connections().map(({ endpointId }) => endpointId)).toEqual(['endpoint-1', 'endpoint-2'])
    expect((await dial('127.0.0.1', '127.0.0.7').closed).bytes).toHaveLength(0)
    expect(at).toBeGreaterThan(0)
  })

  test('that cannot be opened is told by its endpoint', async () => {
    const at = await freePort()
    const taken = await start({
      endpoint: { advertised: { 'member-0': { host: '127.0.0.9', port: at } } },
      parts: { own: { ...noListeners, listeners: [listener({ host: '127.0.0.1' })] } },
    })
    expect(taken.doors.gateway.held()).not.toBeNull()
    const second = start({
      endpoint: { advertised: { 'member-0': { host: '127.0.0.9', port: at } } },
      parts: { own: { ...noListeners, listeners: [listener({ host: '127.0.0.1' })] } },
    })
    await expect(second).rejects.toThrow(/"id":"endpoint-1","reason":"127.0.0.1 port \d+ is in use by another program/)
  })
})

describe('what the file of listeners says anew', () => {
  test('ends who came by a listener that is gone, closes it, and leaves the others alone', async () => {
    const [one, other] = [listener({ host: '127.0.0.1' }), listener({ host: '127.0.0.2' })]
    const { doors, dial } = await startOwn({ listeners: [one, other] })
    const [first, second] = [dial('127.0.0.1'), dial('127.0.0.2')]
    for (const { socket } of [first, second]) await answerTo(socket)
    doors.gateway.listenAs({ ...noListeners, listeners: [other] })
    await first.closed
    expect(lineOf(doors, 'connection ended')).toMatchObject({ side: 'gateway', code: 'LISTENER_CHANGED' })
    const { bound } = await doors.gateway.take({ epoch: 'e', n: 1, body: doors.snapshot })
    expect(bound).toContain('own:endpoint-1')
    expect((await dial('127.0.0.1').closed).error).toBe('ECONNREFUSED')
    await answerTo(second.socket)
  })

  test('ends who is in none of its ranges any more, and lets in who is now', async () => {
    const from = (...cidrs: readonly string[]) => [listener({ host: '127.0.0.1', from: cidrs })]
    const { doors, dial } = await startOwn({ listeners: from('127.0.0.8', '127.0.0.9') })
    const [kept, lost] = [dial('127.0.0.1', '127.0.0.8'), dial('127.0.0.1', '127.0.0.9')]
    for (const { socket } of [kept, lost]) await answerTo(socket)
    doors.gateway.listenAs({ ...noListeners, listeners: from('127.0.0.7', '127.0.0.8') })
    await lost.closed
    await answerTo(kept.socket)
    await answerTo(dial('127.0.0.1', '127.0.0.7').socket)
  })

  test('opens what is new', async () => {
    const { doors, dial } = await startOwn({})
    expect((await dial('127.0.0.1').closed).error).toBe('ECONNREFUSED')
    doors.gateway.listenAs({ ...noListeners, listeners: [listener({ host: '127.0.0.1' })] })
    await doors.gateway.take({ epoch: 'e', n: 1, body: doors.snapshot })
    await answerTo(dial('127.0.0.1').socket)
  })

  test('ends who came from a balancer that is no longer trusted, and who was named by a TLV that names others now', async () => {
    const tlv = { endpoint: linkId, type: 5, value: 'orders' }
    const proxies = [{ endpointService: 'service-1', from: ['127.0.0.1/32'] }]
    const file = { ...noListeners, tlvs: [tlv], proxies }
    const { doors } = await start({ parts: { trustedProxies: [], own: file } })
    const client = async (header: Buffer) => {
      const socket = connect({ host: '127.0.0.1', port: port(doors) })
      keep({ close: () => socket.destroy() })
      socket.write(header)
      const closed = closing(socket)
      await answerTo(socket)
      return { socket, closed }
    }
    const [byLink, byTlv] = [await client(awsHeader(linkId)), await client(withTlv('orders'))]
    doors.gateway.listenAs({ ...file, tlvs: [{ ...tlv, endpoint: 'vpce-2' }] })
    await byTlv.closed
    await answerTo(byLink.socket)
    doors.gateway.listenAs({ ...file, proxies: [{ endpointService: 'service-1', from: ['192.0.2.1/32'] }] })
    await byLink.closed
  })
})

describe('a fixed TLV', () => {
  const tlvs = [{ endpoint: linkId, type: 5, value: 'orders' }]
  test('of a trusted balancer names the endpoint; another one names nobody', async () => {
    const { doors } = await start({ parts: { own: { ...noListeners, tlvs } } })
    const dial = (bytes: Buffer) => {
      const socket = connect({ host: '127.0.0.1', port: port(doors) })
      keep({ close: () => socket.destroy() })
      socket.write(Buffer.concat([bytes, hello]))
      return closing(socket)
    }
    void dial(withTlv('orders'))
    await eventually(() =>
      expect(doors.gateway.connections()).toMatchObject([{ endpointId: 'endpoint-1', source: '203.0.113.9:51000' }]),
    )
    await dial(withTlv('order'))
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'NO_LINK' })
  })

  test('from nowhere trusted is not believed', async () => {
    const { doors } = await start({ parts: { trustedProxies: [], own: { ...noListeners, tlvs } } })
    const socket = connect({ host: '127.0.0.1', port: port(doors) })
    keep({ close: () => socket.destroy() })
    socket.write(withTlv('orders'))
    await closing(socket)
    expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'UNTRUSTED_SOURCE' })
  })
})

describe('proxies of one endpoint service', () => {
  test.each([
    { says: 'its own range, where no other is trusted', trustedProxies: [], service: 'service-1', admitted: 1 },
    {
      says: 'not the ranges of other ports',
      trustedProxies: ['127.0.0.0/8'],
      service: 'service-1',
      from: '10.0.0.1/32',
      admitted: 0,
    },
    {
      says: 'the ranges of every port, where another service has its own',
      trustedProxies: ['127.0.0.0/8'],
      service: 'service-2',
      from: '10.0.0.1/32',
      admitted: 1,
    },
  ])('$says', async ({ trustedProxies, service, from = '127.0.0.1/32', admitted }) => {
    const proxies = [{ endpointService: service, from: [from] }]
    const { doors } = await start({ parts: { trustedProxies, own: { ...noListeners, proxies } } })
    const socket = connect({ host: '127.0.0.1', port: port(doors) })
    keep({ close: () => socket.destroy() })
    socket.write(Buffer.concat([awsHeader(linkId), hello]))
    if (admitted === 0) await closing(socket)
    await eventually(() => expect(doors.gateway.stats().admitted).toBe(admitted))
  })
})
