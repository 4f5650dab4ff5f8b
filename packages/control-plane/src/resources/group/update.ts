// What may be changed of a group: its name, its tags, and Atlas's switches for features. The switches are kept and shown;
// none of the features that they switch is part of Postern. Only what was set is stored.

import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import { groupSettingDefaults } from '@postern/contract/schemas/group'
import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import { actorOf } from '../../http/actor-of.ts'
import type { Call } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'

type GroupRow = Selectable<Tables['group']>
type Settings = Record<keyof typeof groupSettingDefaults, boolean>

/** Changes what the body names. Throws GROUP_NOT_FOUND; fails on `group_name_once` where the organization has that name. */
export const updateGroup = (parts: Parts, call: Call<'updateGroup'>): Promise<void> =>
  parts.store.transact(async (tx) => {
    const { name, tags, withDefaultAlertsSettings } = call.body
    const row = await held(tx, call.params.groupId ?? '')
    if (Object.keys(call.body).length === 0) return
    await tx
      .updateTable('group')
      .set((of) => ({
        name: name ?? row.name,
        revision: of('revision', '+', 1),
        ...(tags && { tags: JSON.stringify(tags) }),
        ...(withDefaultAlertsSettings !== undefined && {
          settings: JSON.stringify({ ...storedSettings(row), withDefaultAlertsSettings }),
        }),
      }))
      .where('id', '=', row.id)
      .execute()
    const say = (type: RecordedEventType, target: Readonly<Record<string, string>>) =>
      tell(tx, parts, { call, row, type, target })
    if (name !== undefined && name !== row.name)
      await say('GROUP_NAME_CHANGED', { groupName: name, groupNameBefore: row.name })
    if (tags) await say('GROUP_TAGS_MODIFIED', { groupName: name ?? row.name })
    if (withDefaultAlertsSettings !== undefined)
      await say('GROUP_DEFAULT_ALERTS_SETTINGS_CHANGED', { groupName: name ?? row.name })
  })

/** Throws GROUP_NOT_FOUND. */
export const readGroupSettings = async (parts: Parts, groupId: string): Promise<Settings> => {
  const row = await parts.store.read.selectFrom('group').selectAll().where('id', '=', groupId).executeTakeFirst()
  if (!row) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
  return shown(storedSettings(row))
}

/** Throws GROUP_NOT_FOUND. */
export const updateGroupSettings = (parts: Parts, call: Call<'updateGroupSettings'>): Promise<Settings> =>
  parts.store.transact(async (tx) => {
    const row = await held(tx, call.params.groupId ?? '')
    const settings = { ...storedSettings(row), ...call.body }
    if (Object.keys(call.body).length === 0) return shown(settings)
    await tx
      .updateTable('group')
      .set((of) => ({ settings: JSON.stringify(settings), revision: of('revision', '+', 1) }))
      .where('id', '=', row.id)
      .execute()
    const target = { settings: Object.keys(call.body).sort().join(', ') }
    await tell(tx, parts, { call, row, type: 'GROUP_SETTINGS_UPDATED', target })
    return shown(settings)
  })

const held = async (tx: Transaction<Tables>, groupId: string): Promise<GroupRow> => {
  const row = await tx.selectFrom('group').selectAll().where('id', '=', groupId).forUpdate().executeTakeFirst()
  if (!row) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
  return row
}

const storedSettings = ({ settings }: GroupRow): Readonly<Record<string, unknown>> =>
  z.record(z.string(), z.unknown()).parse(settings)

const shown = (settings: Readonly<Record<string, unknown>>): Settings =>
  Object.fromEntries(
    Object.entries(groupSettingDefaults).map(([name, standard]) => [
      name,
      typeof settings[name] === 'boolean' ? settings[name] : standard,
    ]),
  ) as Settings

const tell = (
  tx: Transaction<Tables>,
  parts: Parts,
  {
    call,
    row,
    type,
    target,
  }: {
    readonly call: Pick<Call<'updateGroup'>, 'actor' | 'sourceAddress'>
    readonly row: GroupRow
    readonly type: RecordedEventType
    readonly target: Readonly<Record<string, string>>
  },
): Promise<void> =>
  recordEvent(tx, parts, {
    type,
    orgId: row.org_id,
    groupId: row.id,
    actor: actorOf(call),
    sourceAddress: call.sourceAddress,
    target,
  })
