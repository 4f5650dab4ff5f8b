// Groups in Postern's own API: made with an id and a label in host names of the caller's choice, so that the strings of a
// test suite or of an installation that is built anew stay the same.

import { AtlasError } from '@postern/contract/errors'
import type { Transaction } from 'kysely'
import { actorOf } from '../../http/actor-of.ts'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { brokenUniqueRule } from '../../store/store-error.ts'
import type { Tables } from '../../store/tables.ts'
import { createGroup } from './create.ts'
import { groupRows } from './list.ts'
import { groupView } from './view.ts'

export const ownGroupHandlers = (parts: Parts): Handlers<'createOrgGroup' | 'getGroupHash'> => ({
  createOrgGroup: async (call) => {
    const { id: chosenId, hash, name, tags = [], withDefaultAlertsSettings } = call.body
    const orgId = call.params.orgId ?? ''
    const actor = actorOf(call)
    const id = await parts.store
      .transact(async (tx) => {
        if (chosenId !== undefined) await checkNotOfAnother(tx, orgId, chosenId)
        return createGroup(tx, parts, {
          ...(chosenId !== undefined && { id: chosenId }),
          ...(hash !== undefined && { hash }),
          orgId,
          name,
          tags,
          withDefaultAlertsSettings,
          owners: [actor],
          actor,
          sourceAddress: call.sourceAddress,
        })
      })
      .catch((error: unknown) => {
        const rule = brokenUniqueRule(error)
        if (rule === 'group_name_once') throw new AtlasError('GROUP_ALREADY_EXISTS', { name })
        if (rule === 'group_pkey') throw taken(chosenId ?? '')
        throw error
      })
    const row = await groupRows(parts.store.read).where('id', '=', id).executeTakeFirstOrThrow()
    return { body: { ...groupView(row, { link: call.link, withLinks: true, withTags: false }), hash: row.hash } }
  },

  getGroupHash: async ({ params: { groupId = '' } }) => {
    const row = await parts.store.read.selectFrom('group').select('hash').where('id', '=', groupId).executeTakeFirst()
    if (!row) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
    return { body: { hash: row.hash } }
  },
})

const taken = (id: string): AtlasError => new AtlasError('POSTERN_CHOICE_TAKEN', { attribute: 'id', value: id })

/** A group that is gone leaves its events behind: whoever took its id in another organization would read them. */
const checkNotOfAnother = async (tx: Transaction<Tables>, orgId: string, id: string): Promise<void> => {
  const event = await tx
    .selectFrom('event')
    .select('id')
    .where('group_id', '=', id)
    .where('org_id', '<>', orgId)
    .limit(1)
    .executeTakeFirst()
  if (event) throw taken(id)
}
