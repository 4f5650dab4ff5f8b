// An invitation is handed over by whoever invited: the server sends no mail. Its link is made here, and shown once.

import { call, useWork } from '../../api/operation.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { moment } from '../../frame/moment.ts'
import { SecretShown } from '../../frame/secret-shown.tsx'
import type { AccessPlace } from '../access-manager/access-place.ts'
import type { Member } from './member.ts'

interface DialogProps {
  readonly place: AccessPlace
  readonly member: Member
  readonly onClose: () => void
}

export function Invitation({ place: { orgId }, member, onClose }: DialogProps) {
  const make = useWork(() => call('createInvitationToken', { params: { orgId, userId: member.id } }))
  if (make.data !== undefined)
    return (
      <SecretShown
        title={`Invitation of ${member.username}`}
        lines={[{ name: 'Invitation link', value: make.data.url }]}
        says={`Give it to ${member.username}, who opens it and accepts until ${moment(make.data.expiresAt)}. It is not shown again.`}
        onClose={onClose}
      />
    )
  return (
    <FormDialog
      title={`Invitation of ${member.username}`}
      says="A new link takes the place of the one before it."
      submit="Create Invitation Link"
      busy={make.isPending}
      error={make.error}
      onSubmit={(event) => {
        event.preventDefault()
        make.mutate(undefined)
      }}
      onClose={onClose}
    />
  )
}
