// Names on the way, asked as a driver asks: SRV and TXT from the resolvers of the system, addresses from getaddrinfo.

import { lookup, Resolver } from 'node:dns/promises'
import { BlockList, isIP, isIPv6 } from 'node:net'
import { splitHostPort } from './dial.ts'

export interface SrvFacts {
  readonly name: string
  /** Null: no answer; `code` says why. */
  readonly hosts: readonly string[] | null
  readonly code: string | null
}

export interface HostFacts {
  readonly host: string
  readonly addresses: readonly string[]
  /** Of the resolver, where there are none. */
  readonly code: string | null
}

/** Never rejects. */
export async function askSrv(name: string): Promise<SrvFacts> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  try {
    const records = await resolver.resolveSrv(`_mongodb._tcp.${name}`)
    return { name, hosts: records.map((record) => `${record.name}:${record.port}`.toLowerCase()), code: null }
  } catch (error) {
    return { name, hosts: null, code: codeOf(error) }
  }
}

/** Once for each host, in order. Never rejects. */
export const askHosts = (hostPorts: readonly string[]): Promise<readonly HostFacts[]> =>
  Promise.all(
    [...new Set(hostPorts.map((each) => splitHostPort(each)[0]))].map(async (host) => {
      if (isIP(host) !== 0) return { host, addresses: [host], code: null }
      try {
        const found = await lookup(host, { all: true })
        return { host, addresses: found.map(({ address }) => address), code: null }
      } catch (error) {
        return { host, addresses: [], code: codeOf(error) }
      }
    }),
  )

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
