// A key leaves a project, or is deleted in its organization.

import { ConfirmDialog } from '../../frame/confirm-dialog.tsx'
import type { AccessPlace } from '../access-manager/access-place.ts'
import type { ApiKey } from './key.ts'
import { removeKey } from './use-keys.ts'

interface DialogProps {
  readonly place: AccessPlace
  readonly apiKey: ApiKey
  readonly onClose: () => void
}

const words = {
  group: {
    title: 'Remove API Key from Project',
    says: 'may no longer do anything in this project. It stays in the organization.',
    done: 'is removed',
  },
  org: { title: 'Delete API Key', says: 'is refused from now on, everywhere.', done: 'is deleted' },
} as const

export function RemoveKey({ place, apiKey: { id, publicKey, desc }, onClose }: DialogProps) {
  const { title, says, done } = words[place.kind]
  return (
    <ConfirmDialog
      title={title}
      says={`${publicKey} (${desc}) ${says}`}
      work={() => removeKey(place, id)}
      done={`${publicKey} ${done}`}
      onClose={onClose}
    />
  )
}
