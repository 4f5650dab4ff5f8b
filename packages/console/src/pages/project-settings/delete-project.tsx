// A project is deleted by whoever types its name.

import { TextInput } from '@leafygreen-ui/text-input'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../api/operation.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'

export function DeleteProject({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const groupId = useGroupId()
  const navigate = useNavigate()
  const remove = useChange('deleteGroup')
  const [typed, setTyped] = useState('')
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await remove.mutateAsync({ params: { groupId } })
    await navigate({ to: '/', replace: true })
  }
  return (
    <FormDialog
      title="Delete Project"
      says={`${name} and all that it holds are gone at once. It cannot be taken back.`}
      submit="Delete Project"
      danger
      busy={remove.isPending}
      blocked={typed === name ? undefined : 'Type the name of the project.'}
      error={remove.error}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      <TextInput
        id="delete-project-name"
        label={`Type ${name} to confirm`}
        autoComplete="off"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
    </FormDialog>
  )
}
