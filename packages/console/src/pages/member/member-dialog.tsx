// Invite somebody, or change the roles that they have.

import { TextInput } from '@leafygreen-ui/text-input'
import { useToast } from '@leafygreen-ui/toast'
import { type FormEvent, useState } from 'react'
import { useWork } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { type AccessPlace, placeWord } from '../access-manager/access-place.ts'
import { RolesField } from '../access-manager/roles-field.tsx'
import type { Member } from './member.ts'
import { changeRoles, invite } from './use-members.ts'

interface DialogProps {
  readonly place: AccessPlace
  /** None: somebody new. */
  readonly member?: Member
  readonly onClose: () => void
}

export function MemberDialog({ place, member, onClose }: DialogProps) {
  const { pushToast } = useToast()
  const [username, setUsername] = useState('')
  const [roles, setRoles] = useState<readonly string[]>(member?.roles ?? [])
  const work = useWork((wish: { readonly username: string; readonly roles: readonly string[] }) =>
    member === undefined ? invite(place, wish) : changeRoles(place, member.id, wish.roles),
  )
  const error = useTold(work, { username, roles })
  const problem = (...fields: readonly string[]): string | undefined =>
    fields.map((field) => fieldProblem(error, field)).find((one) => one !== undefined)
  const nameProblem = problem('username')
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await work.mutateAsync({ username: username.trim(), roles })
    pushToast({
      title: member === undefined ? `${username.trim()} is added` : `The roles of ${member.username} are changed`,
      variant: 'success',
    })
    onClose()
  }
  return (
    <FormDialog
      title={
        member === undefined
          ? `Invite to ${place.kind === 'group' ? 'Project' : 'Organization'}`
          : `Edit roles of ${member.username}`
      }
      says={
        member === undefined
          ? `Who has an account in this organization is added to the ${placeWord[place.kind]} at once. Anybody else is invited: no mail is sent, an owner hands the invitation over.`
          : undefined
      }
      submit={member === undefined ? 'Invite' : 'Save'}
      busy={work.isPending}
      error={error}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      {member === undefined && (
        <TextInput
          id="member-username"
          label="Email"
          type="email"
          autoComplete="off"
          value={username}
          onChange={({ target }) => setUsername(target.value)}
          state={nameProblem === undefined ? 'none' : 'error'}
          errorMessage={nameProblem}
        />
      )}
      <RolesField
        place={place}
        roles={roles}
        problem={problem('roles', 'groupRoles', 'orgRoles', 'roles.orgRoles')}
        onChange={setRoles}
      />
    </FormDialog>
  )
}
