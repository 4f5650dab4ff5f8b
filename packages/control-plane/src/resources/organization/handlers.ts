// Organizations: seen by whoever holds a role in them.

import { AtlasError } from '@postern/contract/errors'
import type { Selectable } from 'kysely'
import { actorOf } from '../../http/actor-of.ts'
import type { Call, Handlers } from '../../http/handler.ts'
import { holdsOrgRole } from '../../http/may.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { listGroupsWhere } from '../group/list.ts'

type Link = Call<'getOrg'>['link']

export const organizationHandlers = (parts: Parts): Handlers<'listOrgs' | 'getOrg' | 'getOrgGroups'> => ({
  listOrgs: async (call) => {
    const seen = [...actorOf(call).orgRoles.keys()]
    if (seen.length === 0) return { body: pageOf(call, { results: [], total: 0 }) }
    const { name } = call.query
    let query = parts.store.read.selectFrom('organization').where('id', 'in', seen)
    if (name)
      query = query.where((where) =>
        where.fn('starts_with', [where.fn('lower', ['name']), where.val(name.toLowerCase())]),
      )
    const { limit, offset } = rowsOf(call)
    const rows = await query.selectAll().orderBy('name').orderBy('id').limit(limit).offset(offset).execute()
    const { total } = await query.select((of) => of.fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
    return { body: pageOf(call, { results: rows.map((row) => viewOf(row, call.link, [])), total: Number(total) }) }
  },

  getOrg: async (call) => {
    const orgId = call.params.orgId ?? ''
    const row = await parts.store.read.selectFrom('organization').selectAll().where('id', '=', orgId).executeTakeFirst()
    if (!row) throw new AtlasError('ORG_NOT_FOUND', { orgId })
    return { body: viewOf(row, call.link, ['groups', 'teams', 'users']) }
  },

  getOrgGroups: async (call) => {
    const actor = actorOf(call)
    const orgId = call.params.orgId ?? ''
    const all = holdsOrgRole(actor, orgId, ['ORG_READ_ONLY'])
    return {
      body: await listGroupsWhere(parts, call, {
        orgIds: all ? [orgId] : [],
        groupIds: [...actor.groupRoles.keys()],
        withinOrg: orgId,
        namePrefix: call.query.name ?? '',
      }),
    }
  },
})

const viewOf = (row: Selectable<Tables['organization']>, link: Link, related: readonly string[]) => ({
  id: row.id,
  isDeleted: false,
  links: [
    { href: link(`/api/atlas/v2/orgs/${row.id}`), rel: 'self' },
    ...related.map((each) => ({
      href: link(`/api/atlas/v2/orgs/${row.id}/${each}`),
      rel: `https://cloud.mongodb.com/${each}`,
    })),
  ],
  name: row.name,
  skipDefaultAlertsSettings: false,
})
