// Network containers of a group: kept as they are told, refused where Atlas refuses them. One that a cluster or an
// endpoint service stands in is in use.

import { type CloudProvider, cloudProviders } from '@postern/contract/cloud'
import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import type { BodyOf } from '@postern/contract/schemas/operations'
import type { Kysely, Transaction } from 'kysely'
import type { Call, Handlers } from '../../http/handler.ts'
import { cutPage } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { brokenUniqueRule } from '../../store/store-error.ts'
import type { Tables } from '../../store/tables.ts'
import { parseRegion } from '../endpoint-service/regions.ts'
import { recordEvent } from '../event/record.ts'
import { type ContainerRow, containerView, overlaps, parseContainerCidr } from './container.ts'

type Operation =
  | 'listGroupContainers'
  | 'listGroupContainerAll'
  | 'createGroupContainer'
  | 'getGroupContainer'
  | 'updateGroupContainer'
  | 'deleteGroupContainer'

type Asked = Pick<Call<Operation>, 'params'>

export const networkContainerHandlers = (parts: Parts): Handlers<Operation> => {
  const { store } = parts

  const list = async (groupId: string, provider?: CloudProvider) => {
    let all = store.read.selectFrom('network_container').selectAll().where('group_id', '=', groupId)
    if (provider !== undefined) all = all.where('provider', '=', provider)
    const rows = await all.orderBy('created').orderBy('id').execute()
    const used = await usedPlaces(store.read, groupId)
    return rows.map((row) => containerView(row, isUsed(row, used)))
  }

  return {
    listGroupContainers: async (call) => ({
      body: cutPage(call, await list(call.params.groupId ?? '', call.query.providerName)),
    }),
    listGroupContainerAll: async (call) => ({ body: cutPage(call, await list(call.params.groupId ?? '')) }),

    createGroupContainer: async (call) => {
      const groupId = call.params.groupId ?? ''
      const { providerName: provider } = call.body
      const place = placeOf(provider, call.body)
      const cidr = cidrOf(provider, call.body)
      const row = await store
        .transact(async (tx) => {
          const others = await tx
            .selectFrom('network_container')
            .select('cidr')
            .where('group_id', '=', groupId)
            .where('provider', '=', provider)
            .execute()
          checkFree(
            cidr,
            others.map((each) => each.cidr),
          )
          const made = await tx
            .insertInto('network_container')
            .values({
              id: parts.ids.objectId(),
              group_id: groupId,
              provider,
              region: place.region,
              regions: JSON.stringify(place.regions),
              cidr,
              created: new Date(parts.clock.now()),
            })
            .returningAll()
            .executeTakeFirstOrThrow()
          await tell(tx, parts, { call, row: made, type: 'CONTAINER_CREATED' })
          return made
        })
        .catch((error: unknown) => {
          throw brokenUniqueRule(error) === 'network_container_once'
            ? new AtlasError('CONTAINER_ALREADY_EXISTS', { groupId })
            : error
        })
      return { body: containerView(row, isUsed(row, await usedPlaces(store.read, groupId))) }
    },

    getGroupContainer: async (call) => {
      const row = await find(store.read, call)
      return { body: containerView(row, isUsed(row, await usedPlaces(store.read, row.group_id))) }
    },

    updateGroupContainer: async (call) => ({
      body: await store.transact(async (tx) => {
        const row = await find(tx, call)
        await checkUnused(tx, row)
        const provider = providerOf(row)
        if (call.body.providerName !== provider)
          throw invalid('providerName', 'cannot be changed: make another container')
        const { region, regionName, regions } = call.body
        const told = { AWS: regionName, AZURE: region, GCP: regions }[provider]
        const asked = told === undefined ? row : placeOf(provider, call.body)
        if (asked.region !== row.region) throw invalid(regionField[provider], 'cannot be changed')
        const cidr = call.body.atlasCidrBlock === undefined ? row.cidr : cidrOf(provider, call.body)
        const others = await tx
          .selectFrom('network_container')
          .select('cidr')
          .where('group_id', '=', row.group_id)
          .where('provider', '=', provider)
          .where('id', '<>', row.id)
          .execute()
        checkFree(
          cidr,
          others.map((each) => each.cidr),
        )
        const changed = await tx
          .updateTable('network_container')
          .set({ cidr, regions: JSON.stringify(asked.regions) })
          .where('id', '=', row.id)
          .returningAll()
          .executeTakeFirstOrThrow()
        await tell(tx, parts, { call, row, type: 'CONTAINER_SUBNETS_UPDATE_REQUESTED' })
        return containerView(changed, false)
      }),
    }),

    deleteGroupContainer: async (call) => {
      await store.transact(async (tx) => {
        const row = await find(tx, call)
        await checkUnused(tx, row)
        await tx.deleteFrom('network_container').where('id', '=', row.id).execute()
        await tell(tx, parts, { call, row, type: 'CONTAINER_DELETED' })
      })
      return {}
    },
  }
}

const invalid = (field: string, description: string): AtlasError =>
  new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })
const missing = (field: string): AtlasError =>
  new AtlasError('MISSING_ATTRIBUTE', { attribute: field }, { fields: [{ field, description: 'is missing' }] })

const regionField = { AWS: 'regionName', AZURE: 'region', GCP: 'regions' } as const

/** Where the body wants the container. Throws as the parser of regions does, and MISSING_ATTRIBUTE. */
const placeOf = (
  provider: CloudProvider,
  body: Pick<BodyOf<'createGroupContainer'>, 'region' | 'regionName' | 'regions'>,
): { readonly region: string | null; readonly regions: readonly string[] } => {
  if (provider === 'GCP')
    return { region: null, regions: (body.regions ?? []).map((region) => parseRegion('GCP', region)) }
  const region = provider === 'AWS' ? body.regionName : body.region
  if (region === undefined) throw missing(regionField[provider])
  return { region: parseRegion(provider, region), regions: [] }
}

const cidrOf = (provider: CloudProvider, { atlasCidrBlock }: BodyOf<'createGroupContainer'>): string => {
  if (atlasCidrBlock !== undefined) return parseContainerCidr(atlasCidrBlock)
  if (provider !== 'AWS') throw missing('atlasCidrBlock')
  return '192.168.248.0/21'
}

const checkFree = (cidrBlock: string, taken: readonly string[]): void => {
  if (taken.some((each) => overlaps(cidrBlock, each)))
    throw new AtlasError('OVERLAPPING_ATLAS_CIDR_BLOCK', { cidrBlock })
}

const providerOf = ({ provider }: ContainerRow): CloudProvider =>
  cloudProviders.find((each) => each === provider) ?? 'AWS'

const find = async (db: Kysely<Tables>, { params }: Asked): Promise<ContainerRow> => {
  const { groupId = '', containerId = '' } = params
  const row = await db
    .selectFrom('network_container')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('id', '=', containerId)
    .executeTakeFirst()
  if (!row) throw new AtlasError('CONTAINER_NOT_FOUND', { containerId, groupId })
  return row
}

/** `AWS US_EAST_1` of every member and endpoint service of the group. */
const usedPlaces = async (db: Kysely<Tables>, groupId: string): Promise<ReadonlySet<string>> => {
  const members = await db
    .selectFrom('member')
    .innerJoin('cluster', 'cluster.id', 'member.cluster_id')
    .select(['member.provider', 'member.region'])
    .where('cluster.group_id', '=', groupId)
    .execute()
  const services = await db
    .selectFrom('endpoint_service')
    .select(['provider', 'region'])
    .where('group_id', '=', groupId)
    .execute()
  return new Set([...members, ...services].map(({ provider, region }) => `${provider} ${region}`))
}

const isUsed = ({ provider, region }: ContainerRow, used: ReadonlySet<string>): boolean =>
  region === null ? [...used].some((place) => place.startsWith(`${provider} `)) : used.has(`${provider} ${region}`)

const checkUnused = async (db: Kysely<Tables>, row: ContainerRow): Promise<void> => {
  if (isUsed(row, await usedPlaces(db, row.group_id)))
    throw new AtlasError('CONTAINERS_IN_USE', {
      reason: 'Remove the clusters and private endpoint services of its region first.',
    })
}

const tell = async (
  tx: Transaction<Tables>,
  parts: Parts,
  {
    call,
    row,
    type,
  }: {
    readonly call: Pick<Call<Operation>, 'actor' | 'sourceAddress'>
    readonly row: ContainerRow
    readonly type: RecordedEventType
  },
): Promise<void> => {
  const { org_id: orgId } = await tx
    .selectFrom('group')
    .select('org_id')
    .where('id', '=', row.group_id)
    .executeTakeFirstOrThrow()
  const { actor, sourceAddress } = call
  const target = { containerId: row.id, provider: row.provider }
  await recordEvent(tx, parts, { type, orgId, groupId: row.group_id, actor, sourceAddress, target })
}
