// A new project; whoever makes it is its owner.

import { TextInput } from '@leafygreen-ui/text-input'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useOrgId } from '../../frame/place.ts'

export function CreateProject({ onClose }: { readonly onClose: () => void }) {
  const orgId = useOrgId()
  const navigate = useNavigate()
  const create = useChange('createGroup')
  const [name, setName] = useState('')
  const error = useTold(create, { name })
  const problem = fieldProblem(error, 'name')
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const { id } = await create.mutateAsync({ body: { name, orgId } })
    await navigate({ to: `/groups/${id}/clusters`, replace: true })
  }
  return (
    <FormDialog
      title="Create a Project"
      submit="Create Project"
      busy={create.isPending}
      error={error}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      <TextInput
        id="new-project-name"
        label="Name Your Project"
        autoComplete="off"
        value={name}
        onChange={({ target }) => setName(target.value)}
        state={problem === undefined ? 'none' : 'error'}
        errorMessage={problem}
      />
    </FormDialog>
  )
}
