// The DNS server's two sockets, UDP and TCP on one port, over the pure answer. It listens before the first snapshot
// (SERVFAIL until then) and swaps the zone whole, so every answer comes from one snapshot.

import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { createServer, type Server } from 'node:net'
import type { DnsSnapshot, Numbered } from '@postern/contract/snapshot'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Taken } from '../follow.ts'
import { answerQuery } from './answer.ts'
import { createRateLimit } from './rate-limit.ts'
import { serveTcpClient } from './tcp.ts'
import { createTcpClients } from './tcp-clients.ts'
import { buildZone, type Zone } from './zone.ts'

export interface DnsServerParts {
  /** An IP address. */
  readonly host: string
  /** 0: a free one, the same for UDP and TCP. */
  readonly port: number
  readonly log: Logger
  readonly clock: Clock
  readonly limits?: {
    /** UDP responses per second and network; see rate-limit.ts. */
    readonly udpPerSecond?: number
    readonly tcpConnections?: number
    /** Of one network; see tcp-clients.ts. */
    readonly tcpPerNetwork?: number
    readonly tcpIdleMs?: number
  }
}

export interface DnsServer {
  readonly host: string
  /** The port that was bound. */
  readonly port: number
  readonly take: (snapshot: Numbered<DnsSnapshot>) => Taken
  readonly close: () => Promise<void>
}

const defaultLimits = { udpPerSecond: 1000, tcpConnections: 200, tcpPerNetwork: 50, tcpIdleMs: 10_000 }
const freePortAttempts = 20

/** Resolves when both sockets are bound; throws the operating system's error (EADDRINUSE, EACCES) when they cannot be. */
export async function createDnsServer(parts: DnsServerParts): Promise<DnsServer> {
  const { host, log, clock } = parts
  const limits = { ...defaultLimits, ...parts.limits }
  const rate = createRateLimit({ now: clock.now, perSecond: limits.udpPerSecond })
  const clients = createTcpClients({ connections: limits.tcpConnections, perNetwork: limits.tcpPerNetwork })
  let zone: Zone | null = null

  const { udp, tcp, port } = await bindBoth(host, parts.port)

  udp.on('message', (query, peer) => {
    const verdict = rate.judge(peer.address)
    if (verdict === 'drop') return
    const response = answerQuery(zone, query, { transport: 'udp', truncate: verdict === 'truncate' })
    // A datagram that cannot be sent is lost like any other; its asker asks again.
    if (response) udp.send(response, peer.port, peer.address, () => undefined)
  })
  udp.on('error', (error) => log.warn({ err: error }, 'the UDP socket reported an error'))

  tcp.on('connection', (socket) => {
    clients.enter(socket)
    const answer = (query: Buffer): Buffer | null => {
      clients.asked(socket)
      return answerQuery(zone, query, { transport: 'tcp' })
    }
    serveTcpClient({ socket, clock, idleMs: limits.tcpIdleMs, answer })
  })
  tcp.on('error', (error) => log.warn({ err: error }, 'the TCP socket reported an error'))

  const everywhere = host === '0.0.0.0' || host === '::'
  return {
    host,
    port,
    take(snapshot) {
      const built = buildZone(snapshot, everywhere ? null : host)
      zone = built.zone
      for (const name of built.outside) log.warn(`${name} lies outside of ${zone.domain} and is left out`)
      return { bound: ['udp', 'tcp'], failed: [] }
    },
    async close() {
      const closed = [
        new Promise<void>((resolve) => udp.close(() => resolve())),
        new Promise<void>((resolve) => tcp.close(() => resolve())),
      ]
      clients.closeAll()
      await Promise.all(closed)
    },
  }
}

interface Bound {
  readonly udp: UdpSocket
  readonly tcp: Server
  readonly port: number
}

/** With port 0 the kernel picks UDP's and TCP has to follow; where that one is taken, another pair is tried. */
async function bindBoth(host: string, port: number): Promise<Bound> {
  for (let attempt = 1; ; attempt++) {
    const udp = await bindUdp(host, port)
    const bound = udp.address().port
    try {
      return { udp, tcp: await bindTcp(host, bound), port: bound }
    } catch (error) {
      udp.close()
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      if (port !== 0 || !taken || attempt === freePortAttempts) throw error
    }
  }
}

function bindUdp(host: string, port: number): Promise<UdpSocket> {
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' })
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close()
      reject(error)
    })
    socket.bind(port, host, () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
  })
}

function bindTcp(host: string, port: number): Promise<Server> {
  const server = createServer({ noDelay: true })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}
