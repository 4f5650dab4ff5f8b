// What the three snapshots are made of, of some groups or of all, read in one transaction and parsed once: endpoints that
// are accepted or available, standard listeners that are open, the clusters of their groups with their members, and the places of members behind services.
// Only what a snapshot says is read, and each table as one value: there may be ten thousand endpoints. Whatever is read
// here must be in the marks too (marks.ts): a row that changes none is not read again.

import { type CloudProvider, isCloudProvider } from '@postern/contract/cloud'
import type { EndpointPolicy, ListenerPolicy } from '@postern/contract/endpoint-policy'
import type { EndpointNaming } from '@postern/contract/host-name'
import type { AdvertisedForm } from '@postern/contract/private-endpoint'
import type { AccessRange, EndpointLimits, GatewayMemberTls } from '@postern/contract/snapshot'
import { type Kysely, type Selectable, sql } from 'kysely'
import { z } from 'zod'
import type { Settings } from '../../parts.ts'
import { parsePlace } from '../../providers/local/consumer.ts'
import { targetsOf } from '../../providers/provider.ts'
import type { ForwardedConsumer } from '../../snapshots/forwarder.ts'
import { groupedBy } from '../../snapshots/grouped.ts'
import { rowsAsOne } from '../../store/rows-as-one.ts'
import type { Tables } from '../../store/tables.ts'
import { isSharedTier, listedMembers } from '../cluster/connection-strings.ts'
import { parseSpec, tierOf } from '../cluster/spec.ts'
import { parseShown, shownColumns } from '../endpoint-service/row.ts'
import type { MemberPort } from '../member-port/allocate.ts'
import { type Advertised, formOf, parseAdvertised } from '../private-endpoint/advertised.ts'
import { parseLimits, parsePolicy } from '../private-endpoint/row.ts'
import { type ListenerAddress, listenerAddress } from '../standard-listener/address.ts'
import { openListeners } from '../standard-listener/open.ts'
import { accessRanges } from '../standard-listener/ranges.ts'

export interface WorldEndpoint {
  readonly id: string
  readonly groupId: string
  readonly serviceId: string
  readonly provider: CloudProvider
  readonly cloudId: string
  readonly linkIds: readonly string[]
  readonly form: AdvertisedForm
  readonly advertised: Advertised
  readonly limits: EndpointLimits
  readonly policy: EndpointPolicy
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
  /** A sharded one: it has a place of its own, over all of its routers, under its id. */
  readonly balanced: boolean
  /** A sharded one, in a group whose endpoints are regionalized. */
  readonly regionalized: boolean
  /** Of a tier that has no private endpoints. */
  readonly shared: boolean
  /** In order of position. */
  readonly members: readonly {
    readonly id: string
    readonly hostPort: string
    readonly provider: CloudProvider
    readonly region: string
    readonly listed: boolean
  }[]
}

/** A standard listener that is to be served. */
export interface WorldListener extends ListenerAddress {
  readonly id: string
  readonly groupId: string
  readonly clusterId: string
  readonly clusterName: string
  readonly accessList: readonly AccessRange[]
  readonly policy: ListenerPolicy
  /** In the order of gateway ports. */
  readonly ports: readonly { readonly memberId: string; readonly gatewayPort: number }[]
}

export interface World {
  readonly endpoints: readonly WorldEndpoint[]
  readonly services: readonly WorldService[]
  readonly clusters: readonly WorldCluster[]
  readonly standardListeners: readonly WorldListener[]
  /** Of every service of these groups. */
  readonly ports: readonly MemberPort[]
  /** Where local consumers listen, by provider and link id (`consumerKey`). */
  readonly consumers: ReadonlyMap<string, ForwardedConsumer>
}

export const nowhere: World = {
  endpoints: [],
  services: [],
  clusters: [],
  standardListeners: [],
  ports: [],
  consumers: new Map(),
}

export const consumerKey = (provider: string, linkId: string): string => `${provider} ${linkId}`

const texts = z.array(z.string())

/** `groupIds`: some, of which each becomes a parameter; null for all. */
export const readWorld = async (
  tx: Kysely<Tables>,
  {
    settings,
    groupIds,
  }: { readonly settings: Pick<Settings, 'domain' | 'standardHost'>; readonly groupIds: readonly string[] | null },
): Promise<World> => {
  if (groupIds?.length === 0) return nowhere
  const { domain } = settings
  const published = (): Published =>
    publishedIn(tx).$if(groupIds !== null, (query) => query.where('private_endpoint.group_id', 'in', groupIds ?? []))
  const open = (): Open =>
    openListeners(tx).$if(groupIds !== null, (query) => query.where('group.id', 'in', groupIds ?? []))
  const served = (): Served => servedGroups(published(), open())
  const endpointRows = await rowsAsOne(
    tx,
    published()
      .select([
        'id',
        'service_id',
        'group_id',
        'provider',
        'cloud_id',
        'link_ids',
        'name_index',
        'form',
        'advertised',
        'limits',
        'policy',
      ])
      .orderBy('id'),
  )
  const standardListeners = await readListeners(tx, open, settings)
  if (endpointRows.length === 0 && standardListeners.length === 0) return nowhere

  const groups = await tx
    .selectFrom('group')
    .select(['id', 'hash', 'regional_mode'])
    .where('id', 'in', served())
    .execute()
  const regionalized = new Set(groups.filter(({ regional_mode }) => regional_mode).map(({ id }) => id))
  const hashes = new Map(groups.map(({ id, hash }) => [id, hash]))
  const services = await readServices(tx, published, groupIds)
  const regions = new Map(services.map(({ id, region }) => [id, region]))

  const endpoints = endpointRows.flatMap((row): readonly WorldEndpoint[] => {
    const { id, group_id: groupId, service_id: serviceId, provider, cloud_id: cloudId, name_index: index } = row
    const hash = hashes.get(groupId)
    const region = regions.get(serviceId)
    if (row.advertised === null || index === null || hash === undefined || region === undefined) return []
    if (!isCloudProvider(provider)) return []
    const naming = { provider, region, index, hash, domain }
    const linkIds = texts.parse(row.link_ids)
    const advertised = parseAdvertised(row.advertised)
    const [form, limits, policy] = [formOf(row.form), parseLimits(row.limits), parsePolicy(row.policy)]
    return [{ id, groupId, serviceId, provider, cloudId, linkIds, form, advertised, naming, limits, policy }]
  })
  return {
    endpoints,
    services,
    clusters: await readClusters(tx, { served, groupIds, regionalized }),
    standardListeners,
    ports: await readPorts(tx, (query) =>
      query.where(
        'service_id',
        'in',
        tx
          .selectFrom('endpoint_service')
          .select('id')
          .where('group_id', 'in', groupIds ?? published().select('group_id')),
      ),
    ),
    consumers: await readConsumers(tx, groupIds === null ? null : endpoints.flatMap(({ linkIds }) => linkIds)),
  }
}

const placesIn = (tx: Kysely<Tables>) =>
  tx
    .selectFrom('member_port')
    .select(['service_id', 'member_id', 'slot', 'service_port', 'gateway_port'])
    .orderBy('gateway_port')
type Places = ReturnType<typeof placesIn>

/** In the order of gateway ports. */
export const readPorts = async (
  tx: Kysely<Tables>,
  which: (places: Places) => Places = (places) => places,
): Promise<readonly MemberPort[]> => {
  const rows = await rowsAsOne(tx, which(placesIn(tx)))
  return rows.map((row) => ({
    serviceId: row.service_id,
    memberId: row.member_id,
    slot: row.slot,
    servicePort: row.service_port,
    gatewayPort: row.gateway_port,
  }))
}

const readServices = async (
  tx: Kysely<Tables>,
  published: () => Published,
  groupIds: readonly string[] | null,
): Promise<readonly WorldService[]> => {
  const rows = await rowsAsOne(
    tx,
    tx
      .selectFrom('endpoint_service')
      .select([...shownColumns, 'group_id', 'next_slot'])
      .where('id', 'in', published().select('service_id'))
      .$if(groupIds !== null, (query) => query.where('group_id', 'in', groupIds ?? []))
      .orderBy('id'),
  )
  return rows.map((row) => {
    const { id, provider, region, portMapping, names } = parseShown(row)
    const attachments = names === null ? 0 : targetsOf(names).length
    return { id, groupId: row.group_id, provider, region, portMapping, attachments, nextSlot: row.next_slot }
  })
}

/** Endpoints that the edges are to know. As a subquery too: there may be more ids than a statement takes parameters. */
const publishedIn = (tx: Kysely<Tables>) =>
  tx
    .selectFrom('private_endpoint')
    .where('private_endpoint.phase', 'in', ['ACCEPTED', 'AVAILABLE'])
    .where('private_endpoint.delete_requested', '=', false)
type Published = ReturnType<typeof publishedIn>
type Open = ReturnType<typeof openListeners>

/** Of which anything is to be known. */
const servedGroups = (published: Published, open: Open) =>
  published.select('private_endpoint.group_id').union(open.select('cluster.group_id'))
type Served = ReturnType<typeof servedGroups>

const readListeners = async (
  tx: Kysely<Tables>,
  open: () => Open,
  settings: Pick<Settings, 'domain' | 'standardHost'>,
): Promise<readonly WorldListener[]> => {
  const rows = await open()
    .select([
      'standard_listener.id',
      'cluster.group_id',
      'cluster_id',
      'cluster.name',
      'hash',
      'max_snapshot_age_seconds',
    ])
    .orderBy('standard_listener.id')
    .execute()
  if (rows.length === 0) return []
  const entries = await tx
    .selectFrom('group_access_entry')
    .select(['group_id', 'value', 'delete_after'])
    .where('group_id', 'in', open().select('cluster.group_id'))
    .execute()
  const ports = await tx
    .selectFrom('standard_port')
    .innerJoin('member', 'member.id', 'standard_port.member_id')
    .select(['cluster_id', 'member_id', 'gateway_port'])
    .where('cluster_id', 'in', open().select('standard_listener.cluster_id'))
    // It keeps its port for when it is no longer.
    .where('member.role', '<>', 'hidden')
    .orderBy('gateway_port')
    .execute()
  const entriesOf = groupedBy(entries, ({ group_id }) => group_id)
  const portsOf = groupedBy(ports, ({ cluster_id }) => cluster_id)
  return rows.map(({ id, group_id: groupId, cluster_id: clusterId, name, hash, max_snapshot_age_seconds: age }) => ({
    id,
    groupId,
    clusterId,
    clusterName: name,
    ...listenerAddress(name, hash, settings),
    accessList: accessRanges(entriesOf.get(groupId) ?? []),
    policy: { maxSnapshotAgeSeconds: age },
    ports: (portsOf.get(clusterId) ?? []).map(({ member_id, gateway_port }) => ({
      memberId: member_id,
      gatewayPort: gateway_port,
    })),
  }))
}

/** Any number of texts, as one parameter. */
const isOneOf = (column: string, texts: readonly string[]) =>
  sql<boolean>`${sql.ref(column)} in (select jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`

const tlsSchema = z.object({ ca: z.string().nullable(), allowInvalidHostnames: z.boolean() }).nullable()

/** Clusters of groups of which anything is served. */
const readClusters = async (
  tx: Kysely<Tables>,
  {
    served,
    groupIds,
    regionalized,
  }: {
    readonly served: () => Served
    readonly groupIds: readonly string[] | null
    readonly regionalized: ReadonlySet<string>
  },
): Promise<readonly WorldCluster[]> => {
  const standing = tx
    .selectFrom('cluster')
    .where('cluster.group_id', 'in', served())
    .where('cluster.delete_requested', '=', false)
    .$if(groupIds !== null, (query) => query.where('cluster.group_id', 'in', groupIds ?? []))
  const rows = await rowsAsOne(
    tx,
    standing
      .select(['id', 'group_id', 'name', 'engine', 'spec', 'cluster_type', 'set_name', 'tls'])
      .orderBy('created')
      .orderBy('id'),
  )
  const memberRows = await rowsAsOne(
    tx,
    tx
      .selectFrom('member')
      .select(['id', 'cluster_id', 'host_port', 'provider', 'region', 'role', 'position'])
      .where('cluster_id', 'in', standing.select('cluster.id'))
      // No client is told of them, so that nothing leads to them.
      .where('role', '<>', 'hidden')
      .orderBy('position')
      .orderBy('id'),
  )
  const members = groupedBy(memberRows, (row) => row.cluster_id)
  return rows.map((row) => ({
    id: row.id,
    groupId: row.group_id,
    name: row.name,
    setName: row.cluster_type === 'REPLICASET' ? row.set_name : null,
    tls: tlsSchema.parse(row.tls),
    balanced: row.cluster_type !== 'REPLICASET',
    regionalized: row.cluster_type !== 'REPLICASET' && regionalized.has(row.group_id),
    shared: row.engine !== 'registered' && isSharedTier(tierOf(parseSpec(row.spec))),
    members: (members.get(row.id) ?? []).map(worldMember),
  }))
}

const worldMember = (row: Selectable<Tables['member']>) => {
  const provider: CloudProvider = isCloudProvider(row.provider) ? row.provider : 'AWS'
  const { id, host_port: hostPort, region, role, position } = row
  const listed = listedMembers([{ id, hostPort, provider, region, role, position }]).length > 0
  return { id, hostPort, provider, region, listed }
}

/** `linkIds`: null for all. */
const readConsumers = async (
  tx: Kysely<Tables>,
  linkIds: readonly string[] | null,
): Promise<ReadonlyMap<string, ForwardedConsumer>> => {
  const rows = await rowsAsOne(
    tx,
    tx
      .selectFrom('local_endpoint')
      .select(['provider', 'link_id', 'hosts', 'first_port', 'port_count'])
      .where('id', 'in', tx.selectFrom('local_acceptance').select('local_endpoint_id'))
      .$if(linkIds !== null, (query) => query.where(isOneOf('link_id', linkIds ?? []))),
  )
  return new Map(
    rows.map((row) => [consumerKey(row.provider, row.link_id), { linkId: row.link_id, ...parsePlace(row) }]),
  )
}
