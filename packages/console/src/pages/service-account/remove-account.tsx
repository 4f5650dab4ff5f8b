// A service account that is deleted is refused from then on, with every token that it has.

import { useToast } from '@leafygreen-ui/toast'
import { useWork } from '../../api/operation.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import type { AccessPlace } from '../access-manager/access-place.ts'
import { type Account, removeAccount } from './use-accounts.ts'

interface DialogProps {
  readonly place: AccessPlace
  readonly account: Account
  readonly onClose: () => void
}

const says = {
  group: 'may no longer do anything in this project.',
  org: 'is refused from now on, with every token that it has.',
} as const

export function RemoveAccount({ place, account, onClose }: DialogProps) {
  const { pushToast } = useToast()
  const remove = useWork(() => removeAccount(place, account.clientId))
  const confirm = async (): Promise<void> => {
    await remove.mutateAsync(undefined)
    pushToast({ title: `${account.name} is deleted`, variant: 'success' })
    onClose()
  }
  return (
    <FormDialog
      title={place.kind === 'group' ? 'Delete Service Account from Project' : 'Delete Service Account'}
      says={`${account.name} ${says[place.kind]}`}
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
