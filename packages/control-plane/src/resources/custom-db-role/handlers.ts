// Custom roles of a group's databases: list, create, get, change, delete. A wish is stored and answered; deployments are
// reached by turns. A role that goes is taken from the users and roles that have more than it; where it is all that one
// has, it stays (Atlas: ATLAS_CUSTOM_ROLE_IN_USE_BY_USERS, …_BY_ROLES).

import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import type { Transaction } from 'kysely'
import type { Actor, Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { untilReached } from '../database-access/patience.ts'
import { parseUserSpec } from '../database-user/user.ts'
import { recordEvent } from '../event/record.ts'
import { effectiveLimit } from '../limit/effective.ts'
import { rolesInheriting, usersHolding } from './held.ts'
import { parseRoleSpec, type RoleRow, roleView } from './role.ts'
import { changedRole, type KnownRoles, newRole } from './wish.ts'

type Operations =
  | 'listGroupCustomDbRoleRoles'
  | 'createGroupCustomDbRoleRole'
  | 'getGroupCustomDbRoleRole'
  | 'updateGroupCustomDbRoleRole'
  | 'deleteGroupCustomDbRoleRole'

interface Told {
  readonly actor: Actor | null
  readonly sourceAddress: string
}

export const customDbRoleHandlers = (parts: Parts): Handlers<Operations> => {
  const { store, clock, ids, turns } = parts

  const find = async (
    db: Pick<Transaction<Tables>, 'selectFrom'>,
    { groupId = '', roleName = '' }: Readonly<Record<string, string>>,
  ): Promise<RoleRow> => {
    const row = await db
      .selectFrom('custom_db_role')
      .selectAll()
      .where('group_id', '=', groupId)
      .where('name', '=', roleName)
      .where('delete_requested', '=', false)
      .executeTakeFirst()
    if (row === undefined) throw new AtlasError('ATLAS_CUSTOM_ROLE_NOT_FOUND', { roleName })
    return row
  }

  const tell = async (tx: Transaction<Tables>, row: RoleRow, type: RecordedEventType, told: Told): Promise<void> => {
    const group = await tx.selectFrom('group').select('org_id').where('id', '=', row.group_id).executeTakeFirst()
    if (group === undefined) throw new AtlasError('GROUP_NOT_FOUND', { groupId: row.group_id })
    await turns.wake(tx, 'customDbRole', row.id)
    const { actor, sourceAddress } = told
    const target = { roleName: row.name }
    await recordEvent(tx, parts, { type, orgId: group.org_id, groupId: row.group_id, actor, sourceAddress, target })
  }

  const reached = (row: RoleRow, signal: AbortSignal): Promise<void> =>
    untilReached(parts, { table: 'custom_db_role', row, signal })

  return {
    listGroupCustomDbRoleRoles: async ({ params }) => {
      const rows = await store.read
        .selectFrom('custom_db_role')
        .selectAll()
        .where('group_id', '=', params.groupId ?? '')
        .where('delete_requested', '=', false)
        .orderBy('created')
        .orderBy('id')
        .execute()
      return { body: rows.map(roleView) }
    },

    createGroupCustomDbRoleRole: async (call) => {
      const groupId = call.params.groupId ?? ''
      const { roleName } = call.body
      const id = ids.objectId()
      const row = await store.transact(async (tx) => {
        const spec = newRole(call.body, await lockedRoles(tx, groupId))
        await checkRoleLimit(tx, groupId)
        const values = {
          spec: JSON.stringify(spec),
          state: 'PENDING',
          error_message: null,
          drift: null,
          delete_requested: false,
          created: new Date(clock.now()),
        }
        // One of the name that is on its way out comes back as the new one, and keeps what clusters have of it.
        const made = await tx
          .insertInto('custom_db_role')
          .values({ ...values, id, group_id: groupId, name: roleName, applied: '{}' })
          .onConflict((conflict) =>
            conflict
              .constraint('custom_db_role_name_once')
              .doUpdateSet(({ ref, eb }) => ({ ...values, wish: eb(ref('custom_db_role.wish'), '+', 1) }))
              .where('custom_db_role.delete_requested', '=', true),
          )
          .returningAll()
          .executeTakeFirst()
        if (made === undefined) throw new AtlasError('ATLAS_CUSTOM_ROLE_NAME_ALREADY_EXISTS', { roleName })
        await tell(tx, made, 'MONGODB_ROLE_ADDED', call)
        return made
      })
      await reached(row, call.signal)
      return { body: roleView(row) }
    },

    getGroupCustomDbRoleRole: async ({ params }) => ({ body: roleView(await find(store.read, params)) }),

    updateGroupCustomDbRoleRole: async (call) => {
      const row = await store.transact(async (tx) => {
        const known = await lockedRoles(tx, call.params.groupId ?? '')
        const role = await find(tx, call.params)
        const asked = call.body
        if ((asked.roleName ?? role.name) !== role.name) {
          const fields = [{ field: 'roleName', description: 'a role keeps its name' }]
          throw new AtlasError('INVALID_ATTRIBUTE', { attribute: 'roleName' }, { fields })
        }
        const changed = await changeSpec(tx, role, changedRole(role.name, parseRoleSpec(role.spec), { asked, known }))
        await tell(tx, changed, 'MONGODB_ROLE_UPDATED', call)
        return changed
      })
      await reached(row, call.signal)
      return { body: roleView(row) }
    },

    deleteGroupCustomDbRoleRole: async (call) => {
      const row = await store.transact(async (tx) => {
        await lockedRoles(tx, call.params.groupId ?? '')
        const role = await find(tx, call.params)
        await takeFromUsers(tx, role)
        await takeFromRoles(tx, role)
        const leaving = await tx
          .updateTable('custom_db_role')
          .set({ delete_requested: true, state: 'PENDING', error_message: null, wish: role.wish + 1 })
          .where('id', '=', role.id)
          .returningAll()
          .executeTakeFirstOrThrow()
        await tell(tx, leaving, 'MONGODB_ROLE_DELETED', call)
        return leaving
      })
      await reached(row, call.signal)
      return {}
    },
  }

  async function takeFromUsers(tx: Transaction<Tables>, role: RoleRow): Promise<void> {
    const users = (await usersHolding(tx, role)).map((row) => {
      const spec = parseUserSpec(row.spec)
      return { row, spec: { ...spec, roles: spec.roles.filter(({ roleName }) => roleName !== role.name) } }
    })
    const bare = users.filter(({ spec }) => spec.roles.length === 0).map(({ row }) => row.username)
    if (bare.length > 0) throw new AtlasError('ATLAS_CUSTOM_ROLE_IN_USE_BY_USERS', { usernames: bare.join(', ') })
    for (const { row, spec } of users) {
      const values = { spec: JSON.stringify(spec), state: 'PENDING', wish: row.wish + 1 }
      await tx.updateTable('database_user').set(values).where('id', '=', row.id).execute()
      await turns.wake(tx, 'databaseUser', row.id)
    }
  }

  async function takeFromRoles(tx: Transaction<Tables>, role: RoleRow): Promise<void> {
    const heirs = (await rolesInheriting(tx, role)).map((row) => {
      const spec = parseRoleSpec(row.spec)
      return { row, spec: { ...spec, inheritedRoles: spec.inheritedRoles.filter((each) => each.role !== role.name) } }
    })
    const bare = heirs.filter(({ spec }) => spec.actions.length + spec.inheritedRoles.length === 0)
    if (bare.length > 0) {
      const roleNames = bare.map(({ row }) => row.name).join(', ')
      throw new AtlasError('ATLAS_CUSTOM_ROLE_IN_USE_BY_ROLES', { roleNames })
    }
    for (const { row, spec } of heirs) await turns.wake(tx, 'customDbRole', (await changeSpec(tx, row, spec)).id)
  }
}

const changeSpec = (tx: Transaction<Tables>, row: RoleRow, spec: object): Promise<RoleRow> =>
  tx
    .updateTable('custom_db_role')
    .set({ spec: JSON.stringify(spec), state: 'PENDING', error_message: null, wish: row.wish + 1 })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow()

/** The group's roles by name, locked: two that would inherit from one another, or lose one another, are not changed at once. */
const lockedRoles = async (tx: Transaction<Tables>, groupId: string): Promise<KnownRoles> => {
  const rows = await tx
    .selectFrom('custom_db_role')
    .select(['name', 'spec'])
    .where('group_id', '=', groupId)
    .where('delete_requested', '=', false)
    .orderBy('id')
    .forUpdate()
    .execute()
  return new Map(rows.map(({ name, spec }) => [name, parseRoleSpec(spec).inheritedRoles]))
}

/** Throws CUSTOM_ROLES_LIMIT_EXCEEDED when the group has as many custom roles as it may. */
const checkRoleLimit = async (tx: Transaction<Tables>, groupId: string): Promise<void> => {
  const limit = await effectiveLimit(tx, groupId, 'atlas.project.security.databaseAccess.customRoles')
  const { count } = await tx
    .selectFrom('custom_db_role')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('group_id', '=', groupId)
    .where('delete_requested', '=', false)
    .executeTakeFirstOrThrow()
  if (Number(count) >= limit) throw new AtlasError('CUSTOM_ROLES_LIMIT_EXCEEDED', { limit })
}
