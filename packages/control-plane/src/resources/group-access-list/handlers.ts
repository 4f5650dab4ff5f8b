// A group's IP access list. It guards the standard listeners of the group's clusters: gateways are told of each change. Private
// endpoints pass it by, as they do in Atlas.

import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import type { Kysely, Transaction } from 'kysely'
import { behaviourOf } from '../../fidelity/fidelity-of.ts'
import type { Call, Handlers } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import { effectiveLimit } from '../limit/effective.ts'
import { wakeAccessList } from '../standard-listener/open.ts'
import {
  type AccessEntryRow,
  type AccessEntryWish,
  accessEntryValue,
  accessEntryView,
  accessEntryWish,
  liveEntries,
} from './entry.ts'

type Operation =
  | 'listGroupAccessListEntries'
  | 'createGroupAccessListEntry'
  | 'getGroupAccessListEntry'
  | 'deleteGroupAccessListEntry'
  | 'getGroupAccessListStatus'

export const groupAccessListHandlers = (parts: Parts): Handlers<Operation> => {
  const { store, clock } = parts

  const page = async (call: Call<'listGroupAccessListEntries'> | Call<'createGroupAccessListEntry'>) => {
    const live = liveEntries(store.read, call.params.groupId ?? '', clock.now())
    const { limit, offset } = rowsOf(call)
    const rows = await live.selectAll().orderBy('created').orderBy('id').limit(limit).offset(offset).execute()
    const { total } = await live.select((of) => of.fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
    return pageOf(call, { results: rows.map((row) => accessEntryView(row, call.link)), total: Number(total) })
  }

  const find = async (db: Kysely<Tables>, { params }: Pick<Call<Operation>, 'params'>): Promise<AccessEntryRow> => {
    const { groupId = '', entryValue = '' } = params
    const value = accessEntryValue(entryValue)
    const row =
      value === null
        ? undefined
        : await liveEntries(db, groupId, clock.now()).selectAll().where('value', '=', value).executeTakeFirst()
    if (!row) throw new AtlasError('ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND', { entryValue, groupId })
    return row
  }

  const tell = async (
    tx: Transaction<Tables>,
    call: Pick<Call<Operation>, 'actor' | 'sourceAddress'>,
    event: { readonly type: RecordedEventType; readonly groupId: string; readonly value: string },
  ): Promise<void> => {
    const { groupId } = event
    const group = await tx.selectFrom('group').select('org_id').where('id', '=', groupId).executeTakeFirst()
    if (!group) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
    const { actor, sourceAddress } = call
    const target = { whitelistEntry: event.value }
    await recordEvent(tx, parts, { type: event.type, orgId: group.org_id, groupId, actor, sourceAddress, target })
  }

  return {
    listGroupAccessListEntries: async (call) => ({ body: await page(call) }),

    createGroupAccessListEntry: async (call) => {
      const groupId = call.params.groupId ?? ''
      const now = clock.now()
      const behaviour = await behaviourOf(store.read, parts, groupId)
      const wishes = call.body.map((entry, index) => accessEntryWish(entry, index, { now, behaviour }))
      await store.transact(async (tx) => {
        for (const wish of wishes) {
          const change = await keep(tx, parts, { groupId, wish })
          if (change === 'none') continue
          const type = change === 'added' ? 'NETWORK_PERMISSION_ENTRY_ADDED' : 'NETWORK_PERMISSION_ENTRY_UPDATED'
          await tell(tx, call, { type, groupId, value: wish.value })
        }
        await checkLimit(tx, groupId, now)
        await wakeAccessList(tx, parts, groupId)
        if (wishes.some(({ deleteAfter }) => deleteAfter !== null)) await parts.turns.wake(tx, 'group', groupId)
      })
      return { body: await page(call) }
    },

    getGroupAccessListEntry: async (call) => ({ body: accessEntryView(await find(store.read, call), call.link) }),

    /** Gateways are told at once, as of any change. Atlas's entries take a moment, and are shown as PENDING for it. */
    getGroupAccessListStatus: async (call) => {
      const { created, group_id: groupId } = await find(store.read, call)
      const { passingStates } = await behaviourOf(store.read, parts, groupId)
      const held = passingStates === 'held' && clock.now() - created.getTime() < parts.settings.fidelityDelayMs
      return { body: { STATUS: held ? 'PENDING' : 'ACTIVE' } }
    },

    deleteGroupAccessListEntry: async (call) => {
      await store.transact(async (tx) => {
        const row = await find(tx, call)
        await tx.deleteFrom('group_access_entry').where('id', '=', row.id).execute()
        const type = 'NETWORK_PERMISSION_ENTRY_REMOVED'
        await tell(tx, call, { type, groupId: row.group_id, value: row.value })
        await wakeAccessList(tx, parts, row.group_id)
      })
      return {}
    },
  }
}

/** Adds the entry, or changes the one of this value. Throws PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY. */
const keep = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { groupId, wish }: { readonly groupId: string; readonly wish: AccessEntryWish },
): Promise<'added' | 'changed' | 'none'> => {
  const now = parts.clock.now()
  const { value, comment, deleteAfter } = wish
  const known = await liveEntries(tx, groupId, now).selectAll().where('value', '=', value).executeTakeFirst()
  if (known && known.delete_after === null && deleteAfter !== null)
    throw new AtlasError('PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY', {})
  if (known && known.comment === comment && known.delete_after?.getTime() === deleteAfter?.getTime()) return 'none'
  const fields = { comment, delete_after: deleteAfter }
  await tx
    .insertInto('group_access_entry')
    .values({ id: parts.ids.objectId(), group_id: groupId, value, ...fields, created: new Date(now) })
    .onConflict((conflict) => conflict.constraint('group_access_entry_once').doUpdateSet(fields))
    .execute()
  return known ? 'changed' : 'added'
}

const checkLimit = async (tx: Transaction<Tables>, groupId: string, now: number): Promise<void> => {
  const limit = await effectiveLimit(tx, groupId, 'atlas.project.security.networkAccess.entries')
  const { total } = await liveEntries(tx, groupId, now)
    .select((of) => of.fn.countAll<string>().as('total'))
    .executeTakeFirstOrThrow()
  if (Number(total) > limit) throw new AtlasError('ACCESS_LIST_LIMIT_EXCEEDED', { limit })
}
