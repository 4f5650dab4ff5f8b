// Names of private endpoints. Forms follow Atlas's private-endpoint-aware connection strings, with the region in the
// cloud's own spelling, because Atlas's own form gives AWS us-west-2, Azure westus2 and GCP us-west2 one name.
// All members of a cluster share an endpoint's host and the port picks the member; in GCP's legacy form each
// forwarding rule has a host of its own.

import { type CloudProvider, cloudRegion } from './cloud.ts'

export interface EndpointNaming {
  readonly provider: CloudProvider
  /** Atlas's spelling. */
  readonly region: string
  /** The endpoint's number within its group: one count for `pl`, one for GCP's `psc`; never reused. */
  readonly index: number
  /** The group's label, five to six of [a-z0-9]. */
  readonly hash: string
  /** Without a leading or trailing dot. */
  readonly domain: string
}

/** `pl-0-us-east-1.k45tj.postern.internal`; GCP: `pl-0-us-east1-gcp.…`. */
export const endpointHost = ({ provider, region, index, hash, domain }: EndpointNaming): string =>
  `pl-${index}-${cloudRegion(provider, region)}${provider === 'GCP' ? '-gcp' : ''}.${hash}.${domain}`

/** GCP's legacy form, one host per forwarding rule: `pl-0-us-east1-gcp-3.…`. */
export const ruleHost = (naming: EndpointNaming, rule: number): string =>
  `pl-${naming.index}-${cloudRegion(naming.provider, naming.region)}-gcp-${rule}.${naming.hash}.${naming.domain}`

/** The name whose SRV records list the members: `cluster0-pl-0.k45tj.…`, GCP `cluster0-psc-0.…`. */
export const srvName = (clusterName: string, naming: EndpointNaming): string => seedlistName(clusterName, naming, '')

/** In the regionalized mode: `cluster0-pl-0-us-east-1.k45tj.…`, which lists the members of that region alone. */
export const regionalSrvName = (clusterName: string, naming: EndpointNaming): string =>
  seedlistName(clusterName, naming, `-${cloudRegion(naming.provider, naming.region)}`)

/** Of a sharded cluster: `cluster0-pl-0-lb.k45tj.…`, whose one SRV record is the port that spreads over its routers. */
export const loadBalancedSrvName = (clusterName: string, naming: EndpointNaming): string =>
  seedlistName(clusterName, naming, '-lb')

/**
 * Of a cluster's standard listener: `srv` (`cluster0.k45tj.…`), whose SRV records list the members, and the host that they name,
 * `standard.cluster0.k45tj.…`, which no cluster's own name can be.
 */
export const standardNames = (
  clusterName: string,
  { hash, domain }: Pick<EndpointNaming, 'hash' | 'domain'>,
): { readonly srv: string; readonly name: string } => {
  const label = labelOf(clusterName, '')
  const srv = `${readsPrivate.test(label) ? labelOf(clusterName, '-std') : label}.${hash}.${domain}`
  return { srv, name: `standard.${srv}` }
}

/** As an endpoint's name or a seedlist through one is: of a cluster that is called so another end is put there, which none of those has. */
const readsPrivate = /(^|-)(pl|psc)-\d+(-.*)?$/

/** A label of DNS has no more letters (RFC 1035, 2.3.4); a cluster's name alone may have one more. */
const longestLabel = 63

const seedlistName = (clusterName: string, { provider, index, hash, domain }: EndpointNaming, tail: string): string =>
  `${labelOf(clusterName, `-${provider === 'GCP' ? 'psc' : 'pl'}-${index}${tail}`)}.${hash}.${domain}`

/** Of a name that is too long the end is left out, and a checksum of all of it stands there, so that two stay two. */
const labelOf = (clusterName: string, end: string): string => {
  const name = clusterName.toLowerCase()
  const sum = `-${checksum(name)}`
  const label =
    name.length + end.length <= longestLabel ? name : name.slice(0, longestLabel - end.length - sum.length) + sum
  return `${label}${end}`
}

/** FNV-1a of 32 bits, in eight hexadecimal digits. */
const checksum = (text: string): string => {
  let sum = 0x811c9dc5
  for (const letter of text) sum = Math.imul(sum ^ letter.charCodeAt(0), 0x01000193)
  return (sum >>> 0).toString(16).padStart(8, '0')
}

/** Default of POSTERN_DOMAIN: `.internal` is reserved for private use (ICANN, 2024). */
export const defaultDomain = 'postern.internal'
