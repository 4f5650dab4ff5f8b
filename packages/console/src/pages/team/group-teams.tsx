// The teams that have roles of a project: everybody in one has them.

import { Cell, Row } from '@leafygreen-ui/table'
import { Link } from '@tanstack/react-router'
import { call } from '../../api/operation.ts'
import { useWholeList } from '../../api/whole-list.ts'
import { Answered } from '../../frame/answered.tsx'
import { ConfirmDialog } from '../../frame/confirm-dialog.tsx'
import { MayButton } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { RowActions } from '../../frame/row-actions.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { WideTable } from '../../frame/wide-table.tsx'
import { AccessManager } from '../access-manager/access-manager.tsx'
import { rolesTold } from '../access-manager/access-place.ts'
import { GroupTeamDialog } from './group-team-dialog.tsx'
import styles from './team.module.css'
import { isIn, peopleTold } from './team.ts'
import { useOrgMembers, useTeams } from './use-teams.ts'

export function GroupTeams({ groupId, orgId }: { readonly groupId: string; readonly orgId: string }) {
  const onGroup = useWholeList('listGroupTeams', { params: { groupId } })
  const teams = useTeams(orgId).data ?? []
  const members = useOrgMembers(orgId)
  const { search, go, replace } = useUrlState()
  const nameOf = (teamId: string): string => teams.find(({ id }) => id === teamId)?.name ?? teamId
  const named = onGroup.data?.find(({ teamId }) => teamId === search.team)
  const close = (): void => replace({ dialog: undefined, team: undefined })
  const add = (
    <MayButton operation="addGroupTeams" variant="primary" onClick={() => go({ dialog: 'add' })}>
      Add Team to Project
    </MayButton>
  )
  return (
    <AccessManager tab="teams" actions={add}>
      <Answered query={onGroup}>
        {(all) =>
          all.length === 0 ? (
            <Nothing
              title="No team has a role of this project"
              description="Everybody in a team has the roles that it has."
            >
              {add}
            </Nothing>
          ) : (
            <WideTable label="Teams" columns={['Team', 'Members', 'Roles', 'Actions']}>
              {all.map(({ teamId, roleNames }) => (
                <Row key={teamId}>
                  <Cell>
                    <strong>{nameOf(teamId)}</strong>
                  </Cell>
                  <Cell>{peopleTold(members.filter(isIn(teamId)))}</Cell>
                  <Cell>{rolesTold(roleNames)}</Cell>
                  <Cell>
                    <RowActions
                      actions={[
                        {
                          word: 'Edit Roles',
                          label: `Edit roles of ${nameOf(teamId)}`,
                          operation: 'updateGroupTeam',
                          onClick: () => go({ dialog: 'edit', team: teamId }),
                        },
                        {
                          word: 'Remove',
                          label: `Remove ${nameOf(teamId)}`,
                          operation: 'removeGroupTeam',
                          onClick: () => go({ dialog: 'remove', team: teamId }),
                        },
                      ]}
                    />
                  </Cell>
                </Row>
              ))}
            </WideTable>
          )
        }
      </Answered>
      <p className={styles.elsewhere}>
        <Link to={`/orgs/${orgId}/access/teams`}>Teams of the organization</Link>: made and filled there.
      </p>
      {search.dialog === 'add' && (
        <GroupTeamDialog
          groupId={groupId}
          teams={teams.filter(({ id }) => !onGroup.data?.some(({ teamId }) => teamId === id))}
          onClose={close}
        />
      )}
      {search.dialog === 'edit' && named && (
        <GroupTeamDialog
          groupId={groupId}
          teams={[{ id: named.teamId, name: nameOf(named.teamId) }]}
          roles={named.roleNames}
          onClose={close}
        />
      )}
      {search.dialog === 'remove' && named && (
        <ConfirmDialog
          title="Remove Team from Project"
          says={`Everybody in ${nameOf(named.teamId)} loses the roles of this project that they have by it.`}
          work={() => call('removeGroupTeam', { params: { groupId, teamId: named.teamId } })}
          done={`${nameOf(named.teamId)} is removed`}
          onClose={close}
        />
      )}
    </AccessManager>
  )
}
