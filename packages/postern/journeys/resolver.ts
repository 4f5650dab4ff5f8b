// The resolver of this machine, as far as a program can have its own: which DNS server is asked, and what getaddrinfo
// answers, both without root. And a server before ours that keeps private addresses back, as many routers do.

import { createSocket } from 'node:dgram'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import { isIP } from 'node:net'

/** From now on names are asked of this server, as if resolv.conf named it. Answers what ends that. */
export function askFrom(address: string): () => void {
  const before = { servers: dns.getServers(), lookup: dns.lookup, lookupPromise: dns.promises.lookup }
  dns.setServers([address])
  const lookup = (hostname: string, options: dns.LookupOptions, done: (...answer: unknown[]) => void): void => {
    const known = isIP(hostname) !== 0 || hostname === 'localhost'
    if (known) return void (before.lookup as (...args: unknown[]) => void)(hostname, options, done)
    dns.resolve4(hostname, (error, addresses) => {
      if (error) return done(Object.assign(new Error(error.message), { code: 'ENOTFOUND' }))
      if (options.all)
        return done(
          null,
          addresses.map((each) => ({ address: each, family: 4 })),
        )
      done(null, addresses[0], 4)
    })
  }
  dns.lookup = ((hostname: string, ...rest: unknown[]) => {
    const [options, done] = rest.length === 1 ? [{}, rest[0]] : rest
    lookup(hostname, options as dns.LookupOptions, done as (...answer: unknown[]) => void)
  }) as typeof dns.lookup
  dns.promises.lookup = ((hostname: string, options: dns.LookupAllOptions) =>
    new Promise((resolve, reject) =>
      lookup(hostname, options, (error, addresses) =>
        error ? reject(error) : resolve(addresses as dns.LookupAddress[]),
      ),
    )) as typeof dns.promises.lookup
  syncBuiltinESMExports()
  return () => {
    dns.setServers(before.servers)
    dns.lookup = before.lookup
    dns.promises.lookup = before.lookupPromise
    syncBuiltinESMExports()
  }
}

/** How a server changes the answer to a question for addresses. */
export type Twist = (answer: Buffer) => Buffer

/** A guard against rebinding: the name is there, and no address. */
export const keptBack: Twist = (answer) => {
  const bare = Buffer.from(answer)
  bare.writeUInt16BE(0, 6)
  return bare
}

/** Another zone's view: a public address in place of the last four bytes of each answer without OPT. */
export const publicAddress: Twist = (answer) => {
  const changed = Buffer.from(answer)
  const at = changed.indexOf(Buffer.from([0, 1, 0, 1]), questionEnd(changed))
  // Type A, class IN, TTL, length 4, then the address.
  if (at !== -1) Buffer.from([203, 0, 113, 9]).copy(changed, at + 10)
  return changed
}

const typeA = 1

const questionEnd = (message: Buffer): number => {
  let at = 12
  while ((message[at] ?? 0) !== 0) at += (message[at] ?? 0) + 1
  return at + 5
}

/** A DNS server that hands every question on to `upstream` and twists the answers to those for addresses. */
export async function twistedDns(
  upstream: string,
  twist: Twist,
): Promise<{ readonly address: string; readonly stop: () => void }> {
  const [host = '', port = ''] = upstream.split(':')
  const front = createSocket('udp4')
  front.on('message', (question, from) => {
    const back = createSocket('udp4')
    back.once('message', (answer) => {
      const isForAddress = question.readUInt16BE(questionEnd(question) - 4) === typeA
      front.send(isForAddress ? twist(answer) : answer, from.port, from.address)
      back.close()
    })
    back.send(question, Number(port), host)
  })
  await new Promise<void>((resolve) => front.bind(0, '127.0.0.1', resolve))
  return { address: `127.0.0.1:${front.address().port}`, stop: () => front.close() }
}
