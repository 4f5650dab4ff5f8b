// The forwarder on real sockets, in front of a small server that plays the gateway: it reads the PROXY header with our
// decoder and hands the connection to the test.

import { randomBytes } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { ForwarderListener, Numbered } from '@postern/contract/snapshot'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { decodeProxyHeader, type ProxyHeader } from '../proxy-protocol/decode.ts'
import { checkProof } from '../proxy-protocol/proof.ts'
import { eventually } from '../testing/eventually.ts'
import { freePort } from '../testing/free-port.ts'
import { createKeptLog, type KeptLog } from '../testing/kept-log.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { createForwarder, type Forwarder, type ForwarderParts } from './forwarder.ts'

const proofKey = Buffer.alloc(32, 9)

interface Arrived {
  readonly header: ProxyHeader
  readonly raw: Buffer
  readonly socket: Socket
  /** What came after the header. */
  readonly received: () => string
  readonly ended: () => boolean
}

let gateway: Server
let gatewayPort: number
let arrived: Arrived[]
let sockets: Socket[]
let forwarders: Forwarder[]
let kept: KeptLog

beforeEach(async () => {
  arrived = []
  sockets = []
  forwarders = []
  kept = createKeptLog()
  gateway = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket.on('error', () => undefined))
    let bytes = Buffer.alloc(0)
    let length = 0
    let ended = false
    socket.on('end', () => {
      ended = true
    })
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk])
      const decoded = decodeProxyHeader(bytes)
      if (length > 0 || decoded.state !== 'header') return
      length = decoded.length
      const received = (): string => bytes.subarray(length).toString()
      arrived.push({ header: decoded.header, raw: bytes.subarray(0, length), socket, received, ended: () => ended })
    })
  })
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
  gatewayPort = (gateway.address() as AddressInfo).port
})

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  for (const forwarder of forwarders) await forwarder.close(0)
  await new Promise((resolve) => gateway.close(resolve))
})

function make(parts: Partial<ForwarderParts> = {}): Forwarder {
  const forwarder = createForwarder({
    gatewayHost: '127.0.0.1',
    proofKey,
    allowRemote: false,
    log: kept.log,
    clock: systemClock,
    randomBytes,
    ...parts,
  })
  forwarders.push(forwarder)
  return forwarder
}

const aws = async (change: Partial<ForwarderListener> = {}): Promise<ForwarderListener> => ({
  id: 'link-1',
  provider: 'AWS',
  linkId: 'vpce-0123456789abcdef0',
  hosts: ['127.0.0.1'],
  port: await freePort(),
  gatewayPort,
  ...change,
})

let n = 0
const whole = (...listeners: readonly ForwarderListener[]): Numbered<{ readonly listeners: typeof listeners }> => {
  n++
  return { epoch: 'E', n, body: { listeners } }
}

function dial(host: string, port: number): Socket {
  const socket = connect({ host, port, allowHalfOpen: true })
  sockets.push(socket.on('error', () => undefined))
  return socket
}

const firstArrived = (): Promise<Arrived> =>
  eventually(() => {
    const [first] = arrived
    if (!first) throw new Error('nothing has arrived at the gateway')
    return first
  })

const closed = (socket: Socket): Promise<unknown> =>
  socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', resolve))

describe('a connection', () => {
  test.each([
    { provider: 'AWS', linkId: 'vpce-0123456789abcdef0' },
    { provider: 'AZURE', linkId: '4294967295' },
    { provider: 'GCP', linkId: '18446744073709551615' },
  ] as const)(
    'reaches the gateway behind a header with the $provider id, the real client and our proof',
    async (link) => {
      const forwarder = make()
      const listener = await aws(link)
      expect(await forwarder.take(whole(listener))).toEqual({ bound: ['link-1'], failed: [] })
      const client = dial('127.0.0.1', listener.port)
      client.write('ping')
      const { header, raw, socket, received } = await firstArrived()
      expect(header.link).toEqual(link)
      expect(header.source).toEqual({ host: '127.0.0.1', port: client.localPort })
      expect(header.destination).toEqual({ host: '127.0.0.1', port: listener.port })
      expect(checkProof(proofKey, raw, Date.now()).ok).toBe(true)
      await eventually(() => expect(received()).toBe('ping'))
      let answer = ''
      client.on('data', (chunk) => {
        answer += String(chunk)
      })
      socket.write('pong')
      await eventually(() => expect(answer).toBe('pong'))
    },
  )

  test('no two proofs are alike', async () => {
    const forwarder = make()
    const listener = await aws()
    await forwarder.take(whole(listener))
    dial('127.0.0.1', listener.port)
    dial('127.0.0.1', listener.port)
    await eventually(() => expect(arrived).toHaveLength(2))
    const proofs = arrived.map(({ header }) => header.tlvs.find(({ type }) => type === 0xef)?.value.toString('hex'))
    expect(new Set(proofs).size).toBe(2)
  })

  test('without a key there is no proof in the header', async () => {
    const forwarder = make({ proofKey: null })
    const listener = await aws()
    await forwarder.take(whole(listener))
    dial('127.0.0.1', listener.port)
    expect((await firstArrived()).header.tlvs.map(({ type }) => type)).toEqual([0xea])
  })

  test('half-close is carried over: the answer still comes after the client has finished', async () => {
    const forwarder = make()
    const listener = await aws()
    await forwarder.take(whole(listener))
    const client = dial('127.0.0.1', listener.port)
    client.end('question')
    const { socket, received, ended } = await firstArrived()
    await eventually(() => expect(ended()).toBe(true))
    expect(received()).toBe('question')
    let answer = ''
    client.on('data', (chunk) => {
      answer += String(chunk)
    })
    socket.end('answer')
    await closed(client)
    expect(answer).toBe('answer')
    await eventually(() => expect(forwarder.connections()).toBe(0))
  })

  test('half-close the other way: what the client still says arrives after the gateway has finished', async () => {
    const forwarder = make()
    const listener = await aws()
    await forwarder.take(whole(listener))
    const client = dial('127.0.0.1', listener.port).resume()
    const { socket, received, ended } = await firstArrived()
    const finished = new Promise((resolve) => client.once('end', resolve))
    socket.end()
    await finished
    client.end('last words')
    await eventually(() => expect(ended()).toBe(true))
    expect(received()).toBe('last words')
  })

  test('32 MiB pass whole to a reader that pauses, and are not heaped up on the way', async () => {
    const forwarder = make()
    const listener = await aws()
    await forwarder.take(whole(listener))
    const client = dial('127.0.0.1', listener.port).pause()
    const { socket } = await firstArrived()
    const chunk = randomBytes(1024 * 1024)
    for (let index = 0; index < 32; index++) socket.write(chunk)
    // Kernel buffers take some of it; once those are full, the rest must stay with the sender.
    let lengths: number[] = []
    await eventually(() => {
      lengths = [socket.writableLength, ...lengths].slice(0, 10)
      expect(new Set(lengths).size).toBe(1)
      expect(lengths).toHaveLength(10)
    })
    expect(socket.writableLength).toBeGreaterThan(8 * chunk.length)
    socket.end()
    let size = 0
    client.on('data', (bytes) => {
      size += bytes.length
    })
    client.resume()
    await closed(client.once('end', () => client.end()))
    expect(size).toBe(32 * chunk.length)
  })

  test('the gateway resetting its side resets the client', async () => {
    const forwarder = make()
    const listener = await aws()
    await forwarder.take(whole(listener))
    const client = dial('127.0.0.1', listener.port)
    const { socket } = await firstArrived()
    socket.resetAndDestroy()
    await closed(client.resume())
    expect(client.errored).toMatchObject({ code: 'ECONNRESET' })
    await eventually(() => expect(forwarder.connections()).toBe(0))
  })

  test('a gateway that is not there ends the client at once, with a line that says so', async () => {
    const forwarder = make()
    const listener = await aws({ gatewayPort: await freePort() })
    await forwarder.take(whole(listener))
    await closed(dial('127.0.0.1', listener.port).resume())
    await eventually(() => expect(kept.text()).toMatch(/connection lost: the gateway was not reached: .*ECONNREFUSED/))
  })

  test('more connections than allowed are closed at once', async () => {
    const forwarder = make({ limits: { connectionsPerAddress: 1 } })
    const listener = await aws()
    await forwarder.take(whole(listener))
    dial('127.0.0.1', listener.port)
    await firstArrived()
    await closed(
      dial('127.0.0.1', listener.port)
        .resume()
        .on('end', function (this: Socket) {
          this.end()
        }),
    )
    expect(arrived).toHaveLength(1)
  })
})

describe('listeners', () => {
  test('one that is gone from the snapshot is closed and its connections are cut; the others stay', async () => {
    const forwarder = make()
    const [one, two] = [await aws(), await aws({ id: 'link-2' })]
    await forwarder.take(whole(one, two))
    const cut = dial('127.0.0.1', one.port)
    const stays = dial('127.0.0.1', two.port)
    await eventually(() => expect(arrived).toHaveLength(2))
    expect(await forwarder.take(whole(two))).toEqual({ bound: ['link-2'], failed: [] })
    await closed(cut.resume())
    const refused = dial('127.0.0.1', one.port)
    await closed(refused)
    expect(refused.errored).toMatchObject({ code: 'ECONNREFUSED' })
    expect(stays.closed).toBe(false)
    expect(forwarder.connections()).toBe(1)
  })

  test('a port that changes hands carries the new identity at once and drops the old connections', async () => {
    const forwarder = make()
    const old = await aws()
    await forwarder.take(whole(old))
    const before = dial('127.0.0.1', old.port)
    await firstArrived()
    const changed = { ...old, id: 'link-9', linkId: 'vpce-00000000000000009' }
    expect(await forwarder.take(whole(changed))).toEqual({ bound: ['link-9'], failed: [] })
    await closed(before.resume())
    dial('127.0.0.1', old.port)
    await eventually(() => expect(arrived.at(-1)?.header.link?.linkId).toBe('vpce-00000000000000009'))
  })

  test.runIf(process.platform === 'linux')(
    'many addresses of 127/8 share one port (Linux binds them all)',
    async () => {
      const forwarder = make()
      const port = await freePort('127.84.1.1')
      const listeners = await Promise.all(
        [1, 2, 3].map((last) => aws({ id: `link-${last}`, hosts: [`127.84.1.${last}`], port })),
      )
      const { bound, failed } = await forwarder.take(whole(...listeners))
      expect({ bound, failed }).toEqual({ bound: ['link-1', 'link-2', 'link-3'], failed: [] })
      dial('127.84.1.2', port)
      expect((await firstArrived()).header.destination).toEqual({ host: '127.84.1.2', port })
    },
  )

  test('a listener on 127.0.0.1 and ::1 is bound, with or without IPv6 on this machine', async () => {
    const forwarder = make()
    const listener = await aws({ hosts: ['127.0.0.1', '::1'] })
    expect(await forwarder.take(whole(listener))).toEqual({ bound: ['link-1'], failed: [] })
    dial('127.0.0.1', listener.port)
    await firstArrived()
    const six = await freePort('::1').catch(() => null)
    if (six === null) return
    dial('::1', listener.port)
    await eventually(() => expect(arrived.at(-1)?.header.source?.host).toBe('::1'))
  })

  test('a taken port is reported with a sentence, and bound by the next take once it is free', async () => {
    const forwarder = make()
    const listener = await aws()
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen(listener.port, '127.0.0.1', resolve))
    const reason = `127.0.0.1 port ${listener.port} is in use by another program; stop it, or delete and create this endpoint again`
    expect(await forwarder.take(whole(listener))).toEqual({ bound: [], failed: [{ id: 'link-1', reason }] })
    await new Promise((resolve) => squatter.close(resolve))
    expect(await forwarder.take(whole(listener))).toEqual({ bound: ['link-1'], failed: [] })
  })

  test.each([
    {
      says: 'an address that this machine does not have',
      change: { hosts: ['192.0.2.77'] },
      allowRemote: true,
      reason: /^192\.0\.2\.77 port \d+ is no address of this machine/,
    },
    {
      says: 'an address beyond loopback, unless allowed by name',
      change: { hosts: ['0.0.0.0'] },
      allowRemote: false,
      reason: /^0\.0\.0\.0 is no loopback address/,
    },
    {
      says: 'a link id that no header can carry',
      change: { provider: 'AZURE', linkId: 'vpce-1' },
      allowRemote: false,
      reason: /^"vpce-1" is no Azure LinkID$/,
    },
  ] as const)('$says fails alone', async ({ change, allowRemote, reason }) => {
    const forwarder = make({ allowRemote })
    const good = await aws({ id: 'good' })
    const taken = await forwarder.take(whole(await aws(change), good))
    expect(taken).toEqual({ bound: ['good'], failed: [{ id: 'link-1', reason: expect.stringMatching(reason) }] })
  })
})

describe('closing', () => {
  test('it waits for connections that end by themselves', async () => {
    const forwarder = make({ clock: createManualClock() })
    const listener = await aws()
    await forwarder.take(whole(listener))
    const client = dial('127.0.0.1', listener.port)
    const { socket } = await firstArrived()
    const closing = forwarder.close(1000)
    client.end()
    socket.end()
    client.resume()
    await closing
    expect(client.errored).toBeNull()
  })

  test('it cuts what is left when the time is over', async () => {
    const clock = createManualClock()
    const forwarder = make({ clock })
    const listener = await aws()
    await forwarder.take(whole(listener))
    const client = dial('127.0.0.1', listener.port)
    await firstArrived()
    const closing = forwarder.close(1000)
    clock.advance(1000)
    await closing
    await closed(client.resume())
    expect(forwarder.connections()).toBe(0)
  })
})
