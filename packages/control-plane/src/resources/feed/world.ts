// Everything that the three snapshots are made of, read in one transaction and parsed once: endpoints that are accepted
// or available, the clusters of their groups with their members, and the places of members behind services.

import { type CloudProvider, isCloudProvider } from '@postern/contract/cloud'
import type { EndpointNaming } from '@postern/contract/host-name'
import type { GatewayMemberTls } from '@postern/contract/snapshot'
import type { Kysely, Selectable } from 'kysely'
import { z } from 'zod'
import { parseConsumer } from '../../providers/local/consumer.ts'
import { targetsOf } from '../../providers/provider.ts'
import type { ForwardedConsumer } from '../../snapshots/forwarder.ts'
import type { Tables } from '../../store/tables.ts'
import { isSharedTier, listedMembers } from '../cluster/connection-strings.ts'
import { parseSpec, tierOf } from '../cluster/spec.ts'
import { parseService } from '../endpoint-service/row.ts'
import type { MemberPort } from '../member-port/allocate.ts'
import { type Advertised, parseAdvertised } from '../private-endpoint/advertised.ts'
import { type EndpointRow, parseEndpoint } from '../private-endpoint/row.ts'

export interface WorldEndpoint extends EndpointRow {
  readonly advertised: Advertised
  readonly naming: EndpointNaming
}

export interface WorldService {
  readonly id: string
  readonly groupId: string
  readonly provider: CloudProvider
  readonly region: string
  readonly portMapping: boolean
  /** How many service attachments it has: GCP's legacy form serves as many members. */
  readonly attachments: number
  /** See resources/member-port. */
  readonly nextSlot: number
}

interface WorldCluster {
  readonly id: string
  readonly groupId: string
  readonly name: string
  readonly setName: string | null
  readonly tls: GatewayMemberTls | null
  /** A sharded one, in a group whose endpoints are regionalized. */
  readonly regionalized: boolean
  /** In order of position. */
  readonly members: readonly {
    readonly id: string
    readonly hostPort: string
    readonly provider: CloudProvider
    readonly region: string
    readonly listed: boolean
  }[]
}

export interface World {
  readonly endpoints: readonly WorldEndpoint[]
  readonly services: readonly WorldService[]
  readonly clusters: readonly WorldCluster[]
  /** Of every service there is: gateway ports are unique over all. */
  readonly ports: readonly MemberPort[]
  /** Where local consumers listen, by provider and link id (`consumerKey`). */
  readonly consumers: ReadonlyMap<string, ForwardedConsumer>
}

export const consumerKey = (provider: string, linkId: string): string => `${provider} ${linkId}`

/** `domain`: base of host names. */
export const readWorld = async (tx: Kysely<Tables>, domain: string): Promise<World> => {
  const endpointRows = await published(tx).selectAll().orderBy('id').execute()
  const portRows = await tx.selectFrom('member_port').selectAll().orderBy('gateway_port').execute()
  const ports = portRows.map((row) => ({
    serviceId: row.service_id,
    memberId: row.member_id,
    slot: row.slot,
    servicePort: row.service_port,
    gatewayPort: row.gateway_port,
  }))
  if (endpointRows.length === 0) return { endpoints: [], services: [], clusters: [], ports, consumers: new Map() }

  const groups = await tx
    .selectFrom('group')
    .select(['id', 'hash', 'regional_mode'])
    .where('id', 'in', published(tx).select('group_id'))
    .execute()
  const regionalized = new Set(groups.filter(({ regional_mode }) => regional_mode).map(({ id }) => id))
  const hashes = new Map(groups.map(({ id, hash }) => [id, hash]))
  const serviceRows = await tx
    .selectFrom('endpoint_service')
    .selectAll()
    .where('id', 'in', published(tx).select('service_id'))
    .orderBy('id')
    .execute()
  const services = serviceRows
    .map((row) => ({ row, service: parseService(row) }))
    .map(({ row, service }) => ({
      ...service,
      nextSlot: row.next_slot,
      attachments: service.names === null ? 0 : targetsOf(service.names).length,
    }))
  const regions = new Map(services.map(({ id, region }) => [id, region]))

  const endpoints = endpointRows.flatMap((row): readonly WorldEndpoint[] => {
    const { advertised, name_index: index, provider } = row
    const hash = hashes.get(row.group_id)
    const region = regions.get(row.service_id)
    if (advertised === null || index === null || hash === undefined || region === undefined) return []
    if (!isCloudProvider(provider)) return []
    const naming = { provider, region, index, hash, domain }
    return [{ ...parseEndpoint(row), advertised: parseAdvertised(advertised), naming }]
  })
  return {
    endpoints,
    services,
    clusters: await readClusters(tx, regionalized),
    ports,
    consumers: await readConsumers(tx),
  }
}

/** Endpoints that the edges are to know. As a subquery too: there may be more ids than a statement takes parameters. */
const published = (tx: Kysely<Tables>) =>
  tx
    .selectFrom('private_endpoint')
    .where('private_endpoint.phase', 'in', ['ACCEPTED', 'AVAILABLE'])
    .where('private_endpoint.delete_requested', '=', false)

const tlsSchema = z.object({ ca: z.string().nullable(), allowInvalidHostnames: z.boolean() }).nullable()

/** Clusters that may be reached privately, with at least one member known. */
const readClusters = async (
  tx: Kysely<Tables>,
  regionalized: ReadonlySet<string>,
): Promise<readonly WorldCluster[]> => {
  const standing = tx
    .selectFrom('cluster')
    .where('cluster.group_id', 'in', published(tx).select('private_endpoint.group_id'))
    .where('cluster.delete_requested', '=', false)
  const rows = await standing.selectAll().orderBy('created').orderBy('id').execute()
  const members = new Map<string, WorldCluster['members'][number][]>()
  for (const row of await tx
    .selectFrom('member')
    .selectAll()
    .where('cluster_id', 'in', standing.select('cluster.id'))
    .orderBy('position')
    .execute()) {
    const known = members.get(row.cluster_id)
    if (known === undefined) members.set(row.cluster_id, [worldMember(row)])
    else known.push(worldMember(row))
  }
  return rows
    .filter((row) => row.engine === 'registered' || !isSharedTier(tierOf(parseSpec(row.spec))))
    .map((row) => ({
      id: row.id,
      groupId: row.group_id,
      name: row.name,
      setName: row.cluster_type === 'REPLICASET' ? row.set_name : null,
      tls: tlsSchema.parse(row.tls),
      regionalized: row.cluster_type !== 'REPLICASET' && regionalized.has(row.group_id),
      members: members.get(row.id) ?? [],
    }))
}

const worldMember = (row: Selectable<Tables['member']>) => {
  const provider: CloudProvider = isCloudProvider(row.provider) ? row.provider : 'AWS'
  const { id, host_port: hostPort, region, role, position } = row
  const listed = listedMembers([{ id, hostPort, provider, region, role, position }]).length > 0
  return { id, hostPort, provider, region, listed }
}

const readConsumers = async (tx: Kysely<Tables>): Promise<ReadonlyMap<string, ForwardedConsumer>> => {
  const rows = await tx
    .selectFrom('local_endpoint')
    .selectAll()
    .where('id', 'in', tx.selectFrom('local_acceptance').select('local_endpoint_id'))
    .execute()
  return new Map(rows.map(parseConsumer).map((consumer) => [consumerKey(consumer.provider, consumer.linkId), consumer]))
}
