// API keys of a group. Removing a key from a group takes its roles there; the key itself belongs to the organization
// (org-handlers.ts).

import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import type { GroupRole } from '@postern/contract/roles'
import type { Kysely } from 'kysely'
import { actorOf } from '../../http/actor-of.ts'
import type { Actor, Call, Handlers } from '../../http/handler.ts'
import { type GroupPlace, mayGrant } from '../../http/may.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import { grantRole } from '../../identity/grant.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import { makeApiKey } from './make.ts'
import { type ApiKeyRow, apiKeyView, rolesOfKeys } from './view.ts'

type Operation =
  | 'listGroupApiKeys'
  | 'createGroupApiKey'
  | 'updateGroupApiKeyRoles'
  | 'addGroupApiKey'
  | 'removeGroupApiKey'

export const apiKeyHandlers = (parts: Parts): Handlers<Operation> => ({
  createGroupApiKey: (call) => createKeyInGroup(parts, call),

  listGroupApiKeys: async (call) => {
    const groupId = call.params.groupId ?? ''
    const { limit, offset } = rowsOf(call)
    const inGroup = keysInGroup(parts.store.read, groupId)
    const rows = await inGroup.selectAll().orderBy('created').orderBy('id').limit(limit).offset(offset).execute()
    const { total } = await inGroup.select((of) => of.fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
    const roles = await rolesOfKeys(parts.store.read, { ids: rows.map(({ id }) => id), groupId })
    const results = rows.map((row) => apiKeyView(call, row, { roles: roles.get(row.id) ?? [] }))
    return { body: pageOf(call, { results, total: Number(total) }) }
  },

  updateGroupApiKeyRoles: async (call) => {
    const group = await groupOf(parts, call.params.groupId ?? '')
    const apiUserId = call.params.apiUserId ?? ''
    const { desc } = call.body
    const roles = call.body.roles && [...new Set(call.body.roles)]
    if (roles) checkMayGrant(actorOf(call), group, roles)
    const [row, shown] = await parts.store.transact(async (tx) => {
      const key = await keysInGroup(tx, group.id).selectAll().where('id', '=', apiUserId).executeTakeFirst()
      if (!key) throw keyNotFound(apiUserId, group)
      if (desc !== undefined && desc !== key.description) {
        await tx.updateTable('api_key').set({ description: desc }).where('id', '=', key.id).execute()
        await recordEvent(
          tx,
          parts,
          eventOf(call, { type: 'API_KEY_DESCRIPTION_CHANGED', group, publicKey: key.public_key }),
        )
      }
      if (roles) {
        // Whoever may not make an owner may not unmake one either.
        const held = (await takeRoles(tx, group, key.id)) as GroupRole[]
        checkMayGrant(actorOf(call), group, held)
        for (const role of roles) await grantRole(tx, holderOf(key), { groupId: group.id, role })
        await recordEvent(tx, parts, eventOf(call, { type: 'API_KEY_ROLES_CHANGED', group, publicKey: key.public_key }))
      }
      const assigned = await rolesOfKeys(tx, { ids: [key.id], groupId: group.id })
      return [{ ...key, description: desc ?? key.description }, assigned.get(key.id) ?? []] as const
    })
    return { body: apiKeyView(call, row, { roles: shown }) }
  },

  addGroupApiKey: async (call) => {
    const group = await groupOf(parts, call.params.groupId ?? '')
    const apiUserId = call.params.apiUserId ?? ''
    const roles = new Set(call.body.flatMap((assignment) => assignment.roles))
    await parts.store.transact(async (tx) => {
      const key = await tx
        .selectFrom('api_key')
        .selectAll()
        .where('id', '=', apiUserId)
        .where('org_id', '=', group.orgId)
        .executeTakeFirst()
      if (!key) throw keyNotFound(apiUserId, group)
      for (const role of roles) await grantRole(tx, holderOf(key), { groupId: group.id, role })
      await recordEvent(tx, parts, eventOf(call, { type: 'API_KEY_ADDED_TO_GROUP', group, publicKey: key.public_key }))
    })
    return {}
  },

  removeGroupApiKey: async (call) => {
    const group = await groupOf(parts, call.params.groupId ?? '')
    const apiUserId = call.params.apiUserId ?? ''
    await parts.store.transact(async (tx) => {
      const taken = await takeRoles(tx, group, apiUserId)
      const key = await tx.selectFrom('api_key').select('public_key').where('id', '=', apiUserId).executeTakeFirst()
      if (taken.length === 0 || !key) throw keyNotFound(apiUserId, group)
      await recordEvent(
        tx,
        parts,
        eventOf(call, { type: 'API_KEY_REMOVED_FROM_GROUP', group, publicKey: key.public_key }),
      )
    })
    return {}
  },
})

/** Throws GROUP_NOT_FOUND, USER_UNAUTHORIZED; fails on `api_key_public_key_once` where a chosen pair is taken. */
export const createKeyInGroup = async (
  parts: Parts,
  call: Call<'createGroupApiKey'> | Call<'createGroupApiKeyPair'>,
  pair?: { readonly publicKey: string; readonly privateKey: string },
) => {
  const roles = [...new Set(call.body.roles)]
  const group = await groupOf(parts, call.params.groupId ?? '')
  checkMayGrant(actorOf(call), group, roles)
  const { row, privateKey } = await parts.store.transact(async (tx) => {
    const wish = { orgId: group.orgId, description: call.body.desc, ...(pair && { pair }) }
    const made = await makeApiKey(tx, parts, wish)
    await grantRole(tx, holderOf(made.row), { orgId: group.orgId, role: 'ORG_MEMBER' })
    for (const role of roles) await grantRole(tx, holderOf(made.row), { groupId: group.id, role })
    await recordEvent(tx, parts, eventOf(call, { type: 'API_KEY_CREATED', group, publicKey: made.row.public_key }))
    return made
  })
  const assignments = [
    { orgId: group.orgId, roleName: 'ORG_MEMBER' },
    ...roles.map((roleName) => ({ groupId: group.id, roleName })),
  ]
  return { body: apiKeyView(call, row, { privateKey, roles: assignments }) }
}

const holderOf = ({ id }: Pick<ApiKeyRow, 'id'>) => ({ kind: 'API_KEY', id }) as const

const keyNotFound = (apiUserId: string, group: GroupPlace): AtlasError =>
  new AtlasError('API_KEY_NOT_FOUND', { apiUserId, place: `group ${group.id}` })

const groupOf = async (parts: Parts, groupId: string): Promise<GroupPlace> => {
  const row = await parts.store.read.selectFrom('group').select('org_id').where('id', '=', groupId).executeTakeFirst()
  if (!row) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
  return { id: groupId, orgId: row.org_id }
}

const keysInGroup = (db: Kysely<Tables>, groupId: string) =>
  db
    .selectFrom('api_key')
    .where('id', 'in', (of) =>
      of
        .selectFrom('role_assignment')
        .select('holder_id')
        .where('holder_kind', '=', 'API_KEY')
        .where('group_id', '=', groupId),
    )

/** Takes every role that the key holds itself in the group, and answers them. */
const takeRoles = async (db: Kysely<Tables>, group: GroupPlace, keyId: string): Promise<readonly string[]> => {
  const taken = await db
    .deleteFrom('role_assignment')
    .where('holder_kind', '=', 'API_KEY')
    .where('holder_id', '=', keyId)
    .where('group_id', '=', group.id)
    .returning('role')
    .execute()
  return taken.map(({ role }) => role)
}

const checkMayGrant = (actor: Actor, group: GroupPlace, roles: readonly GroupRole[]): void => {
  if (!mayGrant(actor, group, roles)) throw new AtlasError('USER_UNAUTHORIZED', {})
}

const eventOf = (
  call: Pick<Call<Operation>, 'actor' | 'sourceAddress'>,
  {
    type,
    group,
    publicKey,
  }: { readonly type: RecordedEventType; readonly group: GroupPlace; readonly publicKey: string },
) => ({
  type,
  orgId: group.orgId,
  groupId: group.id,
  actor: call.actor,
  sourceAddress: call.sourceAddress,
  target: { targetPublicKey: publicKey },
})
