// Which addresses the control plane never dials for a caller: link-local ones and the clouds' metadata services, by
// name or by address, as written or as DNS resolves them. Without it, registering a deployment would be a way to make
// this server talk to the host's own credentials service.

import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { BlockList, isIP } from 'node:net'

const refused = new BlockList()
refused.addSubnet('169.254.0.0', 16, 'ipv4')
refused.addSubnet('fe80::', 10, 'ipv6')
/** AWS over IPv6, Alibaba, Azure's wire server, Oracle. */
refused.addAddress('fd00:ec2::254', 'ipv6')
refused.addAddress('100.100.100.200', 'ipv4')
refused.addAddress('168.63.129.16', 'ipv4')
refused.addAddress('192.0.0.192', 'ipv4')

const refusedNames: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
])

class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress'
}

/** `host:port`, `[::1]:port` or a bare host, split; the port defaults to MongoDB's 27017. */
export const splitHostPort = (text: string): { readonly host: string; readonly port: number } => {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text)
  if (bracketed?.[1] !== undefined) return { host: bracketed[1], port: Number(bracketed[2] ?? 27017) }
  const colons = text.split(':').length - 1
  if (colons !== 1) return { host: text, port: 27017 }
  const [host = '', port = ''] = text.split(':')
  return { host, port: Number(port) }
}

/** Why this host, a name or an address, must not be dialled; null where it may. Says nothing of what DNS answers. */
export const refusedHost = (host: string): string | null => {
  const bare = host.toLowerCase().replace(/\.$/, '').split('%')[0] ?? ''
  if (refusedNames.has(bare)) return `${bare} is a cloud's metadata service`
  return refusedAddress(bare) ? `${bare} is a link-local or metadata address` : null
}

const refusedAddress = (address: string): boolean => {
  const family = isIP(address)
  // BlockList judges an IPv4 address inside IPv6 (::ffff:169.254.1.1) by the IPv4 rules.
  return family !== 0 && refused.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

/** A `lookup` like `resolve`, but an answer that holds a refused address is an error: what was checked is dialled. */
export const guardLookup =
  (resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    const problem = refusedHost(hostname)
    if (problem !== null) return callback(new RefusedAddress(problem), '', 0)
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0)
      const bad = found.find(({ address }) => refusedAddress(address))
      if (bad) return callback(new RefusedAddress(`${hostname} resolves to ${bad.address}`), '', 0)
      const [first] = found
      if (first === undefined) return callback(new RefusedAddress(`${hostname} resolves to nothing`), '', 0)
      if (options.all) return callback(null, found)
      callback(null, first.address, first.family)
    })
  }

export const guardedLookup = guardLookup(lookup)
