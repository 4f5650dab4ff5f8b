// How users and custom roles stand on the deployments of a group, which Atlas's own views have no fields for: where they
// are, what is in the way, and when somebody last changed them there.

import type { Standing } from '@postern/contract/schemas/database-access'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { parseApplied, type UserState } from '../database-user/user.ts'
import { parseDrift } from './drift.ts'

export const databaseAccessHandlers = ({ store }: Pick<Parts, 'store'>): Handlers<'listGroupDatabaseAccess'> => ({
  listGroupDatabaseAccess: async ({ params }) => {
    const groupId = params.groupId ?? ''
    const clusters = await store.read
      .selectFrom('cluster')
      .select(['id', 'name'])
      .where('group_id', '=', groupId)
      .execute()
    const users = await store.read
      .selectFrom('database_user')
      .select(['username as name', 'database_name', 'state', 'wish', 'applied', 'error_message', 'drift'])
      .where('group_id', '=', groupId)
      .where('delete_requested', '=', false)
      .orderBy('username')
      .execute()
    const roles = await store.read
      .selectFrom('custom_db_role')
      .select(['name', 'state', 'wish', 'applied', 'error_message', 'drift'])
      .where('group_id', '=', groupId)
      .where('delete_requested', '=', false)
      .orderBy('name')
      .execute()

    const standing = (row: (typeof roles)[number]): Omit<Standing, 'kind' | 'databaseName'> => {
      const applied = parseApplied(row.applied)
      return {
        name: row.name,
        state: row.state as UserState,
        errorMessage: row.error_message,
        clusters: clusters.filter(({ id }) => applied.get(id) === row.wish).map(({ name }) => name),
        drift: parseDrift(row.drift),
      }
    }
    const results: readonly Standing[] = [
      ...users.map((row) => ({ kind: 'USER' as const, databaseName: row.database_name, ...standing(row) })),
      ...roles.map((row) => ({ kind: 'ROLE' as const, databaseName: 'admin', ...standing(row) })),
    ]
    return { body: { results: [...results] } }
  },
})
