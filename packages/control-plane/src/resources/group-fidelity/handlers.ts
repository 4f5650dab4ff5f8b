// A group's own fidelity: Postern's behaviour, Atlas's, or as the server is set. It holds from the answer on; a state that
// is being held then is shown to its end.

import { AtlasError } from '@postern/contract/errors'
import { effectiveFidelity } from '../../fidelity/fidelity-of.ts'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { recordEvent } from '../event/record.ts'

export const groupFidelityHandlers = (parts: Parts): Handlers<'getGroupFidelity' | 'updateGroupFidelity'> => {
  const { store, settings } = parts
  const shown = (column: string | null) => ({
    fidelity: effectiveFidelity(column, settings),
    own: column === null ? null : effectiveFidelity(column, settings),
  })

  return {
    getGroupFidelity: async ({ params: { groupId = '' } }) => {
      const group = await store.read.selectFrom('group').select('fidelity').where('id', '=', groupId).executeTakeFirst()
      if (!group) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
      return { body: shown(group.fidelity) }
    },

    updateGroupFidelity: async ({ params: { groupId = '' }, body: { own }, actor, sourceAddress }) => {
      await store.transact(async (tx) => {
        const group = await tx
          .updateTable('group')
          .set(({ eb }) => ({ fidelity: own, revision: eb('revision', '+', 1) }))
          .where('id', '=', groupId)
          .returning('org_id')
          .executeTakeFirst()
        if (!group) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
        await recordEvent(tx, parts, {
          type: 'GROUP_SETTINGS_UPDATED',
          orgId: group.org_id,
          groupId,
          actor,
          sourceAddress,
          target: { setting: 'fidelity', fidelity: own },
        })
      })
      return { body: shown(own) }
    },
  }
}
