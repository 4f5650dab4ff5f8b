// Names of groups and organizations, which an event's `raw` shows as they are now.

import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../store/tables.ts'
import type { EventRow, Shown } from './view.ts'

/** Answers the names for each of `rows`; null for what is gone. */
export const namesOf = async (
  read: Kysely<Tables>,
  rows: readonly EventRow[],
): Promise<(row: EventRow) => Shown['names']> => {
  const groupIds = [...new Set(rows.flatMap(({ group_id }) => group_id ?? []))]
  const orgIds = [...new Set(rows.map(({ org_id }) => org_id))]
  const groups = await read
    .selectFrom('group')
    .select(['id', 'name'])
    .where(sql<boolean>`id = any(${groupIds}::text[])`)
    .execute()
  const orgs = await read
    .selectFrom('organization')
    .select(['id', 'name'])
    .where(sql<boolean>`id = any(${orgIds}::text[])`)
    .execute()
  const groupNames = new Map(groups.map(({ id, name }) => [id, name]))
  const orgNames = new Map(orgs.map(({ id, name }) => [id, name]))
  return ({ group_id, org_id }) => ({
    groupName: groupNames.get(group_id ?? '') ?? null,
    orgName: orgNames.get(org_id) ?? null,
  })
}

export const noNames = (): Shown['names'] => ({ groupName: null, orgName: null })
