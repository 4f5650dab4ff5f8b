// Where a local endpoint may listen. On Linux all of 127/8 is loopback, so each endpoint gets an address of its own and
// ports from 1024 as in a cloud; /24s are derived from the store's own mark, so that two homes on one machine seldom
// meet, and the next one is taken when one is full. Elsewhere (or by a flag) each gets a block of ports on 127.0.0.1 and
// ::1, as large as its region may have targets. Both are rings that are searched from the last place given on (next
// fit), so that what an endpoint leaves is given out again last. Pure: candidates in order; whether one is free is asked
// elsewhere.

import { createHash } from 'node:crypto'
import type { CloudProvider } from '@postern/contract/cloud'
import { addressableTargets, firstServicePort } from '@postern/contract/endpoint-service'

export interface Place {
  /** Addresses to listen on. */
  readonly hosts: readonly string[]
  readonly firstPort: number
  readonly portCount: number
}

/** How many ports an endpoint needs: one per addressable member; one for each rule in GCP's legacy form. */
export const portsNeeded = (provider: CloudProvider, attachments: number): number =>
  attachments > 1 ? 1 : addressableTargets[provider]

/** On an address of its own an endpoint has all ports from the first service port on. */
const allPorts = 65_536 - firstServicePort

const netsFrom = 64
const nets = 64 * 256
const hostsPerNet = 254

/** The place that was given out last: the search goes on behind it. */
export interface LastPlace {
  readonly host: string
  readonly firstPort: number
  readonly portCount: number
}

/** 127.64.0.1 … 127.127.255.254 as a ring that begins at this store's own /24, or behind the last place given. */
export function* ownAddresses(epoch: string, last: LastPlace | null = null): Generator<Place> {
  const mark = createHash('sha256').update(`local-net\0${epoch}`).digest()
  const first = mark.readUInt16BE(0) % nets
  const begin = last === null ? 0 : ordinalOf(last.host, first) + 1
  for (let step = 0; step < nets * hostsPerNet; step++) {
    const ordinal = (begin + step) % (nets * hostsPerNet)
    const net = (first + Math.floor(ordinal / hostsPerNet)) % nets
    yield {
      hosts: [`127.${netsFrom + Math.floor(net / 256)}.${net % 256}.${1 + (ordinal % hostsPerNet)}`],
      firstPort: firstServicePort,
      portCount: allPorts,
    }
  }
}

/** How far an address lies behind the ring's begin; -1 for one that is not in it (a place of the other kind). */
function ordinalOf(host: string, first: number): number {
  const [top = 0, high = 0, low = 0, last = 0] = host.split('.').map(Number)
  const net = (high - netsFrom) * 256 + low
  if (top !== 127 || !(net >= 0 && net < nets) || !(last >= 1 && last <= hostsPerNet)) return -1
  return ((net - first + nets) % nets) * hostsPerNet + last - 1
}

export interface PortRange {
  readonly from: number
  readonly to: number
}

/** Blocks of ports on the given hosts, one after the other, as a ring that begins behind the last place given. */
export function* portBlocks(
  hosts: readonly string[],
  {
    range,
    portCount,
    last = null,
  }: { readonly range: PortRange; readonly portCount: number; readonly last?: LastPlace | null },
): Generator<Place> {
  const blocks = Math.floor((range.to - range.from + 1) / portCount)
  const behind = last !== null && hosts.includes(last.host) ? last.firstPort + last.portCount - range.from : 0
  const next = Math.ceil(behind / portCount)
  const begin = next >= 0 && next < blocks ? next : 0
  for (let step = 0; step < blocks; step++) {
    yield { hosts, firstPort: range.from + ((begin + step) % blocks) * portCount, portCount }
  }
}

/** True where the two would listen on one port of one address. */
export const overlap = (one: Place, other: Place): boolean =>
  one.hosts.some((host) => other.hosts.includes(host)) &&
  one.firstPort < other.firstPort + other.portCount &&
  other.firstPort < one.firstPort + one.portCount
