// Database users: create, list, get, change, delete. A wish is stored and answered; deployments are reached by turns.

import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import type { DatabaseUserReply, DatabaseUserRole } from '@postern/contract/schemas/database-user'
import type { Transaction } from 'kysely'
import { behaviourOf } from '../../fidelity/fidelity-of.ts'
import type { Actor, Handlers } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { untilReached } from '../database-access/patience.ts'
import { recordEvent } from '../event/record.ts'
import { effectiveLimit } from '../limit/effective.ts'
import { customRoleNames } from './roles.ts'
import { type UserRow, userView } from './user.ts'
import { type Circumstances, changedUser, newUser, type UserWish } from './wish.ts'

type Operations =
  | 'listGroupDatabaseUsers'
  | 'createGroupDatabaseUser'
  | 'getGroupDatabaseUser'
  | 'updateGroupDatabaseUser'
  | 'deleteGroupDatabaseUser'

interface Asked {
  readonly link: (path: string) => string
  readonly self: string
}
interface Told extends Asked {
  readonly actor: Actor | null
  readonly sourceAddress: string
}

export const databaseUserHandlers = (parts: Parts): Handlers<Operations> => {
  const { store, clock, ids, seal } = parts

  const view = (row: UserRow, { link, self }: Asked): DatabaseUserReply =>
    userView(row, { link, api: self.startsWith('/api/atlas/v1.0/') ? '/api/atlas/v1.0' : '/api/atlas/v2' })

  const find = async (
    db: Pick<Transaction<Tables>, 'selectFrom'>,
    params: Readonly<Record<string, string>>,
  ): Promise<UserRow> => {
    const { groupId = '', databaseName = '', username = '' } = params
    const row = await db
      .selectFrom('database_user')
      .selectAll()
      .where('group_id', '=', groupId)
      .where('database_name', '=', databaseName)
      .where('username', '=', username)
      .where('delete_requested', '=', false)
      .executeTakeFirst()
    if (row === undefined) throw new AtlasError('USERNAME_NOT_FOUND', { username })
    return row
  }

  const tell = async (tx: Transaction<Tables>, row: UserRow, type: RecordedEventType, told: Told): Promise<void> => {
    const group = await tx.selectFrom('group').select('org_id').where('id', '=', row.group_id).executeTakeFirst()
    if (group === undefined) throw new AtlasError('GROUP_NOT_FOUND', { groupId: row.group_id })
    await parts.turns.wake(tx, 'databaseUser', row.id)
    const target = { username: row.username, databaseName: row.database_name }
    const { actor, sourceAddress } = told
    await recordEvent(tx, parts, { type, orgId: group.org_id, groupId: row.group_id, actor, sourceAddress, target })
  }

  const reach = (row: UserRow, signal: AbortSignal): Promise<void> =>
    untilReached(parts, { table: 'database_user', row, signal })

  /** Locked, so that none of them is deleted before the user who holds it is stored. */
  const circumstances = async (
    tx: Transaction<Tables>,
    groupId: string,
    roles: readonly DatabaseUserRole[] | undefined,
  ): Promise<Circumstances> => {
    const names = customRoleNames(roles ?? [])
    const rows =
      names.length === 0
        ? []
        : await tx
            .selectFrom('custom_db_role')
            .select('name')
            .where('group_id', '=', groupId)
            .where('name', 'in', names)
            .where('delete_requested', '=', false)
            .orderBy('id')
            .forShare()
            .execute()
    const behaviour = await behaviourOf(tx, parts, groupId)
    return { now: clock.now(), behaviour, customRoles: new Set(rows.map(({ name }) => name)) }
  }

  /** Undefined where one of the name is there. One that is on its way out comes back as the new one, and keeps what clusters have of it. */
  const stored = async (
    tx: Transaction<Tables>,
    groupId: string,
    {
      body: { username, databaseName: database_name },
      wished,
    }: { readonly body: Pick<DatabaseUserReply, 'username' | 'databaseName'>; readonly wished: UserWish },
  ): Promise<UserRow | undefined> => {
    const leaving = await tx
      .selectFrom('database_user')
      .select(['id', 'wish'])
      .where('group_id', '=', groupId)
      .where('database_name', '=', database_name)
      .where('username', '=', username)
      .where('delete_requested', '=', true)
      .executeTakeFirst()
    const id = leaving?.id ?? ids.objectId()
    const values = {
      password: wished.password === null ? null : seal.close(id, wished.password),
      spec: JSON.stringify(wished.spec),
      state: 'PENDING',
      error_message: null,
      drift: null,
      delete_after: wished.deleteAfter,
      delete_requested: false,
      created: new Date(clock.now()),
    }
    if (leaving !== undefined)
      return tx
        .updateTable('database_user')
        .set({ ...values, wish: leaving.wish + 1 })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
    return tx
      .insertInto('database_user')
      .values({ ...values, id, group_id: groupId, username, database_name, applied: '{}' })
      .onConflict((conflict) => conflict.constraint('database_user_name_once').doNothing())
      .returningAll()
      .executeTakeFirst()
  }

  return {
    createGroupDatabaseUser: async (call) => {
      const groupId = call.params.groupId ?? ''
      const { body } = call
      const row = await store.transact(async (tx) => {
        const wished = newUser(body, await circumstances(tx, groupId, body.roles))
        await checkUserLimit(tx, groupId)
        const made = await stored(tx, groupId, { body, wished })
        if (made === undefined) throw new AtlasError('USER_ALREADY_EXISTS', { username: body.username })
        await tell(tx, made, 'MONGODB_USER_ADDED', call)
        return made
      })
      await reach(row, call.signal)
      return { body: view(row, call) }
    },

    listGroupDatabaseUsers: async (call) => {
      const { limit, offset } = rowsOf(call)
      const shown = store.read
        .selectFrom('database_user')
        .where('group_id', '=', call.params.groupId ?? '')
        .where('delete_requested', '=', false)
      const rows = await shown.selectAll().orderBy('created').orderBy('id').limit(limit).offset(offset).execute()
      const { total } = await shown.select(({ fn }) => fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
      return { body: pageOf(call, { results: rows.map((row) => view(row, call)), total: Number(total) }) }
    },

    getGroupDatabaseUser: async (call) => ({ body: view(await find(store.read, call.params), call) }),

    updateGroupDatabaseUser: async (call) => {
      const row = await store.transact(async (tx) => {
        const known = await find(tx, call.params)
        const { spec, deleteAfter, password } = changedUser(
          known,
          call.body,
          await circumstances(tx, known.group_id, call.body.roles),
        )
        const changed = await tx
          .updateTable('database_user')
          .set({
            spec: JSON.stringify(spec),
            delete_after: deleteAfter,
            state: 'PENDING',
            error_message: null,
            wish: known.wish + 1,
            ...(password !== null && { password: seal.close(known.id, password) }),
          })
          .where('id', '=', known.id)
          .returningAll()
          .executeTakeFirstOrThrow()
        await tell(tx, changed, 'MONGODB_USER_UPDATED', call)
        return changed
      })
      await reach(row, call.signal)
      return { body: view(row, call) }
    },

    deleteGroupDatabaseUser: async (call) => {
      const row = await store.transact(async (tx) => {
        const known = await find(tx, call.params)
        const leaving = await tx
          .updateTable('database_user')
          .set({ delete_requested: true, state: 'PENDING', error_message: null, wish: known.wish + 1 })
          .where('id', '=', known.id)
          .returningAll()
          .executeTakeFirstOrThrow()
        await tell(tx, leaving, 'MONGODB_USER_DELETED', call)
        return leaving
      })
      await reach(row, call.signal)
      return {}
    },
  }
}

/** Throws GROUP_USERS_LIMIT_EXCEEDED when the group has as many database users as it may. */
const checkUserLimit = async (tx: Transaction<Tables>, groupId: string): Promise<void> => {
  const limit = await effectiveLimit(tx, groupId, 'atlas.project.security.databaseAccess.users')
  const { count } = await tx
    .selectFrom('database_user')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('group_id', '=', groupId)
    .where('delete_requested', '=', false)
    .executeTakeFirstOrThrow()
  if (Number(count) >= limit) throw new AtlasError('GROUP_USERS_LIMIT_EXCEEDED', { limit })
}
