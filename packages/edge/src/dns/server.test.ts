// The DNS server on real sockets: Node's own resolver for every type, raw UDP and TCP where that would hide something,
// and the official driver as far as resolution goes (which hosts and ports it dials after a `mongodb+srv` string).

import { createSocket } from 'node:dgram'
import dns from 'node:dns'
import { Resolver } from 'node:dns/promises'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { DnsRecord } from '@postern/contract/snapshot'
import { decode, encode } from 'dns-packet'
import { MongoClient } from 'mongodb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { lookupThrough } from '../testing/dns-lookup.ts'
import { eventually } from '../testing/eventually.ts'
import { createKeptLog, type KeptLog } from '../testing/kept-log.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { frame, takeMessages } from './frames.ts'
import { createDnsServer, type DnsServer, type DnsServerParts } from './server.ts'

const d = 'postern.internal'
const host = `pl-0-us-east-1.k45tj.${d}`
const cluster = `cluster0-pl-0.k45tj.${d}`

const records = (ports: readonly number[]): readonly DnsRecord[] => [
  { type: 'A', name: host, ttl: 60, value: '127.0.0.1' },
  { type: 'AAAA', name: host, ttl: 60, value: '::1' },
  { type: 'CNAME', name: `alias.${d}`, ttl: 60, value: host },
  { type: 'TXT', name: cluster, ttl: 60, value: 'authSource=admin&replicaSet=rs0' },
  ...ports.map(
    (port): DnsRecord => ({
      type: 'SRV',
      name: `_mongodb._tcp.${cluster}`,
      ttl: 60,
      priority: 0,
      weight: 0,
      port,
      target: host,
    }),
  ),
  ...Array.from(
    { length: 200 },
    (_, index): DnsRecord => ({ type: 'A', name: `many.${d}`, ttl: 60, value: `127.0.1.${index}` }),
  ),
]

let servers: DnsServer[]
let sockets: Socket[]
let kept: KeptLog

beforeEach(() => {
  servers = []
  sockets = []
  kept = createKeptLog()
})

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  for (const server of servers) await server.close()
})

async function start(parts: Partial<DnsServerParts> = {}, ports: readonly number[] = [1024, 1025]): Promise<DnsServer> {
  const server = await createDnsServer({ host: '127.0.0.1', port: 0, log: kept.log, clock: systemClock, ...parts })
  servers.push(server)
  server.take({ epoch: 'E', n: 7, body: { domain: d, records: records(ports) } })
  return server
}

const addressOf = ({ port }: DnsServer): string => `127.0.0.1:${port}`

function resolverOf(server: DnsServer): Resolver {
  const resolver = new Resolver()
  resolver.setServers([addressOf(server)])
  return resolver
}

function dial(
  server: DnsServer,
  localAddress = '127.0.0.1',
): { readonly socket: Socket; readonly messages: () => readonly Buffer[] } {
  const socket = connect({ host: '127.0.0.1', port: server.port, localAddress })
  sockets.push(socket.on('error', () => undefined))
  let bytes: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
  })
  return {
    socket,
    messages: () => {
      const framed = takeMessages(bytes, 65_535)
      return framed.state === 'open' ? framed.messages : []
    },
  }
}

const query = (name: string, id: number): Buffer => encode({ type: 'query', id, questions: [{ name, type: 'A' }] })

describe("Node's own resolver", () => {
  test('finds every type', async () => {
    const resolver = resolverOf(await start())
    expect(await resolver.resolve4(host, { ttl: true })).toEqual([{ address: '127.0.0.1', ttl: 60 }])
    expect(await resolver.resolve6(host)).toEqual(['::1'])
    expect(await resolver.resolveCname(`alias.${d}`)).toEqual([host])
    expect(await resolver.resolve4(`alias.${d}`)).toEqual(['127.0.0.1'])
    expect(await resolver.resolveTxt(cluster)).toEqual([['authSource=admin&replicaSet=rs0']])
    expect(await resolver.resolveNs(d)).toEqual([`ns.${d}`])
    expect(await resolver.resolve4(`ns.${d}`)).toEqual(['127.0.0.1'])
    expect(await resolver.resolveSoa(d)).toMatchObject({ nsname: `ns.${d}`, serial: 7, minttl: 10 })
    expect(
      (await resolver.resolveSrv(`_mongodb._tcp.${cluster}`)).map(({ name, port }) => `${name}:${port}`).sort(),
    ).toEqual([`${host}:1024`, `${host}:1025`])
  })

  test('is told apart: no such name, no such type, not ours', async () => {
    const resolver = resolverOf(await start())
    await expect(resolver.resolve4(`nothing.${d}`)).rejects.toMatchObject({ code: 'ENOTFOUND' })
    await expect(resolver.resolve4(cluster)).rejects.toMatchObject({ code: 'ENODATA' })
    await expect(resolver.resolve4('example.com')).rejects.toMatchObject({ code: 'EREFUSED' })
  })

  test('comes by TCP for what is too long for a datagram', async () => {
    expect(await resolverOf(await start()).resolve4(`many.${d}`)).toHaveLength(200)
  })

  test('sees a new snapshot at once', async () => {
    const server = await start()
    server.take({
      epoch: 'E',
      n: 8,
      body: { domain: d, records: [{ type: 'A', name: host, ttl: 60, value: '127.0.0.9' }] },
    })
    expect(await resolverOf(server).resolve4(host)).toEqual(['127.0.0.9'])
    expect((await resolverOf(server).resolveSoa(d)).serial).toBe(8)
  })
})

test('the official driver finds every member of a mongodb+srv string and dials it', async () => {
  const members: Server[] = []
  const dialled = new Set<number>()
  for (const _ of ['one', 'two', 'three']) {
    const member = createServer((socket) => {
      dialled.add((member.address() as AddressInfo).port)
      socket.on('error', () => undefined).destroy()
    })
    await new Promise<void>((resolve) => member.listen(0, '127.0.0.1', resolve))
    members.push(member)
  }
  const ports = members.map((member) => (member.address() as AddressInfo).port)
  const server = await start({}, ports)
  const before = dns.getServers()
  dns.setServers([addressOf(server)])
  try {
    const client = new MongoClient(`mongodb+srv://${cluster}/?tls=false`, {
      lookup: lookupThrough(addressOf(server)),
      serverSelectionTimeoutMS: 20_000,
    })
    const connecting = client.connect().catch((error: unknown) => error)
    await eventually(() => expect([...dialled].sort()).toEqual([...ports].sort()))
    expect(client.options.replicaSet).toBe('rs0')
    expect(client.options.hosts.map(String).sort()).toEqual(ports.map((port) => `${host}:${port}`).sort())
    await client.close()
    await connecting
  } finally {
    dns.setServers(before)
    for (const member of members) member.close()
  }
})

describe('TCP', () => {
  test('pipelined queries are answered in order, however they are cut', async () => {
    const { socket, messages } = dial(await start())
    const stream = Buffer.concat([frame(query(host, 1)), frame(query(`nothing.${d}`, 2)), frame(query(host, 3))])
    for (const byte of stream) socket.write(Buffer.of(byte))
    await eventually(() => expect(messages().map((message) => decode(message).id)).toEqual([1, 2, 3]))
  })

  test('a message that is too long is cut', async () => {
    const { socket } = dial(await start())
    socket.write(Buffer.from('ffff', 'hex'))
    await eventually(() => expect(socket.destroyed).toBe(true))
  })

  test('a connection without a whole query is closed after the idle time, bytes or not', async () => {
    const clock = createManualClock()
    const { socket, messages } = dial(await start({ clock, limits: { tcpIdleMs: 1000 } }))
    socket.write(frame(query(host, 1)))
    await eventually(() => expect(messages()).toHaveLength(1))
    clock.advance(900)
    socket.write(Buffer.of(0))
    clock.advance(100)
    await eventually(() => expect(socket.destroyed).toBe(true))
  })

  const asks = async (one: ReturnType<typeof dial>, id: number): Promise<void> => {
    one.socket.write(frame(query(host, id)))
    await eventually(() => expect(one.messages().map((message) => decode(message).id)).toContain(id))
  }

  test.each([
    { says: 'where there is room for no more', limits: { tcpConnections: 3 } },
    { says: 'where its network has its share', limits: { tcpPerNetwork: 3 } },
  ])('whoever comes is served in place of the one that was idle longest, $says', async ({ limits }) => {
    const server = await start({ limits })
    const [first, second, third] = [dial(server), dial(server), dial(server)]
    for (const [at, one] of [first, second, third].entries()) await asks(one, at)
    await asks(first, 10)
    const another = dial(server)
    await asks(another, 11)
    await eventually(() => expect(second.socket.destroyed).toBe(true))
    await asks(first, 12)
    await asks(third, 13)
  })

  test('one network with all the connections that it can make takes no place of another’s', async () => {
    const server = await start({ limits: { tcpConnections: 10, tcpPerNetwork: 4 } })
    const quiet = dial(server, '127.0.1.1')
    await asks(quiet, 1)
    const flood = Array.from({ length: 40 }, () => dial(server))
    await eventually(() => expect(flood.filter(({ socket }) => socket.destroyed).length).toBe(36))
    await asks(quiet, 2)
  })
})

describe('the sockets', () => {
  test('UDP and TCP share one free port', async () => {
    const server = await start()
    expect(server.port).toBeGreaterThan(0)
  })

  test('a taken port is refused with the system error', async () => {
    const { port } = await start()
    await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('above the limit a client is told to come by TCP, far above it there is silence', async () => {
    const clock = createManualClock()
    const server = await start({ clock, limits: { udpPerSecond: 1 } })
    const socket = createSocket('udp4')
    const answers: string[] = []
    socket.on('message', (message) => {
      const { id, flag_tc } = decode(message)
      answers.push(flag_tc ? `${id} truncated` : `${id}`)
    })
    const ask = (id: number): void => socket.send(query(host, id), server.port, '127.0.0.1')
    for (const id of [1, 2, 3]) ask(id)
    await eventually(() => expect(answers).toEqual(['1', '2 truncated']))
    clock.advance(1000)
    ask(4)
    await eventually(() => expect(answers).toEqual(['1', '2 truncated', '4']))
    socket.close()
  })

  test('garbage of every length leaves it answering', async () => {
    const server = await start()
    const socket = createSocket('udp4')
    for (let length = 0; length < 300; length++) socket.send(Buffer.alloc(length, length), server.port, '127.0.0.1')
    const { socket: tcp } = dial(server)
    tcp.write(Buffer.alloc(5000, 0x11))
    await eventually(() => expect(tcp.destroyed).toBe(true))
    expect(await resolverOf(server).resolve4(host)).toEqual(['127.0.0.1'])
    socket.close()
  })
})
