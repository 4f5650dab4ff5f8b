// What is sound in the file of listeners and still serves nobody: names of endpoints and services that no snapshot has,
// and listeners that mean the same clients. Pure.

import { isIPv6 } from 'node:net'
import { type GatewaySnapshot, longestReason } from '@postern/contract/snapshot'
import type { ListenersFile } from '../listeners-file.ts'
import { names, type OwnListener } from './own-listeners.ts'
import { blockListOf } from './trusted.ts'

/** A sentence each, without a full stop. */
export const listenersTrouble = (
  { listeners, tlvs, proxies }: ListenersFile,
  { endpoints, listeners: ports }: Pick<GatewaySnapshot, 'endpoints' | 'listeners'>,
): readonly string[] => {
  const isThere = (each: Pick<OwnListener, 'endpoint'>) => endpoints.some((endpoint) => names(each, endpoint))
  const portsOf = (each: OwnListener): ReadonlySet<number> =>
    new Set(
      endpoints
        .filter((endpoint) => names(each, endpoint))
        .flatMap(({ advertised }) => Object.values(advertised).map(({ port }) => port)),
    )
  const waiting = listeners
    .filter((each) => !isThere(each))
    .map(({ host, endpoint }) => `the listener on ${host} waits for the endpoint ${endpoint}, which is not there`)
  const unnamed = tlvs
    .filter((each) => !isThere(each))
    .map(({ value, endpoint }) => `the TLV ${value} names the endpoint ${endpoint}, which is not there`)
  // A service of which nothing is served yet is not in a snapshot, and its id is all that it is called here.
  const services = new Set([...ports, ...endpoints].map(({ serviceId }) => serviceId))
  const unused = proxies
    .filter(({ endpointService }) => !services.has(endpointService))
    .map(
      ({ endpointService }) =>
        `the proxies of the endpoint service ${endpointService} are believed nowhere: this gateway serves no service of that id`,
    )
  const overlapping = listeners.flatMap((one, index) =>
    listeners
      .slice(index + 1)
      .filter(
        (other) =>
          other.host === one.host &&
          [...portsOf(one)].some((port) => portsOf(other).has(port)) &&
          overlap(one.from, other.from),
      )
      .map(
        (other) =>
          `the listeners on ${one.host} for ${one.endpoint} and ${other.endpoint} overlap: whoever is in both ranges is refused`,
      ),
  )
  return [...waiting, ...unnamed, ...unused, ...overlapping]
}

/** A report has one reason for each id, which is no longer than it may be. */
export const asOneReason = (sentences: readonly string[]): string => {
  const whole = sentences.join('; ')
  if (whole.length <= longestReason) return whole
  return `${whole.slice(0, longestReason - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** CIDRs are apart, or one is within the other: then its address is. */
const overlap = (one: OwnListener['from'], other: OwnListener['from']): boolean =>
  one === null || other === null || reaches(one, other) || reaches(other, one)

const reaches = (wide: readonly string[], narrow: readonly string[]): boolean => {
  const ranges = blockListOf(wide)
  return narrow.some((cidr) => {
    const [address = ''] = cidr.split('/')
    return ranges.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  })
}
