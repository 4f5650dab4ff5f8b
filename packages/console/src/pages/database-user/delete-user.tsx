// A database user that is deleted loses what it has open on every cluster.

import { useToast } from '@leafygreen-ui/toast'
import { useChange } from '../../api/operation.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'
import type { DatabaseUser } from './user-form.ts'

export function DeleteUser({ user, onClose }: { readonly user: DatabaseUser; readonly onClose: () => void }) {
  const groupId = useGroupId()
  const { pushToast } = useToast()
  const remove = useChange('deleteGroupDatabaseUser')
  const { username, databaseName } = user
  const confirm = async (): Promise<void> => {
    await remove.mutateAsync({ params: { groupId, databaseName, username } })
    pushToast({ title: `${username} is deleted`, variant: 'success' })
    onClose()
  }
  return (
    <FormDialog
      title="Delete Database User"
      says={`${username} may no longer sign in to the clusters of this project. Applications that use it fail.`}
      submit="Confirm"
      danger
      busy={remove.isPending}
      error={remove.error}
      onSubmit={(event) => {
        event.preventDefault()
        void confirm().catch(() => {})
      }}
      onClose={onClose}
    />
  )
}
