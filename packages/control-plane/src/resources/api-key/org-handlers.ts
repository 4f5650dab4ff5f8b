// API keys of an organization. A key that is deleted is gone everywhere at once: its roles and its access list with it.

import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import type { Kysely, Transaction } from 'kysely'
import type { Call, Handlers } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import { grantRole } from '../../identity/grant.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import { makeApiKey } from './make.ts'
import { type ApiKeyRow, apiKeyView, rolesOfKeys } from './view.ts'

type Operation = 'listOrgApiKeys' | 'createOrgApiKey' | 'getOrgApiKey' | 'updateOrgApiKey' | 'deleteOrgApiKey'
type Asked = Pick<Call<Operation>, 'params'>

export const orgApiKeyHandlers = (parts: Parts): Handlers<Operation> => ({
  listOrgApiKeys: async (call) => {
    const { limit, offset } = rowsOf(call)
    const inOrg = parts.store.read.selectFrom('api_key').where('org_id', '=', call.params.orgId ?? '')
    const rows = await inOrg.selectAll().orderBy('created').orderBy('id').limit(limit).offset(offset).execute()
    const { total } = await inOrg.select((of) => of.fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
    const roles = await rolesOfKeys(parts.store.read, { ids: rows.map(({ id }) => id) })
    const results = rows.map((row) => apiKeyView(call, row, { roles: roles.get(row.id) ?? [] }))
    return { body: pageOf(call, { results, total: Number(total) }) }
  },

  createOrgApiKey: async (call) => {
    const orgId = call.params.orgId ?? ''
    const roles = [...new Set(call.body.roles)]
    const { row, privateKey } = await parts.store.transact(async (tx) => {
      const made = await makeApiKey(tx, parts, { orgId, description: call.body.desc })
      for (const role of roles) await grantRole(tx, { kind: 'API_KEY', id: made.row.id }, { orgId, role })
      await tell(tx, parts, { call, type: 'API_KEY_CREATED', key: made.row })
      return made
    })
    return { body: apiKeyView(call, row, { privateKey, roles: roles.map((roleName) => ({ orgId, roleName })) }) }
  },

  getOrgApiKey: async (call) => ({
    body: await shown(parts.store.read, call, await orgApiKey(parts.store.read, call)),
  }),

  updateOrgApiKey: async (call) => ({
    body: await parts.store.transact(async (tx) => {
      const key = await orgApiKey(tx, call)
      const { desc } = call.body
      const roles = call.body.roles && new Set(call.body.roles)
      if (desc !== undefined && desc !== key.description) {
        await tx.updateTable('api_key').set({ description: desc }).where('id', '=', key.id).execute()
        await tell(tx, parts, { call, type: 'API_KEY_DESCRIPTION_CHANGED', key })
      }
      if (roles) {
        await tx
          .deleteFrom('role_assignment')
          .where('holder_kind', '=', 'API_KEY')
          .where('holder_id', '=', key.id)
          .where('org_id', 'is not', null)
          .execute()
        for (const role of roles) await grantRole(tx, { kind: 'API_KEY', id: key.id }, { orgId: key.org_id, role })
        await tell(tx, parts, { call, type: 'API_KEY_ROLES_CHANGED', key })
      }
      return shown(tx, call, { ...key, description: desc ?? key.description })
    }),
  }),

  deleteOrgApiKey: async (call) => {
    await parts.store.transact(async (tx) => {
      const key = await orgApiKey(tx, call)
      for (const table of ['role_assignment', 'caller_access_entry'] as const)
        await tx.deleteFrom(table).where('holder_kind', '=', 'API_KEY').where('holder_id', '=', key.id).execute()
      await tx.deleteFrom('api_key').where('id', '=', key.id).execute()
      await tell(tx, parts, { call, type: 'API_KEY_DELETED', key })
    })
    return {}
  },
})

/** The key that the path names. Throws API_KEY_NOT_FOUND. */
export const orgApiKey = async (db: Kysely<Tables>, { params }: Asked): Promise<ApiKeyRow> => {
  const { orgId = '', apiUserId = '' } = params
  const row = await db
    .selectFrom('api_key')
    .selectAll()
    .where('id', '=', apiUserId)
    .where('org_id', '=', orgId)
    .executeTakeFirst()
  if (!row) throw new AtlasError('API_KEY_NOT_FOUND', { apiUserId, place: `organization ${orgId}` })
  return row
}

const shown = async (db: Kysely<Tables>, call: Pick<Call<Operation>, 'link'>, key: ApiKeyRow) =>
  apiKeyView(call, key, { roles: (await rolesOfKeys(db, { ids: [key.id] })).get(key.id) ?? [] })

const tell = (
  tx: Transaction<Tables>,
  parts: Parts,
  {
    call,
    type,
    key,
  }: {
    readonly call: Pick<Call<Operation>, 'actor' | 'sourceAddress'>
    readonly type: RecordedEventType
    readonly key: ApiKeyRow
  },
): Promise<void> =>
  recordEvent(tx, parts, {
    type,
    orgId: key.org_id,
    groupId: null,
    actor: call.actor,
    sourceAddress: call.sourceAddress,
    target: { targetPublicKey: key.public_key },
  })
