// Somebody leaves a project, or the organization with all its projects.

import { ConfirmDialog } from '../../frame/confirm-dialog.tsx'
import type { AccessPlace } from '../access-manager/access-place.ts'
import type { Member } from './member.ts'
import { removeMember } from './use-members.ts'

interface DialogProps {
  readonly place: AccessPlace
  readonly member: Member
  readonly onClose: () => void
}

const words = {
  group: { title: 'Remove from Project', says: 'loses every role of this project.' },
  org: { title: 'Remove from Organization', says: 'loses every role of this organization and of all its projects.' },
} as const

export const RemoveMember = ({ place, member: { id, username }, onClose }: DialogProps) => (
  <ConfirmDialog
    title={words[place.kind].title}
    says={`${username} ${words[place.kind].says}`}
    work={() => removeMember(place, id)}
    done={`${username} is removed`}
    onClose={onClose}
  />
)
