// A cluster's rows read once and parsed: the cluster, its members, and every AVAILABLE endpoint of its group that a
// connection string may lead through. What handlers and the reconciler work with afterwards is typed.

import { type CloudProvider, isCloudProvider } from '@postern/contract/cloud'
import { type ClusterState, type ClusterType, clusterStates, clusterTypes } from '@postern/contract/cluster'
import { opensCluster, speaksTls } from '@postern/contract/endpoint-policy'
import { AtlasError } from '@postern/contract/errors'
import { type Behaviour, behaviours } from '@postern/contract/fidelity'
import { loadBalancedSrvName, regionalSrvName, srvName } from '@postern/contract/host-name'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { effectiveFidelity } from '../../fidelity/fidelity-of.ts'
import type { Settings } from '../../parts.ts'
import { groupedBy } from '../../snapshots/grouped.ts'
import type { Tables } from '../../store/tables.ts'
import { endpointTargets, parseAdvertised } from '../private-endpoint/advertised.ts'
import { parsePolicy } from '../private-endpoint/row.ts'
import { listenerAddress } from '../standard-listener/address.ts'
import { openListeners } from '../standard-listener/open.ts'
import type { StringsCluster, StringsEndpoint, StringsMember } from './connection-strings.ts'
import { type ClusterSpec, isFlex, majorOf, parseSpec, tierOf } from './spec.ts'

export type ClusterRow = Selectable<Tables['cluster']>
export type MemberRow = Selectable<Tables['member']>

/** The row of that name. Throws CLUSTER_NOT_FOUND, and for a Flex cluster CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API. */
export const clusterByName = async (db: Kysely<Tables>, groupId: string, clusterName: string): Promise<ClusterRow> =>
  noFlex(await rowNamed(db, { groupId, clusterName }).executeTakeFirst(), { groupId, clusterName })

/** The row of that name, of either API. Throws CLUSTER_NOT_FOUND. */
export const anyClusterByName = async (
  db: Kysely<Tables>,
  groupId: string,
  clusterName: string,
): Promise<ClusterRow> => {
  const row = await rowNamed(db, { groupId, clusterName }).executeTakeFirst()
  if (row === undefined) throw new AtlasError('CLUSTER_NOT_FOUND', { groupId, clusterName })
  return row
}

/** As `clusterByName`, held against other changes until the transaction ends. */
export const clusterForUpdate = async (
  tx: Transaction<Tables>,
  groupId: string,
  clusterName: string,
): Promise<ClusterRow> =>
  noFlex(await rowNamed(tx, { groupId, clusterName }).forUpdate().executeTakeFirst(), { groupId, clusterName })

/** The Flex cluster of that name. Throws CLUSTER_NOT_FOUND, CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API. */
export const flexByName = async (db: Kysely<Tables>, groupId: string, clusterName: string): Promise<ClusterRow> =>
  onlyFlex(await rowNamed(db, { groupId, clusterName }).executeTakeFirst(), { groupId, clusterName })

/** As `flexByName`, held against other changes until the transaction ends. */
export const flexForUpdate = async (
  tx: Transaction<Tables>,
  groupId: string,
  clusterName: string,
): Promise<ClusterRow> =>
  onlyFlex(await rowNamed(tx, { groupId, clusterName }).forUpdate().executeTakeFirst(), { groupId, clusterName })

interface Name {
  readonly groupId: string
  readonly clusterName: string
}

const rowNamed = (db: Kysely<Tables>, { groupId, clusterName }: Name) =>
  db.selectFrom('cluster').selectAll().where('group_id', '=', groupId).where('name', '=', clusterName)

const noFlex = (row: ClusterRow | undefined, name: Name): ClusterRow => {
  if (row === undefined) throw new AtlasError('CLUSTER_NOT_FOUND', name)
  if (!isFlex(parseSpec(row.spec))) return row
  throw new AtlasError('CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API', { clusterName: name.clusterName })
}

const onlyFlex = (row: ClusterRow | undefined, name: Name): ClusterRow => {
  if (row === undefined) throw new AtlasError('CLUSTER_NOT_FOUND', name)
  if (isFlex(parseSpec(row.spec))) return row
  throw new AtlasError('CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API', { clusterName: name.clusterName })
}

const providerOfRow = sql`cluster.spec -> 'replicationSpecs' -> 0 -> 'regions' -> 0 ->> 'providerName'`

/** Each of the two APIs lists its own. */
const isFlexRow = sql<boolean>`${providerOfRow} = 'FLEX'`
export const isNoFlexRow = sql<boolean>`${providerOfRow} <> 'FLEX'`

/** One page of a group's clusters of one of the two APIs, oldest first, with their members, and how many there are. */
export const pageOfClusters = async (
  db: Kysely<Tables>,
  groupId: string,
  { flex, limit, offset }: { readonly flex: boolean; readonly limit: number; readonly offset: number },
): Promise<{
  readonly clusters: readonly { readonly row: ClusterRow; readonly members: readonly MemberRow[] }[]
  readonly total: number
}> => {
  const all = db
    .selectFrom('cluster')
    .where('group_id', '=', groupId)
    .where(flex ? isFlexRow : isNoFlexRow)
  const rows = await all.selectAll().orderBy('created').orderBy('id').limit(limit).offset(offset).execute()
  const { total } = await all.select(({ fn }) => fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
  const members = await membersOf(
    db,
    rows.map(({ id }) => id),
  )
  return { clusters: rows.map((row) => ({ row, members: members.get(row.id) ?? [] })), total: Number(total) }
}

/** Members by cluster id, each list in order of position. */
export const membersOf = async (
  db: Kysely<Tables>,
  clusterIds: readonly string[],
): Promise<ReadonlyMap<string, readonly MemberRow[]>> => {
  const rows =
    clusterIds.length === 0
      ? []
      : await db.selectFrom('member').selectAll().where('cluster_id', 'in', clusterIds).orderBy('position').execute()
  return new Map(clusterIds.map((id) => [id, rows.filter(({ cluster_id }) => cluster_id === id)]))
}

/** What all clusters of a group share when strings are made. */
export interface GroupDoors {
  readonly hash: string
  readonly domain: string
  readonly behaviour: Behaviour
  readonly regionalized: boolean
  readonly privateOnly: boolean
  readonly endpoints: readonly EndpointRow[]
  readonly ports: readonly { readonly service_id: string; readonly member_id: string; readonly slot: number }[]
  /** By cluster id, where a standard listener is on and the gateways are told of it: ports by member id. */
  readonly listeners: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly standardHost?: string
}

type EndpointRow = Pick<
  Selectable<Tables['private_endpoint']>,
  'service_id' | 'cloud_id' | 'form' | 'advertised' | 'name_index' | 'policy'
> & { readonly provider: string; readonly region: string }

/** The AVAILABLE endpoints of a group, with the ports of their services. Throws GROUP_NOT_FOUND. */
export const groupDoors = async (
  db: Kysely<Tables>,
  groupId: string,
  settings: Pick<Settings, 'domain' | 'fidelity' | 'standardHost'>,
): Promise<GroupDoors> => {
  const group = await db
    .selectFrom('group')
    .select(['hash', 'fidelity', 'regional_mode', 'private_only'])
    .where('id', '=', groupId)
    .executeTakeFirst()
  if (group === undefined) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
  const endpoints = await db
    .selectFrom('private_endpoint')
    .innerJoin('endpoint_service', 'endpoint_service.id', 'private_endpoint.service_id')
    .select([
      'private_endpoint.service_id',
      'private_endpoint.cloud_id',
      'private_endpoint.form',
      'private_endpoint.advertised',
      'private_endpoint.name_index',
      'private_endpoint.policy',
      'endpoint_service.provider',
      'endpoint_service.region',
    ])
    .where('private_endpoint.group_id', '=', groupId)
    .where('private_endpoint.phase', '=', 'AVAILABLE')
    .where('private_endpoint.delete_requested', '=', false)
    .orderBy('private_endpoint.created')
    .orderBy('private_endpoint.id')
    .execute()
  const services = [...new Set(endpoints.map(({ service_id }) => service_id))]
  const ports =
    services.length === 0
      ? []
      : await db
          .selectFrom('member_port')
          .select(['service_id', 'member_id', 'slot'])
          .where('service_id', 'in', services)
          .execute()
  const behaviour = behaviours[effectiveFidelity(group.fidelity, settings)]
  return {
    hash: group.hash,
    domain: settings.domain,
    behaviour,
    regionalized: group.regional_mode,
    privateOnly: group.private_only,
    endpoints,
    ports,
    listeners: await listenersOf(db, groupId),
    ...(settings.standardHost !== undefined && { standardHost: settings.standardHost }),
  }
}

const listenersOf = async (db: Kysely<Tables>, groupId: string): Promise<GroupDoors['listeners']> => {
  const rows = await openListeners(db)
    .leftJoin('member', 'member.cluster_id', 'cluster.id')
    .leftJoin('standard_port', 'standard_port.member_id', 'member.id')
    .select(['cluster.id', 'standard_port.member_id', 'standard_port.gateway_port'])
    .where('cluster.group_id', '=', groupId)
    .where('standard_listener.gateway_n', 'is not', null)
    .execute()
  return new Map(
    [...groupedBy(rows, ({ id }) => id)].map(([id, own]) => [
      id,
      new Map(
        own.flatMap(({ member_id, gateway_port }) =>
          member_id === null || gateway_port === null ? [] : [[member_id, gateway_port] as const],
        ),
      ),
    ]),
  )
}

/** A group's AVAILABLE endpoints as one cluster sees them: the SRV name is the cluster's own. */
export const endpointsFor = (clusterName: string, doors: GroupDoors): readonly StringsEndpoint[] =>
  doors.endpoints.flatMap((row) => {
    const { provider, region, name_index: index, advertised } = row
    if (!isCloudProvider(provider) || index === null || advertised === null) return []
    const ports = doors.ports.filter(({ service_id }) => service_id === row.service_id)
    const naming = { provider, region, index, hash: doors.hash, domain: doors.domain }
    const policy = parsePolicy(row.policy)
    return [
      {
        cloudId: row.cloud_id,
        provider,
        region,
        form: row.form === 'name' ? ('name' as const) : ('address' as const),
        tls: speaksTls(row.form, policy),
        opens: opensCluster(policy, clusterName),
        targets: endpointTargets(row, ports),
        srvName: srvName(clusterName, naming),
        regionalSrvName: regionalSrvName(clusterName, naming),
        loadBalancedSrvName: loadBalancedSrvName(clusterName, naming),
        hostNames: parseAdvertised(advertised).doors.map(({ name }) => name),
      },
    ]
  })

export interface LoadedCluster {
  readonly row: ClusterRow
  readonly spec: ClusterSpec
  readonly strings: StringsCluster
}

/** Parses one row with its members. Throws ZodError on a row that this program never wrote. */
export const loadCluster = (
  row: ClusterRow,
  members: readonly MemberRow[],
  doors: Pick<
    GroupDoors,
    'hash' | 'domain' | 'behaviour' | 'regionalized' | 'privateOnly' | 'listeners' | 'standardHost'
  >,
): LoadedCluster => {
  const kept = parseSpec(row.spec)
  const spec =
    row.engine === 'registered' ? asFound(kept, row, members.filter(({ role }) => role !== 'hidden').length) : kept
  const { host, srv } = listenerAddress(row.name, doors.hash, doors)
  const ports = doors.listeners.get(row.id)
  return {
    row,
    spec,
    strings: {
      id: row.id,
      name: row.name,
      type: oneOf<ClusterType>(clusterTypes, row.cluster_type),
      process: row.cluster_type === 'REPLICASET' ? 'MONGOD' : 'MONGOS',
      tier: row.engine === 'registered' ? null : tierOf(spec),
      state: stateOf(row),
      setName: row.set_name,
      tls: row.tls !== null && row.tls !== undefined,
      members: members.map(shownMember),
      standardSrvName: row.engine === 'registered' && ports === undefined ? null : srv,
      listener: ports === undefined ? null : { targets: new Map([...ports].map(([id, port]) => [id, { host, port }])) },
      behaviour: doors.behaviour,
      regionalized: doors.regionalized,
      privateOnly: doors.privateOnly,
    },
  }
}

/** A registered deployment is described as it is now, not as it was when it was registered. */
const asFound = (spec: ClusterSpec, row: ClusterRow, electableNodes: number): ClusterSpec => ({
  ...spec,
  mongoDBMajorVersion: majorOf(row.mongodb_version),
  replicationSpecs: spec.replicationSpecs.map((each) => ({
    ...each,
    regions: each.regions.map((region) => ({ ...region, electableNodes })),
  })),
})

/** DELETING as soon as it was asked for, whatever the reconciler has done so far. */
export const stateOf = (row: Pick<ClusterRow, 'state' | 'delete_requested'>): ClusterState =>
  row.delete_requested ? 'DELETING' : oneOf<ClusterState>(clusterStates, row.state)

export const shownMember = ({ id, host_port, provider, region, role, position }: MemberRow): StringsMember => ({
  id,
  hostPort: host_port,
  provider: providerOf(provider),
  region,
  role,
  position,
})

const providerOf = (text: string): CloudProvider => {
  if (isCloudProvider(text)) return text
  throw new TypeError(`a member's row names the provider ${text}`)
}

const oneOf = <Word extends string>(words: readonly Word[], text: string): Word => {
  const found = words.find((word) => word === text)
  if (found === undefined) throw new TypeError(`a row says ${text}`)
  return found
}
