// Organizations: seen by whoever holds a role in them, made by owners of another one, changed and ended by their own.

import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { actorOf } from '../../http/actor-of.ts'
import type { Call, Handlers } from '../../http/handler.ts'
import { holdsOrgRole } from '../../http/may.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import { checkMayDemandLists } from '../../identity/caller-access.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import { listGroupsWhere } from '../group/list.ts'
import { lockOrg } from '../user/membership.ts'
import { createOrganization } from './create.ts'
import { deleteOrganization } from './delete.ts'
import { changedSettings, settingsView, skipsDefaultAlerts } from './settings.ts'

type Link = Call<'getOrg'>['link']

type Operation =
  | 'listOrgs'
  | 'getOrg'
  | 'getOrgGroups'
  | 'createOrg'
  | 'updateOrg'
  | 'deleteOrg'
  | 'getOrgSettings'
  | 'updateOrgSettings'

export const organizationHandlers = (parts: Parts): Handlers<Operation> => ({
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
    return { body: viewOf(await organizationOf(parts.store.read, orgId), call.link, related) }
  },

  createOrg: async (call) => {
    const { orgId, ownerId, apiKey } = await createOrganization(parts, call)
    const { skipDefaultAlertsSettings } = call.body
    return {
      body: {
        ...(apiKey && {
          apiKey: {
            desc: call.body.apiKey?.desc ?? '',
            id: apiKey.id,
            links: [{ href: call.link(`/api/atlas/v2/orgs/${orgId}/apiKeys/${apiKey.id}`), rel: 'self' }],
            privateKey: apiKey.privateKey,
            publicKey: apiKey.publicKey,
            roles: [...new Set(call.body.apiKey?.roles)].map((roleName) => ({ orgId, roleName })),
          },
        }),
        orgOwnerId: ownerId,
        organization: viewOf(await organizationOf(parts.store.read, orgId), call.link, related),
        skipDefaultAlertsSettings,
      },
    }
  },

  updateOrg: async (call) => {
    const { name, skipDefaultAlertsSettings } = call.body
    const row = await parts.store.transact(async (tx) => {
      await lockOrg({ tx }, call.params.orgId ?? '')
      const before = await organizationOf(tx, call.params.orgId ?? '')
      const change = skipDefaultAlertsSettings === undefined ? {} : { skipDefaultAlertsSettings }
      const after = { name: name ?? before.name, settings: changedSettings(before.settings, change) }
      await tx.updateTable('organization').set(after).where('id', '=', before.id).execute()
      if (after.name !== before.name)
        await tell(tx, parts, call, {
          type: 'ORG_RENAMED',
          target: { orgName: after.name, orgNameBefore: before.name },
        })
      if (skipDefaultAlertsSettings !== undefined)
        await tell(tx, parts, call, { type: 'ORG_SETTINGS_UPDATED', target: change })
      return organizationOf(tx, before.id)
    })
    return { body: viewOf(row, call.link, related) }
  },

  deleteOrg: async (call) => {
    await deleteOrganization(parts, call)
    return {}
  },

  getOrgSettings: async (call) => ({
    body: settingsView((await organizationOf(parts.store.read, call.params.orgId ?? '')).settings),
  }),

  updateOrgSettings: async (call) => {
    const row = await parts.store.transact(async (tx) => {
      await lockOrg({ tx }, call.params.orgId ?? '')
      const before = await organizationOf(tx, call.params.orgId ?? '')
      if (Object.keys(call.body).length === 0) return before
      const { id, settings } = before
      if (call.body.apiAccessListRequired) await checkMayDemandLists(tx, actorOf(call))
      const after = changedSettings(settings, call.body)
      await tx.updateTable('organization').set({ settings: after }).where('id', '=', id).execute()
      const names = Object.keys(call.body).sort().join(', ')
      await tell(tx, parts, call, { type: 'ORG_SETTINGS_UPDATED', target: { settings: names } })
      return organizationOf(tx, id)
    })
    return { body: settingsView(row.settings) }
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

const related = ['groups', 'teams', 'users'] as const

/** Throws ORG_NOT_FOUND. */
const organizationOf = async (db: Kysely<Tables>, orgId: string): Promise<Selectable<Tables['organization']>> => {
  const row = await db.selectFrom('organization').selectAll().where('id', '=', orgId).executeTakeFirst()
  if (!row) throw new AtlasError('ORG_NOT_FOUND', { orgId })
  return row
}

const tell = (
  tx: Transaction<Tables>,
  parts: Parts,
  call: Pick<Call<Operation>, 'actor' | 'sourceAddress' | 'params'>,
  event: { readonly type: RecordedEventType; readonly target: Readonly<Record<string, string | boolean>> },
): Promise<void> =>
  recordEvent(tx, parts, {
    ...event,
    orgId: call.params.orgId ?? '',
    groupId: null,
    actor: call.actor,
    sourceAddress: call.sourceAddress,
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
  skipDefaultAlertsSettings: skipsDefaultAlerts(row.settings),
})
