// The `lookup` client option of the official driver, on our DNS server: SRV and TXT go through `dns.setServers`, but
// addresses would go to the system's resolver, which does not know our zone.

import { Resolver } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'

/** `dnsAddress` is `host:port`, as the edge's ready message says it; IP addresses pass as they are. */
export function lookupThrough(dnsAddress: string): LookupFunction {
  const resolver = new Resolver()
  resolver.setServers([dnsAddress])
  return (hostname, options, done) => {
    resolver.resolve4(hostname).then(
      ([first = '', ...others]) => {
        if (options.all)
          done(
            null,
            [first, ...others].map((address) => ({ address, family: 4 })),
          )
        else done(null, first, 4)
      },
      (error: NodeJS.ErrnoException) => done(error, ''),
    )
  }
}
