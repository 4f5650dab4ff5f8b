// Create a team, or give it another name.

import { TextInput } from '@leafygreen-ui/text-input'
import { useToast } from '@leafygreen-ui/toast'
import { type FormEvent, useState } from 'react'
import { call, useWork } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import type { Team } from './team.ts'

interface DialogProps {
  readonly orgId: string
  /** None: a new one. */
  readonly team?: Team
  readonly onClose: () => void
  /** Of a new one, with its id; without it the dialog is closed. */
  readonly onMade?: (teamId: string) => void
}

export function TeamDialog({ orgId, team, onClose, onMade }: DialogProps) {
  const { pushToast } = useToast()
  const [name, setName] = useState(team?.name ?? '')
  const work = useWork(async (wanted: string) =>
    team === undefined
      ? (await call('createOrgTeam', { params: { orgId }, body: { name: wanted, usernames: [] } })).id
      : (await call('renameOrgTeam', { params: { orgId, teamId: team.id }, body: { name: wanted } })).id,
  )
  const error = useTold(work, { name })
  const problem = fieldProblem(error, 'name')
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const teamId = await work.mutateAsync(name.trim())
    pushToast({
      title: team === undefined ? `${name.trim()} is created` : `${team.name} is called ${name.trim()}`,
      variant: 'success',
    })
    if (onMade === undefined) onClose()
    else onMade(teamId)
  }
  return (
    <FormDialog
      title={team === undefined ? 'Create Team' : `Rename ${team.name}`}
      submit={team === undefined ? 'Create' : 'Save'}
      busy={work.isPending}
      error={error}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      <TextInput
        id="team-name"
        label="Team Name"
        maxLength={64}
        autoComplete="off"
        value={name}
        onChange={({ target }) => setName(target.value)}
        state={problem === undefined ? 'none' : 'error'}
        errorMessage={problem}
      />
    </FormDialog>
  )
}
