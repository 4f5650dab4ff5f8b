// A key leaves a project, or is deleted in its organization.

import { useToast } from '@leafygreen-ui/toast'
import { useWork } from '../../api/operation.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import type { AccessPlace } from '../access-manager/access-place.ts'
import type { ApiKey } from './key.ts'
import { removeKey } from './use-keys.ts'

interface DialogProps {
  readonly place: AccessPlace
  readonly apiKey: ApiKey
  readonly onClose: () => void
}

const says = {
  group: 'may no longer do anything in this project. It stays in the organization.',
  org: 'is refused from now on, everywhere.',
} as const

export function RemoveKey({ place, apiKey, onClose }: DialogProps) {
  const { pushToast } = useToast()
  const remove = useWork(() => removeKey(place, apiKey.id))
  const confirm = async (): Promise<void> => {
    await remove.mutateAsync(undefined)
    pushToast({ title: `${apiKey.publicKey} is ${place.kind === 'group' ? 'removed' : 'deleted'}`, variant: 'success' })
    onClose()
  }
  return (
    <FormDialog
      title={place.kind === 'group' ? 'Remove API Key from Project' : 'Delete API Key'}
      says={`${apiKey.publicKey} (${apiKey.desc}) ${says[place.kind]}`}
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
