// How many service attachments, and so how many rules of the consumer, Google Cloud's form without port mapping takes:
// the project's limit at the time when the service is made.

import type { Kysely } from 'kysely'
import type { Tables } from '../../store/tables.ts'

const limitName = 'atlas.project.deployment.privateServiceConnectionsPerRegionGroup'
/** Atlas's default. */
const defaultLimit = 50

export const privateServiceConnectionsLimit = async (db: Kysely<Tables>, groupId: string): Promise<number> => {
  const row = await db
    .selectFrom('group_limit')
    .select('value')
    .where('group_id', '=', groupId)
    .where('name', '=', limitName)
    .executeTakeFirst()
  return row?.value ?? defaultLimit
}
