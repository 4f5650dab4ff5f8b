// What an edge may be sent at this moment: asked again before each answer, since a poll waits for half a minute and its edge
// may be revoked meanwhile.

import { AtlasError } from '@postern/contract/errors'
import type { Feed } from '@postern/contract/snapshot'
import type { Kysely } from 'kysely'
import { Unauthenticated } from '../../http/authenticate.ts'
import { type EdgeIdentity, type EdgeServes, everything, loadEdgeIdentity } from '../../identity/edge-identity.ts'
import type { Tables } from '../../store/tables.ts'

/**
 * Asks anew with each call. Throws POSTERN_EDGE_REVOKED, also where another machine took its name since the first call, and
 * POSTERN_EDGE_NOT_FOR_THAT for a feed that it was not enrolled for; null: whatever it was enrolled for.
 */
export const standingOf = (db: Kysely<Tables>, edge: string, feed: Feed | null): (() => Promise<EdgeServes>) => {
  let first: { readonly identity: EdgeIdentity | null } | null = null
  return async () => {
    const identity = await loadEdgeIdentity(db, edge)
    first ??= { identity }
    // What it asks next is judged by who has the name then.
    if (first.identity === null && identity !== null) throw new Unauthenticated(false)
    const isSame = first.identity?.keyHash === identity?.keyHash
    const ended = isSame ? identity?.revoked : (identity?.enrolled ?? first.identity?.enrolled)
    if (ended) throw new AtlasError('POSTERN_EDGE_REVOKED', { edge, revoked: ended.toISOString() })
    if (identity === null) return everything
    const { serves } = identity
    if (feed === null || serves.programs.includes(feed)) return serves
    throw new AtlasError('POSTERN_EDGE_NOT_FOR_THAT', { edge, programs: serves.programs.join(', '), feed })
  }
}

/** Then what it is sent is the same as every other such edge's. */
export const servesAll = ({ orgIds, groupIds }: EdgeServes): boolean => orgIds === null && groupIds === null

/** Endpoint services of the groups that this edge serves; a standard listener is a service of its own. */
export const servicesOf = async (
  db: Kysely<Tables>,
  { orgIds, groupIds }: Pick<EdgeServes, 'orgIds' | 'groupIds'>,
): Promise<ReadonlySet<string>> => {
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
  return new Set([...services, ...listeners].map(({ id }) => id))
}
