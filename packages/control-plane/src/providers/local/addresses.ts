// Where a local endpoint may listen. On Linux all of 127/8 is loopback, so each endpoint gets an address of its own and
// ports from 1024 as in a cloud; /24s are derived from the store's own mark, so that two homes on one machine seldom
// meet, and the next one is taken when one is full. Elsewhere (or by a flag) each gets a block of ports on 127.0.0.1 and
// ::1, as large as its region may have targets. Pure: candidates in order; whether one is free is asked elsewhere.

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

/** 127.64.0.1 … 127.127.255.254 as a ring that begins at this store's own /24. */
export function* ownAddresses(epoch: string): Generator<Place> {
  const mark = createHash('sha256').update(`local-net\0${epoch}`).digest()
  const first = mark.readUInt16BE(0) % nets
  for (let net = 0; net < nets; net++) {
    const at = (first + net) % nets
    for (let host = 1; host <= hostsPerNet; host++) {
      yield {
        hosts: [`127.${netsFrom + Math.floor(at / 256)}.${at % 256}.${host}`],
        firstPort: firstServicePort,
        portCount: allPorts,
      }
    }
  }
}

/** Blocks of ports on the given hosts, one after the other. */
export function* portBlocks(
  hosts: readonly string[],
  range: { readonly from: number; readonly to: number },
  portCount: number,
): Generator<Place> {
  for (let firstPort = range.from; firstPort + portCount - 1 <= range.to; firstPort += portCount) {
    yield { hosts, firstPort, portCount }
  }
}

/** True where the two would listen on one port of one address. */
export const overlap = (one: Place, other: Place): boolean =>
  one.hosts.some((host) => other.hosts.includes(host)) &&
  one.firstPort < other.firstPort + other.portCount &&
  other.firstPort < one.firstPort + one.portCount
