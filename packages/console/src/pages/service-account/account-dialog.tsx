// Create a service account, whose secret is shown once; or change what one is for and may do.

import { TextInput } from '@leafygreen-ui/text-input'
import { useToast } from '@leafygreen-ui/toast'
import { type FormEvent, useState } from 'react'
import { useWork } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { SecretShown } from '../../frame/secret-shown.tsx'
import type { AccessPlace } from '../access-manager/access-place.ts'
import { RolesField } from '../access-manager/roles-field.tsx'
import { LifeField } from './life-field.tsx'
import { type Account, type AccountWish, changeAccount, createAccount } from './use-accounts.ts'

interface DialogProps {
  readonly place: AccessPlace
  /** None: a new one. */
  readonly account?: Account
  readonly onClose: () => void
}

export function AccountDialog({ place, account, onClose }: DialogProps) {
  const { pushToast } = useToast()
  const [wish, setWish] = useState<AccountWish>({
    name: account?.name ?? '',
    description: account?.description ?? '',
    roles: account?.roles ?? [],
    secretExpiresAfterHours: 2160,
  })
  const set = (change: Partial<AccountWish>): void => setWish((before) => ({ ...before, ...change }))
  const [made, setMade] = useState<Account>()
  const work = useWork((asked: AccountWish) =>
    account === undefined ? createAccount(place, asked) : changeAccount(place, account.clientId, asked),
  )
  const error = useTold(work, wish)
  const problemOf = (field: string) => {
    const problem = fieldProblem(error, field)
    return { state: problem === undefined ? 'none' : 'error', errorMessage: problem } as const
  }
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const answered = await work.mutateAsync(wish)
    if (account === undefined) {
      setMade(answered)
      return
    }
    pushToast({ title: `${answered.name} is changed`, variant: 'success' })
    onClose()
  }
  if (made !== undefined)
    return (
      <SecretShown
        title="Save Service Account Information"
        lines={[
          { name: 'Client ID', value: made.clientId },
          { name: 'Client secret', value: made.secrets[0]?.secret ?? '' },
        ]}
        says="Copy the client secret now: it is not shown again."
        onClose={onClose}
      />
    )
  return (
    <FormDialog
      title={account === undefined ? 'Create Service Account' : `Edit ${account.name}`}
      submit={account === undefined ? 'Create' : 'Save'}
      busy={work.isPending}
      error={error}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      <TextInput
        id="account-name"
        label="Name"
        maxLength={64}
        value={wish.name}
        onChange={({ target }) => set({ name: target.value })}
        {...problemOf('name')}
      />
      <TextInput
        id="account-description"
        label="Description"
        maxLength={250}
        value={wish.description}
        onChange={({ target }) => set({ description: target.value })}
        {...problemOf('description')}
      />
      {account === undefined && (
        <LifeField
          hours={wish.secretExpiresAfterHours}
          problem={fieldProblem(error, 'secretExpiresAfterHours')}
          onChange={(secretExpiresAfterHours) => set({ secretExpiresAfterHours })}
        />
      )}
      <RolesField
        place={place}
        roles={wish.roles}
        problem={fieldProblem(error, 'roles')}
        onChange={(roles) => set({ roles })}
      />
    </FormDialog>
  )
}
