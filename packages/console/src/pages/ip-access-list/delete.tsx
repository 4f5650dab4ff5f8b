// Take an address off the list.

import { call } from '../../api/operation.ts'
import { ConfirmDialog } from '../../frame/confirm-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'

export function DeleteEntry({ entry, onClose }: { readonly entry: string; readonly onClose: () => void }) {
  const groupId = useGroupId()
  return (
    <ConfirmDialog
      title="Delete IP Access List Entry"
      says={`${entry} may no longer use this project's standard connection strings.`}
      work={() => call('deleteGroupAccessListEntry', { params: { groupId, entryValue: entry } })}
      onClose={onClose}
    />
  )
}
