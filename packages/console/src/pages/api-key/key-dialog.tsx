// Create an API key, whose private key is shown once; or change what one is for and may do.

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
import { type ApiKey, rolesHere } from './key.ts'
import { changeKey, createKey, type KeyWish } from './use-keys.ts'

interface DialogProps {
  readonly place: AccessPlace
  /** None: a new one. */
  readonly apiKey?: ApiKey
  readonly onClose: () => void
}

export function KeyDialog({ place, apiKey, onClose }: DialogProps) {
  const { pushToast } = useToast()
  const [wish, setWish] = useState<KeyWish>({
    desc: apiKey?.desc ?? '',
    roles: apiKey === undefined ? [] : rolesHere(apiKey, place),
  })
  const [made, setMade] = useState<ApiKey>()
  const work = useWork((asked: KeyWish) =>
    apiKey === undefined ? createKey(place, asked) : changeKey(place, apiKey.id, asked),
  )
  const error = useTold(work, wish)
  const problem = fieldProblem(error, 'desc')
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const answered = await work.mutateAsync(wish)
    if (apiKey === undefined) {
      setMade(answered)
      return
    }
    pushToast({ title: `${answered.publicKey} is changed`, variant: 'success' })
    onClose()
  }
  if (made !== undefined)
    return (
      <SecretShown
        title="Save API Key Information"
        lines={[
          { name: 'Public key', value: made.publicKey },
          { name: 'Private key', value: made.privateKey },
        ]}
        says="Copy the private key now: it is not shown again."
        onClose={onClose}
      />
    )
  return (
    <FormDialog
      title={apiKey === undefined ? 'Create API Key' : `Edit ${apiKey.publicKey}`}
      submit={apiKey === undefined ? 'Create' : 'Save'}
      busy={work.isPending}
      error={error}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      <TextInput
        id="key-desc"
        label="Description"
        maxLength={250}
        value={wish.desc}
        onChange={({ target }) => setWish({ ...wish, desc: target.value })}
        state={problem === undefined ? 'none' : 'error'}
        errorMessage={problem}
      />
      <RolesField
        place={place}
        roles={wish.roles}
        problem={fieldProblem(error, 'roles')}
        onChange={(roles) => setWish({ ...wish, roles })}
      />
    </FormDialog>
  )
}
