// Whose PROXY headers are believed, and what in them says which endpoint. By default the same ranges at every port; the
// ports of one endpoint service may have ranges of their own instead. A fixed TLV is what a balancer that knows no cloud's
// TLV can send (HAProxy: unique-id; Envoy: added_tlvs), and names an endpoint by configuration.

import { BlockList, isIP, isIPv6 } from 'node:net'
import type { ProxyHeader } from '../proxy-protocol/decode.ts'

export interface FixedTlv {
  /** Our id of the endpoint, or its cloud's. */
  readonly endpoint: string
  /** 0x00 to 0xff. */
  readonly type: number
  readonly value: string
}

export interface ServiceProxies {
  readonly endpointService: string
  /** CIDRs. */
  readonly from: readonly string[]
}

export interface Trusted {
  /** Whether a header from this address is believed at a port of this service. */
  readonly believes: (serviceId: string | null, address: string) => boolean
  /** The endpoint that a header's fixed TLV names; null: none, or two. */
  readonly named: (header: Pick<ProxyHeader, 'tlvs'>) => string | null
}

/** Throws RangeError for a range that is no CIDR. */
export const trustedFrom = ({
  ranges,
  services,
  tlvs,
}: {
  readonly ranges: readonly string[]
  readonly services: readonly ServiceProxies[]
  readonly tlvs: readonly FixedTlv[]
}): Trusted => {
  const everywhere = remembering(blockListOf(ranges))
  const own = new Map(services.map(({ endpointService, from }) => [endpointService, remembering(blockListOf(from))]))
  return {
    believes(serviceId, address) {
      const isWithin = (serviceId === null ? undefined : own.get(serviceId)) ?? everywhere
      return address !== '' && isWithin(address)
    },
    named(header) {
      const meant = tlvs.filter(({ type, value }) =>
        header.tlvs.some((each) => each.type === type && each.value.equals(Buffer.from(value, 'utf8'))),
      )
      const endpoints = new Set(meant.map(({ endpoint }) => endpoint))
      const [only] = endpoints
      return endpoints.size === 1 ? (only ?? null) : null
    },
  }
}

/** So many addresses are remembered; beyond it all are looked up again. */
const mostRemembered = 1_000

/** It is the same few balancers that come, twice for each connection, and a look at a BlockList makes an object of the system's. */
const remembering = (list: BlockList): ((address: string) => boolean) => {
  const known = new Map<string, boolean>()
  return (address) => {
    const before = known.get(address)
    if (before !== undefined) return before
    const isWithin = list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
    if (known.size >= mostRemembered) known.clear()
    known.set(address, isWithin)
    return isWithin
  }
}

/** Throws RangeError for what is no CIDR. An address without a prefix is that address alone. */
export function blockListOf(cidrs: readonly string[]): BlockList {
  const ranges = new BlockList()
  for (const cidr of cidrs) {
    const [address = '', bits, rest] = cidr.split('/')
    const prefix = bits === undefined ? (isIPv6(address) ? 128 : 32) : Number(bits)
    const sound = isIP(address) !== 0 && rest === undefined && Number.isInteger(prefix) && bits !== ''
    if (!sound || prefix < 0 || prefix > (isIPv6(address) ? 128 : 32)) throw new RangeError(`${cidr} is no CIDR`)
    ranges.addSubnet(address, prefix, isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return ranges
}
