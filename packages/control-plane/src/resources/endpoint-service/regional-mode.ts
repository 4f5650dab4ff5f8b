// The regionalized private endpoint mode of a group: endpoints in several regions, each with its own string. Atlas allows
// it only where every cluster is sharded, and lets nobody out of it whose endpoints only work in it; both are looked at
// before anything is changed, and named.

import { AtlasError } from '@postern/contract/errors'
import type { Kysely, Transaction } from 'kysely'
import type { Call, Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { rehearse } from '../../store/rehearse.ts'
import type { Tables } from '../../store/tables.ts'
import { reconfigureClusters } from '../cluster/reconfigure.ts'
import { recordEvent } from '../event/record.ts'
import { wakeFeeds } from '../feed/wake.ts'
import { asCheck, blockerOf } from '../preview/blockers.ts'

export interface RegionalModeFacts {
  readonly clusters: readonly { readonly name: string; readonly type: string }[]
  /** One per attached endpoint: `AWS US_EAST_1`. */
  readonly endpointRegions: readonly string[]
}

/** Why the mode cannot be changed so; null where it can. Pure. */
export const regionalModeProblem = (
  enable: boolean,
  { clusters, endpointRegions }: RegionalModeFacts,
): string | null => {
  if (enable) {
    const unsharded = clusters.filter(({ type }) => type === 'REPLICASET').map(({ name }) => name)
    return unsharded.length === 0
      ? null
      : `all clusters of the project must be sharded, and these are not: ${unsharded.join(', ')}`
  }
  const regions = [...new Set(endpointRegions)]
  const several = regions.filter((region) => endpointRegions.filter((one) => one === region).length > 1)
  if (regions.length < 2 || several.length === 0) return null
  return `without it there may be one endpoint in each region, or several in one region alone; there are ${endpointRegions.length} in ${regions.join(', ')}. Delete endpoints first`
}

type Operations =
  | 'getGroupPrivateEndpointRegionalMode'
  | 'toggleGroupPrivateEndpointRegionalMode'
  | 'checkGroupPrivateEndpointRegionalMode'

type Asked = Pick<Call<'toggleGroupPrivateEndpointRegionalMode'>, 'params' | 'body' | 'actor' | 'sourceAddress'>

export const regionalModeHandlers = (parts: Parts): Handlers<Operations> => ({
  getGroupPrivateEndpointRegionalMode: async ({ params }) => {
    const { regional_mode: enabled } = await modeOf(parts.store.read, params)
    return { body: { enabled } }
  },

  toggleGroupPrivateEndpointRegionalMode: async (call) => {
    await parts.store.transact((tx) => changeMode(tx, parts, call))
    return { body: { enabled: call.body.enabled } }
  },

  checkGroupPrivateEndpointRegionalMode: async (call) => {
    const blockers = await rehearse(parts.store, async (tx) => {
      await changeMode(tx, parts, call)
      return []
    }).catch((thrown: unknown) => [blockerOf(thrown)])
    return { body: asCheck(blockers) }
  },
})

/** Throws GROUP_NOT_FOUND, REGIONALIZED_PRIVATE_ENDPOINT_MODE_NOT_ALLOWED. */
const changeMode = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { params, body: { enabled }, actor, sourceAddress }: Asked,
): Promise<void> => {
  // Held against whoever adds a cluster or an endpoint at this moment: see cluster/room.ts, checkRegionalMode.
  await tx
    .selectFrom('group')
    .select('id')
    .where('id', '=', params.groupId ?? '')
    .forUpdate()
    .execute()
  const group = await modeOf(tx, params)
  if (group.regional_mode === enabled) return
  const problem = regionalModeProblem(enabled, await regionalModeFacts(tx, group.id))
  if (problem !== null) {
    const change = enabled ? 'enabled' : 'disabled'
    throw new AtlasError('REGIONALIZED_PRIVATE_ENDPOINT_MODE_NOT_ALLOWED', { change, problem })
  }
  await reconfigureClusters(tx, parts, group.id)
  await tx
    .updateTable('group')
    .set(({ eb }) => ({ regional_mode: enabled, revision: eb('revision', '+', 1) }))
    .where('id', '=', group.id)
    .execute()
  await wakeFeeds(tx, parts)
  await recordEvent(tx, parts, {
    type: `REGIONALIZED_PRIVATE_ENDPOINT_MODE_${enabled ? 'ENABLED' : 'DISABLED'}`,
    orgId: group.org_id,
    groupId: group.id,
    actor,
    sourceAddress,
    target: {},
  })
}

const modeOf = async (db: Kysely<Tables>, { groupId = '' }: Readonly<Record<string, string>>) => {
  const group = await db
    .selectFrom('group')
    .select(['id', 'org_id', 'regional_mode'])
    .where('id', '=', groupId)
    .executeTakeFirst()
  if (group === undefined) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
  return group
}

/** What `regionalModeProblem` judges by. */
export const regionalModeFacts = async (db: Kysely<Tables>, groupId: string): Promise<RegionalModeFacts> => {
  const clusters = await db
    .selectFrom('cluster')
    .select(['name', 'cluster_type'])
    .where('group_id', '=', groupId)
    .orderBy('name')
    .execute()
  const endpoints = await db
    .selectFrom('private_endpoint')
    .innerJoin('endpoint_service', 'endpoint_service.id', 'private_endpoint.service_id')
    .select(['endpoint_service.provider', 'endpoint_service.region'])
    .where('private_endpoint.group_id', '=', groupId)
    .where('private_endpoint.delete_requested', '=', false)
    .execute()
  return {
    clusters: clusters.map(({ name, cluster_type }) => ({ name, type: cluster_type })),
    endpointRegions: endpoints.map(({ provider, region }) => `${provider} ${region}`),
  }
}
