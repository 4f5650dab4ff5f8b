// Limits of a group: listed with their defaults, set within Atlas's bounds, put back by deleting.

import { AtlasError } from '@postern/contract/errors'
import { groupLimits, isLimitName, type LimitName, type LimitRow, limitBounds } from '@postern/contract/group-limit'
import type { Transaction } from 'kysely'
import type { Call, Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import { checkNotInUse } from './in-use.ts'
import { currentUsage } from './usage.ts'

type Operation = 'listGroupLimits' | 'getGroupLimit' | 'setGroupLimit' | 'deleteGroupLimit'

export const limitHandlers = (parts: Parts): Handlers<Operation> => ({
  listGroupLimits: async (call) => {
    const groupId = call.params.groupId ?? ''
    const limits = []
    for (const name of Object.keys(groupLimits) as LimitName[]) limits.push(await viewOf(parts, groupId, name))
    return { body: limits }
  },

  getGroupLimit: async (call) => {
    const { groupId, name } = parseName(call)
    return { body: await viewOf(parts, groupId, name) }
  },

  setGroupLimit: async (call) => {
    const { groupId, name } = parseName(call)
    const { value } = call.body
    const { from, to } = limitBounds(name)
    if (call.body.name !== undefined && call.body.name !== name) throw invalid('name', `the path says ${name}`)
    if (value < from || value > to) throw invalid('value', `must be ${from} to ${to}`)
    await parts.store.transact(async (tx) => {
      await checkNotInUse(tx, groupId, name)
      await tx
        .insertInto('group_limit')
        .values({ group_id: groupId, name, value })
        .onConflict((conflict) => conflict.columns(['group_id', 'name']).doUpdateSet({ value }))
        .execute()
      await tell(tx, parts, { call, groupId, target: { limitName: name, value } })
    })
    return { body: await viewOf(parts, groupId, name) }
  },

  deleteGroupLimit: async (call) => {
    const { groupId, name } = parseName(call)
    await parts.store.transact(async (tx) => {
      await checkNotInUse(tx, groupId, name)
      const gone = await tx
        .deleteFrom('group_limit')
        .where('group_id', '=', groupId)
        .where('name', '=', name)
        .returning('name')
        .executeTakeFirst()
      if (gone) await tell(tx, parts, { call, groupId, target: { limitName: name, value: null } })
    })
    return {}
  },
})

const parseName = ({
  params,
}: Pick<Call<Operation>, 'params'>): { readonly groupId: string; readonly name: LimitName } => {
  const name = params.limitName ?? ''
  if (!isLimitName(name)) throw new AtlasError('PATH_PARAM_PARSE_ERROR', { parameter: 'limitName', value: name })
  return { groupId: params.groupId ?? '', name }
}

const viewOf = async (parts: Parts, groupId: string, name: LimitName) => {
  const row: LimitRow = groupLimits[name]
  const set = await parts.store.read
    .selectFrom('group_limit')
    .select('value')
    .where('group_id', '=', groupId)
    .where('name', '=', name)
    .executeTakeFirst()
  const usage = await currentUsage(parts, groupId, name)
  return {
    ...(usage !== null && { currentUsage: usage }),
    defaultLimit: row.default,
    maximumLimit: row.override,
    name,
    value: set?.value ?? row.default,
  }
}

const invalid = (field: string, description: string): AtlasError =>
  new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })

const tell = async (
  tx: Transaction<Tables>,
  parts: Parts,
  {
    call,
    groupId,
    target,
  }: {
    readonly call: Pick<Call<Operation>, 'actor' | 'sourceAddress'>
    readonly groupId: string
    readonly target: Readonly<Record<string, string | number | null>>
  },
): Promise<void> => {
  const group = await tx.selectFrom('group').select('org_id').where('id', '=', groupId).executeTakeFirst()
  if (!group) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
  await recordEvent(tx, parts, {
    type: 'PROJECT_LIMIT_UPDATED',
    orgId: group.org_id,
    groupId,
    actor: call.actor,
    sourceAddress: call.sourceAddress,
    target,
  })
}
