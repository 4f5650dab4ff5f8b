// A custom role is deleted, and taken from whoever has it.

import { call } from '../../api/operation.ts'
import { ConfirmDialog } from '../../frame/confirm-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'
import type { CustomRole } from './role-form.ts'

interface DialogProps {
  readonly role: CustomRole
  readonly onClose: () => void
}

export function DeleteRole({ role: { roleName }, onClose }: DialogProps) {
  const groupId = useGroupId()
  return (
    <ConfirmDialog
      title="Delete Custom Role"
      says={`${roleName} is taken from every database user and custom role that has it.`}
      work={() => call('deleteGroupCustomDbRoleRole', { params: { groupId, roleName } })}
      done={`${roleName} is deleted`}
      onClose={onClose}
    />
  )
}
