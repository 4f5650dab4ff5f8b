// The group of a path, for what every change in it needs: its organization, which audit events name.

import { AtlasError } from '@postern/contract/errors'
import type { Kysely } from 'kysely'
import type { Tables } from '../../store/tables.ts'

/** Throws GROUP_NOT_FOUND. */
export const groupOf = async (db: Kysely<Tables>, { groupId = '' }: Readonly<Record<string, string>>) => {
  const group = await db.selectFrom('group').select(['id', 'org_id']).where('id', '=', groupId).executeTakeFirst()
  if (group === undefined) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
  return group
}
