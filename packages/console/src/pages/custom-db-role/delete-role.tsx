// A custom role is deleted, and taken from whoever has it.

import { useToast } from '@leafygreen-ui/toast'
import { useChange } from '../../api/operation.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'
import type { CustomRole } from './role-form.ts'

export function DeleteRole({ role, onClose }: { readonly role: CustomRole; readonly onClose: () => void }) {
  const groupId = useGroupId()
  const { pushToast } = useToast()
  const remove = useChange('deleteGroupCustomDbRoleRole')
  const confirm = async (): Promise<void> => {
    await remove.mutateAsync({ params: { groupId, roleName: role.roleName } })
    pushToast({ title: `${role.roleName} is deleted`, variant: 'success' })
    onClose()
  }
  return (
    <FormDialog
      title="Delete Custom Role"
      says={`${role.roleName} is taken from every database user and custom role that has it.`}
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
