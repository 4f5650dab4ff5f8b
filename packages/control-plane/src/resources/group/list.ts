// Groups that an actor sees, a page at a time and in the order of their names.

import { type Kysely, sql } from 'kysely'
import type { Call } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { groupView } from './view.ts'

export interface Sight {
  /** Organizations whose every group is seen. */
  readonly orgIds: readonly string[]
  /** Groups that are seen one by one. */
  readonly groupIds: readonly string[]
  readonly withinOrg?: string
  /** In any case; '' for all. */
  readonly namePrefix?: string
}

/** Rows of groups with the number of their clusters. */
export const groupRows = (db: Kysely<Tables>) =>
  db
    .selectFrom('group')
    .selectAll('group')
    .select(sql<string>`(select count(*) from cluster where cluster.group_id = "group".id)`.as('cluster_count'))

export const listGroupsWhere = async (
  parts: Parts,
  call: Pick<Call<'listGroups'>, 'paging' | 'self' | 'link'>,
  sight: Sight,
) => {
  const { orgIds, groupIds, withinOrg, namePrefix } = sight
  const seen = sql<boolean>`(org_id = any(${[...orgIds]}::text[]) or id = any(${[...groupIds]}::text[]))
    and (${withinOrg ?? null}::text is null or org_id = ${withinOrg ?? null})
    and starts_with(lower(name), lower(${namePrefix ?? ''}::text))`
  const { limit, offset } = rowsOf(call)
  const rows = await groupRows(parts.store.read)
    .where(seen)
    .orderBy(sql`name collate "C"`)
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute()
  const { total } = await parts.store.read
    .selectFrom('group')
    .where(seen)
    .select((of) => of.fn.countAll<string>().as('total'))
    .executeTakeFirstOrThrow()
  const results = rows.map((row) => groupView(row, { link: call.link, withLinks: false, withTags: true }))
  return pageOf(call, { results, total: Number(total) })
}
