// The switch of a group that hands out private ways alone: its clusters' answers leave the standard strings out from then
// on. It hides members' own ports and closes none: that is for whoever owns them.

import { AtlasError } from '@postern/contract/errors'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { recordEvent } from '../event/record.ts'

export const privateOnlyHandlers = (parts: Parts): Handlers<'getGroupPrivateOnly' | 'updateGroupPrivateOnly'> => {
  const { store } = parts
  return {
    getGroupPrivateOnly: async ({ params: { groupId = '' } }) => {
      const group = await store.read
        .selectFrom('group')
        .select('private_only')
        .where('id', '=', groupId)
        .executeTakeFirst()
      if (!group) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
      return { body: { enabled: group.private_only } }
    },

    updateGroupPrivateOnly: async ({ params: { groupId = '' }, body: { enabled }, actor, sourceAddress }) => {
      await store.transact(async (tx) => {
        const group = await tx
          .updateTable('group')
          .set(({ eb }) => ({ private_only: enabled, revision: eb('revision', '+', 1) }))
          .where('id', '=', groupId)
          .returning('org_id')
          .executeTakeFirst()
        if (!group) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
        const target = { setting: 'privateOnly', enabled }
        await recordEvent(tx, parts, {
          type: 'GROUP_SETTINGS_UPDATED',
          orgId: group.org_id,
          groupId,
          actor,
          sourceAddress,
          target,
        })
      })
      return { body: { enabled } }
    },
  }
}
