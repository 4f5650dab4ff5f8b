// A service account that is deleted is refused from then on, with every token that it has.

import { ConfirmDialog } from '../../frame/confirm-dialog.tsx'
import type { AccessPlace } from '../access-manager/access-place.ts'
import { type Account, removeAccount } from './use-accounts.ts'

interface DialogProps {
  readonly place: AccessPlace
  readonly account: Account
  readonly onClose: () => void
}

const words = {
  group: { title: 'Delete Service Account from Project', says: 'may no longer do anything in this project.' },
  org: { title: 'Delete Service Account', says: 'is refused from now on, with every token that it has.' },
} as const

export const RemoveAccount = ({ place, account: { clientId, name }, onClose }: DialogProps) => (
  <ConfirmDialog
    title={words[place.kind].title}
    says={`${name} ${words[place.kind].says}`}
    work={() => removeAccount(place, clientId)}
    done={`${name} is deleted`}
    onClose={onClose}
  />
)
