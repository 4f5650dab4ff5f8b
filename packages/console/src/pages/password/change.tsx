// One's own password. Every other session of this person ends with the old one.

import { TextInput } from '@leafygreen-ui/text-input'
import { useToast } from '@leafygreen-ui/toast'
import { useState } from 'react'
import { useChange } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'

export function ChangePassword({ onClose }: { readonly onClose: () => void }) {
  const [currentPassword, setCurrent] = useState('')
  const [newPassword, setNew] = useState('')
  const { pushToast } = useToast()
  const change = useChange('changeSessionPassword')
  const error = useTold(change, { currentPassword, newPassword })
  const problem = fieldProblem(error, 'newPassword')
  const send = async (): Promise<void> => {
    await change.mutateAsync({ body: { currentPassword, newPassword } })
    pushToast({ title: 'Your password is changed', variant: 'success' })
    onClose()
  }
  return (
    <FormDialog
      title="Change Password"
      says="Your other sessions end."
      submit="Change Password"
      busy={change.isPending}
      error={error}
      onSubmit={(event) => {
        event.preventDefault()
        void send().catch(() => {})
      }}
      onClose={onClose}
    >
      <TextInput
        id="current-password"
        label="Current Password"
        type="password"
        autoComplete="current-password"
        value={currentPassword}
        onChange={({ target }) => setCurrent(target.value)}
      />
      <TextInput
        id="new-password"
        label="New Password"
        type="password"
        autoComplete="new-password"
        state={problem === undefined ? 'none' : 'error'}
        errorMessage={problem}
        value={newPassword}
        onChange={({ target }) => setNew(target.value)}
      />
    </FormDialog>
  )
}
