// Access Manager → Users: the people of a project or of an organization, and their roles there.

import { Answered } from '../../frame/answered.tsx'
import { MayButton } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { AccessManager } from '../access-manager/access-manager.tsx'
import { useAccessPlace } from '../access-manager/access-place.ts'
import { Invitation } from './invitation.tsx'
import { MemberDialog } from './member-dialog.tsx'
import { MembersTable } from './members-table.tsx'
import { RemoveMember } from './remove-member.tsx'
import { memberOperations, useMembers } from './use-members.ts'

export function Page() {
  const place = useAccessPlace()
  const members = useMembers(place)
  const { search, go, replace } = useUrlState()
  const named = members.data?.find(({ id }) => id === search.user)
  const close = (): void => replace({ dialog: undefined, user: undefined })
  const invite = (
    <MayButton
      operation={memberOperations[place.kind].invite}
      variant="primary"
      onClick={() => go({ dialog: 'invite' })}
    >
      {place.kind === 'group' ? 'Invite to Project' : 'Invite to Organization'}
    </MayButton>
  )
  return (
    <AccessManager tab="users" actions={invite}>
      <Answered query={members}>
        {(all) =>
          all.length === 0 ? (
            <Nothing
              title="Nobody has a role of this project"
              description="Owners of the organization see it all the same."
            >
              {invite}
            </Nothing>
          ) : (
            <MembersTable members={all} place={place} open={(dialog, user) => go({ dialog, user })} />
          )
        }
      </Answered>
      {search.dialog === 'invite' && <MemberDialog place={place} onClose={close} />}
      {search.dialog === 'edit' && named && <MemberDialog place={place} member={named} onClose={close} />}
      {search.dialog === 'remove' && named && <RemoveMember place={place} member={named} onClose={close} />}
      {search.dialog === 'invitation' && named && <Invitation place={place} member={named} onClose={close} />}
    </AccessManager>
  )
}
