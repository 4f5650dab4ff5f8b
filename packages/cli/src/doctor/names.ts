// Names on the way, asked as a driver asks: SRV and TXT from the resolvers of the system, addresses from getaddrinfo. And
// the same asked of Postern's own DNS server, where that is at hand, to tell a wrong name from a resolver that keeps it.

import { getServers, lookup, Resolver } from 'node:dns/promises'
import { BlockList, isIP, isIPv6 } from 'node:net'
import { splitHostPort } from './dial.ts'

export interface SrvFacts {
  readonly name: string
  /** Null: no answer; `code` says why. */
  readonly hosts: readonly string[] | null
  readonly code: string | null
  /** Options that the name has in TXT; empty where it has none. */
  readonly txt: string
}

export interface HostFacts {
  readonly host: string
  readonly addresses: readonly string[]
  /** Of the resolver, where there are none. */
  readonly code: string | null
  /** Seconds that the answer of DNS holds; null where DNS was not what answered. */
  readonly ttl: number | null
  /** True: DNS knows the name, and tells no address of it. */
  readonly kept: boolean
}

/** What Postern's own DNS server says. */
export interface OwnNames {
  readonly address: string
  /** False: it does not answer. */
  readonly reached: boolean
  /** Null where no SRV name was asked for, or it has none. */
  readonly srv: readonly string[] | null
  /** Of the hosts that it knows. */
  readonly hosts: ReadonlyMap<string, readonly string[]>
}

/** Never rejects. */
export async function askSrv(name: string): Promise<SrvFacts> {
  const resolver = resolverAt(getServers())
  const txt = await resolver.resolveTxt(name).then(
    (records) => records.map((parts) => parts.join('')).join('&'),
    () => '',
  )
  try {
    return { name, hosts: await srvHosts(resolver, name), code: null, txt }
  } catch (error) {
    return { name, hosts: null, code: codeOf(error), txt }
  }
}

/** A driver asks the servers that this process asks: those of the system, unless it was told others. */
function resolverAt(servers: readonly string[]): Resolver {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  resolver.setServers(servers)
  return resolver
}

const srvHosts = async (resolver: Resolver, name: string): Promise<readonly string[]> =>
  (await resolver.resolveSrv(`_mongodb._tcp.${name}`)).map((record) => `${record.name}:${record.port}`.toLowerCase())

/** Once for each host, in order. Never rejects. */
export const askHosts = (hostPorts: readonly string[]): Promise<readonly HostFacts[]> =>
  Promise.all(
    [...new Set(hostPorts.map((each) => splitHostPort(each)[0]))].map(async (host) => {
      if (isIP(host) !== 0) return { host, addresses: [host], code: null, ttl: null, kept: false }
      const dns = await resolverAt(getServers())
        .resolve4(host, { ttl: true })
        .then(
          ([first]) => ({ ttl: first?.ttl ?? null, kept: false }),
          (error) => ({ ttl: null, kept: codeOf(error) === 'ENODATA' }),
        )
      try {
        const found = await lookup(host, { all: true })
        return { host, addresses: found.map(({ address }) => address), code: null, ...dns }
      } catch (error) {
        return { host, addresses: [], code: codeOf(error), ...dns }
      }
    }),
  )

const silent = new Set(['ETIMEOUT', 'ECONNREFUSED'])

/** `address`: `host:port` of Postern's DNS server. Never rejects. */
export async function askOwn(
  address: string,
  { srvName, hostPorts }: { readonly srvName: string | null; readonly hostPorts: readonly string[] },
): Promise<OwnNames> {
  const resolver = resolverAt([address])
  let reached = true
  const orNull = (error: unknown): null => {
    if (silent.has(codeOf(error))) reached = false
    return null
  }
  const srv = srvName === null ? null : await srvHosts(resolver, srvName).catch(orNull)
  const names = [...new Set([...(srv ?? []), ...hostPorts].map((each) => splitHostPort(each)[0]))]
  const hosts = new Map<string, readonly string[]>()
  for (const host of names) {
    if (isIP(host) !== 0 || !reached) continue
    const found = await resolver.resolve4(host).catch(orNull)
    if (found !== null) hosts.set(host, found)
  }
  return { address, reached, srv, hosts }
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? 'UNKNOWN')

const privateRanges = new BlockList()
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  privateRanges.addSubnet(network, prefix, 'ipv4')
}
privateRanges.addSubnet('fc00::', 7, 'ipv6')
privateRanges.addSubnet('fe80::', 10, 'ipv6')
privateRanges.addAddress('::1', 'ipv6')

/** RFC 1918, RFC 6598, loopback, link-local and unique local addresses. */
export const isPrivate = (address: string): boolean => privateRanges.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
