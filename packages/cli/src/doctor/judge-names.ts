// What names came to: the answer of this machine's resolver, beside that of Postern's own DNS server. Pure.

import { type Finding, finding } from '@postern/contract/diagnosis'
import { splitHostPort } from './dial.ts'
import type { RoadFacts } from './judge-road.ts'
import { isPrivate, type OwnNames } from './names.ts'

const differs = (one: readonly string[], other: readonly string[]): boolean =>
  one.toSorted().join() !== other.toSorted().join()

export const ownAnswer = ({ own, srv, hosts }: RoadFacts): Finding => {
  if (own === null) return finding('own-answer', 'NOT_APPLICABLE', 'Postern’s own DNS server has no part in it.')
  if (!own.reached)
    return finding('own-answer', 'NOT_APPLICABLE', `Postern’s DNS server at ${own.address} does not answer.`)
  if (srv !== null && own.srv !== null && differs(own.srv, srv.hosts ?? [])) {
    const here = srv.hosts === null ? `nothing (${srv.code ?? 'an empty answer'})` : srv.hosts.join(', ')
    return otherAnswer(own, `_mongodb._tcp.${srv.name}`, { type: 'SRV', theirs: own.srv, here, kept: false })
  }
  for (const { host, addresses, kept } of hosts) {
    const theirs = own.hosts.get(host)
    if (theirs === undefined || addresses.some((address) => theirs.includes(address))) continue
    const here = addresses.length === 0 ? 'no address' : addresses.join(', ')
    return otherAnswer(own, host, { type: 'A', theirs, here, kept })
  }
  if (own.srv === null && own.hosts.size === 0) {
    return finding('own-answer', 'OK', 'Postern’s own DNS server does not know the name either.')
  }
  return finding('own-answer', 'OK', 'Postern’s own DNS server and the resolver of this machine answer the same.')
}

interface Answers {
  readonly type: 'SRV' | 'A'
  readonly theirs: readonly string[]
  readonly here: string
  readonly kept: boolean
}

const otherAnswer = ({ address }: OwnNames, name: string, { type, theirs, here, kept }: Answers): Finding => {
  const [host, port] = splitHostPort(address)
  const found = `${name}: Postern’s DNS server answers ${theirs.join(', ')}, the resolver of this machine ${here}.`
  return finding('own-answer', 'FAILED', found, {
    why: kept
      ? 'The resolver knows the name and keeps the address back: a guard against rebinding drops private answers.'
      : 'The resolver of this machine does not ask Postern for its zone, or holds an older answer.',
    whatToDo: kept
      ? 'Let the guard pass this zone (dnsmasq: rebind-domain-ok, unbound: private-domain).'
      : 'Let it forward the zone to Postern’s DNS server, or use the string that names its hosts.',
    command: `nslookup -port=${port} -type=${type} ${name} ${host}`,
  })
}

export const srvResolves = ({ srv }: RoadFacts): Finding => {
  if (srv === null) return finding('srv-resolves', 'NOT_APPLICABLE', 'The string names its hosts itself.')
  if (srv.hosts !== null && srv.hosts.length > 0) {
    const parent = srv.name.replace(/^[^.]+/, '')
    const strangers = srv.hosts.filter((each) => !splitHostPort(each)[0].endsWith(parent))
    if (strangers.length > 0) {
      return finding(
        'srv-resolves',
        'FAILED',
        `_mongodb._tcp.${srv.name} lists ${strangers.join(', ')}, outside of ${parent.slice(1)}.`,
        {
          why: 'A driver takes only hosts of the domain that the name is in.',
          whatToDo: 'Correct the records, or use the string that names its hosts.',
        },
      )
    }
    const txt = srv.txt === '' ? 'no options' : srv.txt
    return finding('srv-resolves', 'OK', `_mongodb._tcp.${srv.name} lists ${srv.hosts.length} hosts, TXT ${txt}.`)
  }
  return finding(
    'srv-resolves',
    'FAILED',
    `_mongodb._tcp.${srv.name} has no SRV records (${srv.code ?? 'an empty answer'}).`,
    {
      why: 'A mongodb+srv:// string gets its hosts from DNS; the resolver of this machine has none for that name.',
      whatToDo: 'Let this machine ask the DNS server of Postern for its zone, or use the string that names its hosts.',
      command: `nslookup -type=SRV _mongodb._tcp.${srv.name}`,
    },
  )
}

export const hostResolves = ({ hosts }: RoadFacts): Finding => {
  const lost = hosts.filter(({ addresses }) => addresses.length === 0)
  if (lost.length === 0) {
    const ttls = hosts.flatMap(({ ttl }) => (ttl === null ? [] : [ttl]))
    const holds = ttls.length === 0 ? '' : ` DNS says that it holds for ${Math.max(...ttls)} s.`
    return finding('host-resolves', 'OK', `Every host has an address.${holds}`)
  }
  const found = lost.map(({ host, code }) => `${host} has no address (${code ?? 'an empty answer'})`).join('; ')
  return finding('host-resolves', 'FAILED', `${found}.`, {
    why: lost.some(({ kept }) => kept)
      ? 'DNS knows the name and tells no address: a guard against rebinding drops private answers.'
      : 'The resolver that a driver uses does not know the name.',
    whatToDo: 'Correct the name, or let this machine ask the DNS server that knows it.',
    command: `nslookup ${lost[0]?.host ?? ''}`,
  })
}

export const privateAnswer = ({ hosts }: RoadFacts): Finding => {
  const open = hosts.filter(({ addresses }) => addresses.some((address) => !isPrivate(address)))
  if (open.length === 0) return finding('private-answer', 'OK', 'Every address is a private one.')
  const found = open.map(({ host, addresses }) => `${host} is ${addresses.join(', ')}`).join('; ')
  return finding('private-answer', 'WARNING', `A public address is answered: ${found}.`, {
    why: 'An endpoint has private addresses; another resolver, or no private zone, answers here.',
    whatToDo: 'Let this machine ask the resolver of the network that has the endpoint.',
  })
}
