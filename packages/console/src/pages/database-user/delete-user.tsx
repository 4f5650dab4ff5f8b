// A database user that is deleted loses what it has open on every cluster.

import { call } from '../../api/operation.ts'
import { ConfirmDialog } from '../../frame/confirm-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'
import type { DatabaseUser } from './user-form.ts'

interface DialogProps {
  readonly user: DatabaseUser
  readonly onClose: () => void
}

export function DeleteUser({ user: { username, databaseName }, onClose }: DialogProps) {
  const groupId = useGroupId()
  return (
    <ConfirmDialog
      title="Delete Database User"
      says={`${username} may no longer sign in to the clusters of this project. Applications that use it fail.`}
      work={() => call('deleteGroupDatabaseUser', { params: { groupId, databaseName, username } })}
      done={`${username} is deleted`}
      onClose={onClose}
    />
  )
}
