// What an edge may be sent at this moment: asked again before each answer, since a poll waits for half a minute and its edge
// may be revoked meanwhile.

import { AtlasError } from '@postern/contract/errors'
import type { Feed, GatewaySnapshot } from '@postern/contract/snapshot'
import type { Kysely } from 'kysely'
import { type EdgeIdentity, type EdgeServes, everything, loadEdgeIdentity } from '../../identity/edge-identity.ts'
import { snapshotOfServices } from '../../snapshots/services.ts'
import type { Tables } from '../../store/tables.ts'
import type { KeptWhole } from './wholes.ts'

/**
 * Asks anew with each call. Throws POSTERN_EDGE_REVOKED, also where another machine took its name since the first call, and
 * POSTERN_EDGE_NOT_FOR_THAT for a feed that it was not enrolled for.
 */
export const standingOf = (db: Kysely<Tables>, edge: string, feed: Feed): (() => Promise<EdgeServes>) => {
  let first: { readonly identity: EdgeIdentity | null } | null = null
  return async () => {
    const identity = await loadEdgeIdentity(db, edge)
    first ??= { identity }
    const isSame = first.identity?.keyHash === identity?.keyHash
    const ended = isSame ? identity?.revoked : (identity?.enrolled ?? first.identity?.enrolled)
    if (ended) throw new AtlasError('POSTERN_EDGE_REVOKED', { edge, revoked: ended.toISOString() })
    if (identity === null) return everything
    const { serves } = identity
    if (serves.programs.includes(feed)) return serves
    throw new AtlasError('POSTERN_EDGE_NOT_FOR_THAT', { edge, programs: serves.programs.join(', '), feed })
  }
}

/** Then what it is sent is the same as every other such edge's. */
export const servesAll = ({ orgIds, groupIds }: EdgeServes): boolean => orgIds === null && groupIds === null

/** The whole, or of the gateway's what belongs to the groups that this edge serves; a standard listener is a service of its own. */
export const wholeFor = async (db: Kysely<Tables>, serves: EdgeServes, whole: KeptWhole): Promise<KeptWhole> => {
  if (servesAll(serves)) return whole
  const { orgIds, groupIds } = serves
  const services = await db
    .selectFrom('endpoint_service')
    .innerJoin('group', 'group.id', 'endpoint_service.group_id')
    .select('endpoint_service.id')
    .$if(orgIds !== null, (query) => query.where('group.org_id', 'in', [...(orgIds ?? []), '']))
    .$if(groupIds !== null, (query) => query.where('group.id', 'in', [...(groupIds ?? []), '']))
    .execute()
  const listeners = await db
    .selectFrom('standard_listener')
    .innerJoin('cluster', 'cluster.id', 'standard_listener.cluster_id')
    .innerJoin('group', 'group.id', 'cluster.group_id')
    .select('standard_listener.id')
    .$if(orgIds !== null, (query) => query.where('group.org_id', 'in', [...(orgIds ?? []), '']))
    .$if(groupIds !== null, (query) => query.where('group.id', 'in', [...(groupIds ?? []), '']))
    .execute()
  const said = JSON.parse(whole.text) as { readonly body: GatewaySnapshot }
  const body = snapshotOfServices(said.body, new Set([...services, ...listeners].map(({ id }) => id)))
  return { ...whole, text: JSON.stringify({ ...said, body }) }
}
