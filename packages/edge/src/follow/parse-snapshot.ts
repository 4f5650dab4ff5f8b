// A feed's body, from bytes to the types of contract/snapshot.ts. Hostile until it has passed here, whether it came over
// HTTP or from the file of the last good one; a wrong shape refuses the whole, since half a snapshot is no snapshot.

import { isIP, isIPv4, isIPv6 } from 'node:net'
import { type DatabaseUserName, tlsVersions } from '@postern/contract/endpoint-policy'
import type { AdvertisedTarget } from '@postern/contract/private-endpoint'
import {
  type AccessRange,
  type DnsRecord,
  type DnsSnapshot,
  type EndpointLimits,
  type Feed,
  type ForwarderListener,
  type ForwarderSnapshot,
  type GatewayCluster,
  type GatewayEndpoint,
  type GatewayListener,
  type GatewayMember,
  type GatewayMemberTls,
  type GatewayPolicy,
  type GatewaySnapshot,
  type Numbered,
  type SnapshotBody,
  snapshotSchemas,
} from '@postern/contract/snapshot'
import {
  byType,
  integer,
  known,
  list,
  listOfDistinct,
  object,
  once,
  oneOf,
  orAbsent,
  orNull,
  type Reader,
  record,
  refuse,
  SnapshotError,
  text,
  truth,
} from './shape.ts'

/** The largest body that is read, in bytes; ten thousand endpoints take about a tenth of it. */
export const largestBytes = 64 * 1024 * 1024

const id = text('a non-empty text', (value) => value.length > 0)
const port = integer(1, 65_535)
const provider = oneOf(['AWS', 'AZURE', 'GCP'])
const address = text('an IP address', (value) => isIP(value) !== 0)

/** RFC 1035 2.3.4 limits; the underscore is for SRV's service labels. */
const isDnsName = (value: string): boolean =>
  value.length <= 253 && value.split('.').every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))
const dnsName = text('a lower-case DNS name without a trailing dot', isDnsName)

const isHostPort = (value: string): boolean => {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]/]+)):(\d{1,5})$/.exec(value)
  if (!parts || (parts[1] !== undefined && !isIPv6(parts[1]))) return false
  return Number(parts[3]) >= 1 && Number(parts[3]) <= 65_535
}

const limit = (least: number) => orNull(integer(least, 1_000_000))

const pem = text('PEM certificates', (value) => value.includes('-----BEGIN CERTIFICATE-----'), 1024 * 1024)

const isCidr = (value: string): boolean => {
  const [address = '', bits = '', ...rest] = value.split('/')
  const family = isIP(address)
  return rest.length === 0 && family !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
}

/** What is there must be a time: one that cannot be read must not come out as for ever. */
const untilOrNever: Reader<number | undefined> = (value, path) =>
  value === undefined ? undefined : integer(0, Number.MAX_SAFE_INTEGER)(value, path)

/** What is forbidden and is not understood is named, never dropped: admit.ts lets nobody in there. */
const policy = known<GatewayPolicy>({
  clusterIds: list(id),
  minimumTls: oneOf(tlsVersions),
  idleMs: integer(1, 86_400_000),
  databaseUsers: list(object<DatabaseUserName>({ username: id, databaseName: id })),
  readOnly: truth,
  maxSnapshotAgeMs: integer(1, 604_800_000),
  clientCa: pem,
  clientNames: list(id),
  accessList: list(object<AccessRange>({ cidr: text('a CIDR', isCidr), untilMs: untilOrNever })),
})

const gateway = object<GatewaySnapshot>({
  listeners: listOfDistinct(
    once(
      object<GatewayListener>({
        gatewayPort: port,
        serviceId: id,
        clusterId: id,
        memberId: id,
        balances: orAbsent(list(id)),
        endpointId: orAbsent(id),
      }),
    ),
    'gatewayPort',
    (listener) => listener.gatewayPort,
  ),
  endpoints: listOfDistinct(
    once(
      object<GatewayEndpoint>({
        id,
        serviceId: id,
        provider,
        linkIds: list(id),
        cloudEndpointId: text('a text'),
        status: oneOf(['AVAILABLE', 'DELETING', 'REFUSED']),
        tls: truth,
        names: list(dnsName),
        byAddress: truth,
        advertised: record(object<AdvertisedTarget>({ host: text('a host', (host) => host.length > 0, 255), port })),
        limits: orAbsent(object<EndpointLimits>({ connections: limit(1), newPerSecond: limit(0) })),
        policy: orAbsent(policy),
      }),
    ),
    'id',
    (endpoint) => endpoint.id,
  ),
  clusters: listOfDistinct(
    once(
      object<GatewayCluster>({
        id,
        name: id,
        members: listOfDistinct(
          object<GatewayMember>({ id, hostPort: text('host:port', isHostPort) }),
          'id',
          (member) => member.id,
        ),
        tls: orNull(
          object<GatewayMemberTls>({
            ca: orNull(pem),
            allowInvalidHostnames: truth,
          }),
        ),
      }),
    ),
    'id',
    (cluster) => cluster.id,
  ),
})

const forwarder = object<ForwarderSnapshot>({
  listeners: listOfDistinct(
    once(
      object<ForwarderListener>({
        id,
        provider,
        linkId: id,
        hosts: (value, path) => {
          const hosts = list(address)(value, path)
          return hosts.length > 0 ? hosts : refuse(path, 'must name at least one address')
        },
        port,
        gatewayPort: port,
      }),
    ),
    'id',
    (listener) => listener.id,
  ),
})

const ttl = integer(0, 2 ** 31 - 1)
const single = <Type extends 'A' | 'AAAA' | 'CNAME' | 'TXT'>(type: Type, value: Reader<string>): Reader<DnsRecord> =>
  object<{ readonly type: Type; readonly name: string; readonly ttl: number; readonly value: string }>({
    type: oneOf([type]),
    name: dnsName,
    ttl,
    value,
  }) as Reader<DnsRecord>
const uint16 = integer(0, 65_535)

const dns = object<DnsSnapshot>({
  domain: dnsName,
  records: list(
    once(
      byType<DnsRecord>({
        A: single('A', text('an IPv4 address', isIPv4)),
        AAAA: single('AAAA', text('an IPv6 address', isIPv6)),
        CNAME: single('CNAME', dnsName),
        TXT: single('TXT', text('a text of at most 4096 characters', undefined, 4096)),
        SRV: object<Extract<DnsRecord, { readonly type: 'SRV' }>>({
          type: oneOf(['SRV']),
          name: dnsName,
          ttl,
          priority: uint16,
          weight: uint16,
          port: uint16,
          target: dnsName,
        }),
      }),
    ),
  ),
})

const bodies: { readonly [Each in Feed]: Reader<SnapshotBody[Each]> } = { gateway, dns, forwarder }

/** A feed's text to its typed, numbered whole. Throws SnapshotError, for text that is no JSON as well. */
export const parseSnapshot = <Name extends Feed>(feed: Name, json: string): Numbered<SnapshotBody[Name]> =>
  typedSnapshot(feed, parseJson(json))

/** Throws SnapshotError. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new SnapshotError('the snapshot is not JSON')
  }
}

/** A whole that was JSON, typed. Throws SnapshotError with a sentence that names the offending path. Unknown fields are dropped. */
export function typedSnapshot<Name extends Feed>(feed: Name, value: unknown): Numbered<SnapshotBody[Name]> {
  const { schema = 1 } = (typeof value === 'object' && value !== null ? value : {}) as { readonly schema?: unknown }
  if (!(snapshotSchemas as readonly unknown[]).includes(schema))
    refuse(
      'snapshot.schema',
      `is ${JSON.stringify(schema)?.slice(0, 20)}, and this edge reads ${snapshotSchemas.join(', ')}`,
    )
  return object<Omit<Numbered<SnapshotBody[Name]>, 'schema'>>({
    epoch: text('a text of 1 to 128 characters', (epoch) => epoch.length > 0, 128),
    n: integer(0, Number.MAX_SAFE_INTEGER),
    body: bodies[feed] as Reader<SnapshotBody[Name]>,
  })(value, 'snapshot')
}
