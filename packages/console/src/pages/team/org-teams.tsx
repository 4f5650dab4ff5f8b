// An organization's teams: made, named, filled, deleted.

import { Cell, Row } from '@leafygreen-ui/table'
import { call } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { ConfirmDialog } from '../../frame/confirm-dialog.tsx'
import { MayButton } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { type RowAction, RowActions } from '../../frame/row-actions.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { WideTable } from '../../frame/wide-table.tsx'
import { AccessManager } from '../access-manager/access-manager.tsx'
import { isIn, peopleTold, type Team } from './team.ts'
import { TeamDialog } from './team-dialog.tsx'
import { TeamMembers } from './team-members.tsx'
import { useOrgMembers, useTeams } from './use-teams.ts'

export function OrgTeams({ orgId }: { readonly orgId: string }) {
  const teams = useTeams(orgId)
  const members = useOrgMembers(orgId)
  const { search, go, replace } = useUrlState()
  const named = teams.data?.find(({ id }) => id === search.team)
  const close = (): void => replace({ dialog: undefined, team: undefined })
  const create = (
    <MayButton operation="createOrgTeam" variant="primary" onClick={() => go({ dialog: 'create' })}>
      Create Team
    </MayButton>
  )
  return (
    <AccessManager tab="teams" actions={create}>
      <Answered query={teams}>
        {(all) =>
          all.length === 0 ? (
            <Nothing title="No team yet" description="People in a team are given roles of projects together.">
              {create}
            </Nothing>
          ) : (
            <WideTable label="Teams" columns={['Team', 'Members', 'Actions']}>
              {all.map((team) => (
                <Row key={team.id}>
                  <Cell>
                    <strong>{team.name}</strong>
                  </Cell>
                  <Cell>{peopleTold(members.filter(isIn(team.id)))}</Cell>
                  <Cell>
                    <RowActions actions={actionsOf(team, (dialog) => go({ dialog, team: team.id }))} />
                  </Cell>
                </Row>
              ))}
            </WideTable>
          )
        }
      </Answered>
      {search.dialog === 'create' && (
        <TeamDialog
          orgId={orgId}
          onClose={close}
          // A new team is empty: on to its members.
          onMade={(team) => replace({ dialog: 'members', team })}
        />
      )}
      {search.dialog === 'rename' && named && <TeamDialog orgId={orgId} team={named} onClose={close} />}
      {search.dialog === 'members' && named && (
        <TeamMembers orgId={orgId} team={named} members={members} onClose={close} />
      )}
      {search.dialog === 'delete' && named && (
        <ConfirmDialog
          title="Delete Team"
          says={`Everybody in ${named.name} loses the roles that it has in projects. They stay in the organization.`}
          work={() => call('deleteOrgTeam', { params: { orgId, teamId: named.id } })}
          done={`${named.name} is deleted`}
          onClose={close}
        />
      )}
    </AccessManager>
  )
}

const actionsOf = ({ name }: Team, open: (dialog: string) => void): readonly RowAction[] => [
  {
    word: 'Members',
    label: `Members of ${name}`,
    operation: 'listOrgTeamUsers',
    onClick: () => open('members'),
  },
  { word: 'Rename', label: `Rename ${name}`, operation: 'renameOrgTeam', onClick: () => open('rename') },
  { word: 'Delete', label: `Delete ${name}`, operation: 'deleteOrgTeam', onClick: () => open('delete') },
]
