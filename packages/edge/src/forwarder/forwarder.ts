// The local cloud's packets: listens where a consumer endpoint is addressed and carries each connection to the gateway
// behind a PROXY v2 header with the cloud's own id of that endpoint, as a cloud's load balancer does. It knows only
// addresses to listen on, a gateway and an identity, so that it could run alone in someone else's network.

import { createServer, type Server, type Socket } from 'node:net'
import type { ForwarderListener, ForwarderSnapshot, Numbered } from '@postern/contract/snapshot'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { Taken } from '../follow.ts'
import { isLoopback } from '../loopback.ts'
import { encodeProxyHeader, vendorTlv } from '../proxy-protocol/encode.ts'
import { nonceBytes } from '../proxy-protocol/proof.ts'
import { createLink, type Link } from './link.ts'
import { planForwarder } from './plan.ts'

export interface ForwarderParts {
  readonly gatewayHost: string
  /** Shared with the gateway (HMAC-SHA-256); null: the gateway trusts this forwarder's address instead. */
  readonly proofKey: Buffer | null
  /** False: an address beyond loopback is refused and reported as failed. */
  readonly allowRemote: boolean
  readonly log: Logger
  readonly clock: Clock
  /** Cryptographic random bytes. */
  readonly randomBytes: (size: number) => Buffer
  readonly limits?: {
    /** At most this many connections on one address of a listener; more are closed at once. */
    readonly connectionsPerAddress?: number
    readonly dialMs?: number
  }
}

export interface Forwarder {
  /** Binds what is new, closes what is gone and cuts its connections. Never called twice at once. */
  readonly take: (snapshot: Numbered<ForwarderSnapshot>) => Promise<Taken>
  readonly connections: () => number
  /** Stops listening, lets connections end by themselves for `drainMs` milliseconds, then cuts the rest. */
  readonly close: (drainMs: number) => Promise<void>
}

interface Bound {
  readonly listener: ForwarderListener
  readonly servers: readonly Server[]
  readonly links: Set<Link>
}

const defaultLimits = { connectionsPerAddress: 10_000, dialMs: 5000 }

export function createForwarder(parts: ForwarderParts): Forwarder {
  const { log, clock } = parts
  const limits = { ...defaultLimits, ...parts.limits }
  const bound = new Map<string, Bound>()
  let connections = 0
  let lastEnded: (() => void) | null = null

  function accept(client: Socket, listener: ForwarderListener, links: Set<Link>): void {
    const { remoteAddress, remotePort, localAddress, localPort } = client
    // A peer that is gone before it was accepted has no address any more.
    if (!remoteAddress || !remotePort || !localAddress || !localPort) {
      client.destroy()
      return
    }
    const header = encodeProxyHeader({
      ...listener,
      source: { address: remoteAddress, port: remotePort },
      destination: { address: localAddress, port: localPort },
      proof: parts.proofKey && { key: parts.proofKey, now: clock.now(), nonce: parts.randomBytes(nonceBytes) },
    })
    const link = createLink({
      client,
      gateway: { host: parts.gatewayHost, port: listener.gatewayPort },
      header,
      clock,
      dialLimitMs: limits.dialMs,
      ended(problem) {
        links.delete(link)
        connections--
        if (problem) log.warn({ listener: listener.id, linkId: listener.linkId }, `connection lost: ${problem}`)
        if (connections === 0) lastEnded?.()
      },
    })
    links.add(link)
    connections++
  }

  /** All addresses or none; an absent ::1 beside a bound address is no failure, since nothing can reach it there. */
  async function open(listener: ForwarderListener): Promise<void> {
    vendorTlv(listener)
    const servers: Server[] = []
    const links = new Set<Link>()
    try {
      for (const host of listener.hosts) {
        if (!parts.allowRemote && !isLoopback(host))
          throw new Error(`${host} is no loopback address, and plain remote listeners are not allowed here`)
        const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) =>
          accept(client, listener, links),
        )
        server.maxConnections = limits.connectionsPerAddress
        try {
          await listen(server, host, listener.port)
          servers.push(server)
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException
          const spare = host === '::1' && servers.length > 0 && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')
          if (!spare) throw error
          log.info({ listener: listener.id }, 'this machine has no ::1; the listener serves IPv4 alone')
        }
      }
    } catch (error) {
      for (const server of servers) server.close()
      for (const link of links) link.cut()
      throw error
    }
    bound.set(listener.id, { listener, servers, links })
  }

  function closeListener(id: string): void {
    const gone = bound.get(id)
    if (!gone) return
    for (const server of gone.servers) server.close()
    for (const link of [...gone.links]) link.cut()
    bound.delete(id)
  }

  return {
    async take({ body }) {
      const plan = planForwarder(new Map([...bound].map(([id, { listener }]) => [id, listener])), body.listeners)
      for (const id of plan.close) closeListener(id)
      const failed: { id: string; reason: string }[] = []
      for (const listener of plan.open) {
        try {
          await open(listener)
        } catch (error) {
          failed.push({ id: listener.id, reason: bindSentence(listener, error as NodeJS.ErrnoException) })
        }
      }
      return { bound: [...bound.keys()], failed }
    },
    connections: () => connections,
    async close(drainMs) {
      for (const { servers } of bound.values()) for (const server of servers) server.close()
      if (connections > 0 && drainMs > 0) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(drainMs, resolve)
          lastEnded = () => {
            cancel()
            resolve()
          }
        })
      }
      for (const id of [...bound.keys()]) closeListener(id)
    },
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, ipv6Only: host.includes(':') }, () => {
      server.off('error', reject)
      server.on('error', () => undefined)
      resolve()
    })
  })
}

const bindSentences: Readonly<Record<string, (place: string) => string>> = {
  EADDRINUSE: (place) => `${place} is in use by another program; stop it, or delete and create this endpoint again`,
  EADDRNOTAVAIL: (place) => `${place} is no address of this machine; use a block of ports on 127.0.0.1 instead`,
  EACCES: (place) => `${place} may not be bound by this user; use a port from 1024`,
}

function bindSentence({ hosts, port }: ForwarderListener, error: NodeJS.ErrnoException): string {
  const place = `${(error as { readonly address?: string }).address ?? hosts.join(' and ')} port ${port}`
  return bindSentences[error.code ?? '']?.(place) ?? error.message
}
