// Somebody leaves a project, or the organization with all its projects.

import { useToast } from '@leafygreen-ui/toast'
import { useWork } from '../../api/operation.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import type { AccessPlace } from '../access-manager/access-place.ts'
import type { Member } from './member.ts'
import { removeMember } from './use-members.ts'

interface DialogProps {
  readonly place: AccessPlace
  readonly member: Member
  readonly onClose: () => void
}

const says = {
  group: 'loses every role of this project.',
  org: 'loses every role of this organization and of all its projects.',
} as const

export function RemoveMember({ place, member, onClose }: DialogProps) {
  const { pushToast } = useToast()
  const remove = useWork(() => removeMember(place, member.id))
  const confirm = async (): Promise<void> => {
    await remove.mutateAsync(undefined)
    pushToast({ title: `${member.username} is removed`, variant: 'success' })
    onClose()
  }
  return (
    <FormDialog
      title={place.kind === 'group' ? 'Remove from Project' : 'Remove from Organization'}
      says={`${member.username} ${says[place.kind]}`}
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
