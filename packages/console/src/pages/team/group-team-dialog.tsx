// Give a team roles of a project, or others than it has.

import { useToast } from '@leafygreen-ui/toast'
import type { GroupRole } from '@postern/contract/roles'
import { type FormEvent, useState } from 'react'
import { call, useWork } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { SelectField } from '../../frame/select-field.tsx'
import { useAccessPlace } from '../access-manager/access-place.ts'
import { RolesField } from '../access-manager/roles-field.tsx'
import type { Team } from './team.ts'

interface DialogProps {
  readonly groupId: string
  /** Those that may be added; of a team that has roles, that one. */
  readonly teams: readonly Pick<Team, 'id' | 'name'>[]
  /** What the team has; none: it is added. */
  readonly roles?: readonly string[]
  readonly onClose: () => void
}

export function GroupTeamDialog({ groupId, teams, roles: before, onClose }: DialogProps) {
  const place = useAccessPlace()
  const { pushToast } = useToast()
  const isNew = before === undefined
  const [teamId, setTeamId] = useState(isNew ? '' : (teams[0]?.id ?? ''))
  const [roles, setRoles] = useState<readonly string[]>(before ?? [])
  const work = useWork(() => {
    const roleNames = roles as GroupRole[]
    return isNew
      ? call('addGroupTeams', { params: { groupId }, body: [{ teamId, roleNames }] })
      : call('updateGroupTeam', { params: { groupId, teamId }, body: { roleNames } })
  })
  const error = useTold(work, { teamId, roleNames: roles })
  const name = teams.find(({ id }) => id === teamId)?.name ?? ''
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await work.mutateAsync(undefined)
    pushToast({ title: isNew ? `${name} is added` : `The roles of ${name} are changed`, variant: 'success' })
    onClose()
  }
  return (
    <FormDialog
      title={isNew ? 'Add Team to Project' : `Edit roles of ${name}`}
      submit={isNew ? 'Add' : 'Save'}
      busy={work.isPending}
      blocked={blockedBy(isNew, teams.length, teamId)}
      error={error}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      {isNew && (
        <SelectField
          label="Team"
          placeholder="A team of the organization"
          value={teamId}
          options={teams.map(({ id, name: word }) => ({ value: id, word }))}
          onChange={setTeamId}
        />
      )}
      <RolesField
        place={place}
        roles={roles}
        problem={fieldProblem(error, 'roleNames') ?? fieldProblem(error, '[0].roleNames')}
        onChange={setRoles}
      />
    </FormDialog>
  )
}

const blockedBy = (isNew: boolean, free: number, teamId: string): string | undefined => {
  if (!isNew || teamId !== '') return undefined
  return free === 0 ? 'The organization has no other team.' : 'Choose a team.'
}
