// An edge: gateway, DNS server and forwarder, each behind a follower of its own feed; any of them can be switched off.
// Composed here once, for the program (main.ts) and for tests alike.

import { join } from 'node:path'
import { type Feed, type GatewaySnapshot, listenersVariable, type Numbered } from '@postern/contract/snapshot'
import type { Logger } from 'pino'
import type { Certificates } from './certificates/certificates.ts'
import { createGivenCertificates } from './certificates/given.ts'
import { createIssuedCertificates } from './certificates/issued.ts'
import { followPemPair } from './certificates/pem-pair.ts'
import type { Clock } from './clock.ts'
import type { EdgeConfig } from './config.ts'
import { createDnsServer, type DnsServer } from './dns/server.ts'
import type { Mark } from './follow/decide.ts'
import { createFollower, type Follower, type FollowerParts, type Taken } from './follow.ts'
import { createForwarder, type Forwarder } from './forwarder/forwarder.ts'
import { createCrew } from './gateway/crew/crew.ts'
import { hireProcess } from './gateway/crew/process.ts'
import { descriptorLimit } from './gateway/descriptors.ts'
import { createGateway, type Gateway } from './gateway/gateway.ts'
import { joinMethod } from './gateway/join/open-relay.ts'
import { asOneReason, listenersTrouble } from './gateway/listeners-trouble.ts'
import { createTrafficTeller } from './gateway/traffic.ts'
import { memberDialler, type ShownCertificate } from './gateway/upstream.ts'
import type { Identity } from './identity/identity.ts'
import { followListeners, type ListenersFile, noListeners } from './listeners-file.ts'
import { type MetricsDoor, openMetricsDoor } from './metrics/door.ts'
import { gatewayMetrics } from './metrics/gateway-metrics.ts'
import { processMetrics } from './metrics/process-metrics.ts'
import type { Metric } from './metrics/text.ts'
import { createAnswerer } from './questions.ts'

export interface EdgeParts {
  readonly config: EdgeConfig
  readonly identity: Identity
  readonly log: Logger
  readonly clock: Clock
  /** From 0 up to 1, for back-off. */
  readonly random: () => number
  /** Cryptographic random bytes. */
  readonly randomBytes: (size: number) => Buffer
}

export interface Edge {
  /** `host:port` (`[host]:port` for IPv6) of the DNS server, as `dns.setServers` takes it; null when it is off. */
  readonly dnsAddress: string | null
  /** `host:port` where `/metrics` is answered; null where it is not. */
  readonly metricsAddress: string | null
  /** What each running program holds; null before its first snapshot. */
  readonly held: () => Readonly<Partial<Record<Feed, Mark | null>>>
  readonly gateway: Gateway | null
  readonly forwarder: Forwarder | null
  /** Stops listening, lets connections end for up to `drainMs` milliseconds, then cuts the rest. Twice is once. */
  readonly close: (drainMs: number) => Promise<void>
}

/**
 * Resolves once sockets are open and the last good snapshots, if any, are served; does not wait for the control plane.
 * Throws the operating system's error when the DNS server's port cannot be bound, and an Error that names the variable
 * when there is no certificate in the files that were given for one, or the port for metrics cannot be bound.
 */
export async function createEdge(parts: EdgeParts): Promise<Edge> {
  const kept: Closable[] = []
  const keep: Keep = (made) => {
    if (made !== null) kept.push(made)
    return made
  }
  try {
    return await openEdge(parts, keep)
  } catch (error) {
    await Promise.allSettled(kept.map(async (made) => made.close(0)))
    throw error
  }
}

interface Closable {
  close(drainMs: number): unknown
}

/** Closes it again where the edge cannot be opened. */
type Keep = <Made extends Closable | null>(made: Made) => Made

async function openEdge(parts: EdgeParts, keep: Keep): Promise<Edge> {
  const { config, clock } = parts
  const { url: baseUrl, edge } = config
  const controlPlane = { baseUrl, edge, ...parts.identity, clock }
  const followers = new Map<Feed, Follower>()

  async function follow<Name extends Feed>(
    feed: Name,
    does: Pick<FollowerParts<Name>, 'take' | 'traffic' | 'confirmed' | 'dnsAddress'>,
  ): Promise<void> {
    const { random, log } = parts
    const follower = createFollower({ ...controlPlane, feed, random, directory: config.directory, log, ...does })
    followers.set(feed, keep(follower))
    await follower.start()
  }

  function createCertificates(): Certificates | Promise<Certificates> {
    const log = logOf('gateway')
    if (config.certificate !== null) return createGivenCertificates({ ...config.certificate, clock, log })
    return createIssuedCertificates({ ...controlPlane, directory: join(config.directory, 'certificates'), log })
  }

  const on = (feed: Feed): boolean => config.programs.has(feed)
  const logOf = (program: Feed): Logger => parts.log.child({ program })
  const certificates: Certificates | null = keep(on('gateway') ? await createCertificates() : null)
  const shown = keep(
    on('gateway') && config.memberCertificate !== null
      ? await followPemPair({ ...config.memberCertificate, variable: 'POSTERN_MEMBER', clock, log: logOf('gateway') })
      : null,
  )
  let gateway: Gateway | null = null
  const own = keep(
    on('gateway') && config.listenersFile !== null
      ? await followListeners({
          path: config.listenersFile,
          allowRemote: config.allowRemote,
          clock,
          log: logOf('gateway'),
          changed() {
            if (own !== null) gateway?.listenAs(own.current())
            followers.get('gateway')?.retake()
          },
        })
      : null,
  )
  const dns: DnsServer | null = keep(
    on('dns') ? await createDnsServer({ ...config.dns, log: logOf('dns'), clock }) : null,
  )
  if (on('gateway')) {
    gateway = keep(
      await createGatewayWith({
        ...parts,
        certificates,
        shown: () => shown?.current() ?? null,
        own: own?.current() ?? noListeners,
        log: logOf('gateway'),
      }),
    )
    if (own !== null) gateway.listenAs(own.current()) // it may have changed meanwhile
  }
  const forwarder: Forwarder | null = keep(
    on('forwarder')
      ? createForwarder({
          gatewayHost: dialable(config.gatewayHost),
          proofKey: config.forwarderKey,
          allowRemote: config.allowRemote,
          log: logOf('forwarder'),
          clock,
          randomBytes: parts.randomBytes,
        })
      : null,
  )

  const metrics: MetricsDoor | null = keep(
    config.metrics && (await openMetricsDoor({ ...config.metrics, metrics: () => told(gateway) })),
  )

  /** Wherever they count: the doctor asks whether one is wider than a balancer. */
  const trusts = (): string[] => {
    const proxies = own?.current().proxies ?? []
    return [...new Set([...config.trustedProxies, ...proxies.flatMap(({ from }) => from)])]
  }
  let toldOfListeners = ''
  const wrong = (snapshot: GatewaySnapshot): NonNullable<Taken['wrong']> => {
    if (own === null) return []
    const idle = listenersTrouble(own.current(), snapshot)
    if (idle.join() !== toldOfListeners)
      for (const sentence of idle) logOf('gateway').warn(`${listenersVariable}: ${sentence}`)
    toldOfListeners = idle.join()
    const trouble = own.trouble()
    const sentences = trouble === null ? idle : [trouble, ...idle]
    return sentences.length === 0 ? [] : [{ id: listenersVariable, reason: asOneReason(sentences) }]
  }
  // The gateway first: what the forwarder accepts must find it there.
  if (gateway && certificates)
    await follow('gateway', {
      take: async (snapshot) => ({
        ...(await takeBoth(snapshot, { gateway, certificates })),
        trusts: trusts(),
        wrong: wrong(snapshot.body),
      }),
      confirmed: gateway.confirmed,
      traffic: createTrafficTeller(gateway, parts.randomBytes(8).toString('hex')),
    })
  await Promise.all([
    dns && follow('dns', { take: dns.take, dnsAddress: hostPort(dns.host, dns.port) }),
    forwarder && follow('forwarder', { take: forwarder.take }),
  ])

  const answerer =
    gateway && createAnswerer({ ...controlPlane, random: parts.random, log: logOf('gateway'), answer: gateway.answer })

  let closing: Promise<void> | null = null
  async function end(drainMs: number): Promise<void> {
    await Promise.all([answerer?.close(), own?.close(), ...[...followers.values()].map((follower) => follower.close())])
    await Promise.all([
      dns?.close(),
      forwarder?.close(drainMs),
      gateway?.close(drainMs),
      certificates?.close(),
      shown?.close(),
    ])
    await metrics?.close()
  }

  return {
    dnsAddress: dns && hostPort(dns.host, dns.port),
    metricsAddress: metrics && config.metrics && hostPort(config.metrics.host, metrics.port),
    held: () => Object.fromEntries([...followers].map(([feed, follower]) => [feed, follower.held()])),
    gateway,
    forwarder,
    close: (drainMs) => {
      closing ??= end(drainMs)
      return closing
    },
  }
}

interface GatewayWorld extends Pick<EdgeParts, 'config' | 'clock' | 'randomBytes' | 'log'> {
  readonly certificates: Certificates | null
  readonly shown: () => ShownCertificate | null
  readonly own: ListenersFile
}

/** In this process, or a crew of several; see POSTERN_GATEWAY_WORKERS. */
async function createGatewayWith({ config, certificates, shown, ...rest }: GatewayWorld): Promise<Gateway> {
  const limit = descriptorLimit()
  const ofForwarder = config.programs.has('forwarder') ? 2 : 0 // its descriptors come out of this process's, too
  const both = {
    ...rest,
    host: config.gatewayHost,
    trustedProxies: config.trustedProxies,
    proofKey: config.forwarderKey,
    limits: config.limits,
  }
  if (config.workers > 1)
    return createCrew({
      ...both,
      workers: config.workers,
      hire: hireProcess,
      relay: config.relay,
      logLevel: config.logLevel,
      pairFor: certificates?.pairFor ?? null,
      shown,
      descriptors: { limit, each: ofForwarder },
    })
  return createGateway({
    ...both,
    method: await joinMethod(config.relay, rest.log),
    certificateFor: certificates?.certificateFor ?? null,
    dial: memberDialler(shown),
    descriptors: { limit, each: 2 + ofForwarder },
  })
}

const told = (gateway: Gateway | null): readonly Metric[] => [
  ...(gateway === null ? [] : gatewayMetrics(gateway)),
  ...processMetrics(),
]

const hostPort = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`

/** Where a listener on every address is found from this machine. */
const dialable = (host: string): string => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host)

/** Certificates on disk are there before the first client is; those that are missing keep nobody from being cut off. */
async function takeBoth(
  snapshot: Numbered<GatewaySnapshot>,
  { gateway, certificates }: { readonly gateway: Gateway; readonly certificates: Certificates },
): Promise<Taken> {
  await certificates.want(snapshot.body.endpoints)
  const [ports, endpoints] = await Promise.all([gateway.take(snapshot), certificates.obtain()])
  return { bound: [...ports.bound, ...endpoints.bound], failed: [...ports.failed, ...endpoints.failed] }
}
