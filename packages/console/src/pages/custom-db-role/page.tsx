// Database Access → Custom Roles: privileges under a name of one's own, given to database users.

import { Cell, Row } from '@leafygreen-ui/table'
import { useOperation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { MayButton } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { useGroupId } from '../../frame/place.ts'
import { type RowAction, RowActions } from '../../frame/row-actions.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { WideTable } from '../../frame/wide-table.tsx'
import { DatabaseAccess } from '../database-access/database-access.tsx'
import { StandingBadge } from '../database-access/standing.tsx'
import styles from './custom-db-role.module.css'
import { DeleteRole } from './delete-role.tsx'
import { RoleDialog } from './role-dialog.tsx'
import { type CustomRole, privilegesTold } from './role-form.ts'

export function Page() {
  const groupId = useGroupId()
  const roles = useOperation('listGroupCustomDbRoleRoles', { params: { groupId } })
  const { search, go, replace } = useUrlState()
  const named = roles.data?.find(({ roleName }) => roleName === search.role)
  const close = (): void => replace({ dialog: undefined, role: undefined })
  const add = (
    <MayButton operation="createGroupCustomDbRoleRole" variant="primary" onClick={() => go({ dialog: 'add' })}>
      Add New Custom Role
    </MayButton>
  )
  return (
    <DatabaseAccess tab="custom-roles" actions={add}>
      <Answered query={roles}>
        {(all) =>
          all.length === 0 ? (
            <Nothing
              title="No custom role yet"
              description="A custom role gives exactly the privileges that an application needs."
            >
              {add}
            </Nothing>
          ) : (
            <RolesTable roles={all} open={(dialog, role) => go({ dialog, role })} />
          )
        }
      </Answered>
      {search.dialog === 'add' && <RoleDialog onClose={close} />}
      {search.dialog === 'edit' && named && <RoleDialog role={named} onClose={close} />}
      {search.dialog === 'delete' && named && <DeleteRole role={named} onClose={close} />}
    </DatabaseAccess>
  )
}

interface Shown {
  readonly roles: readonly CustomRole[]
  readonly open: (dialog: 'edit' | 'delete', roleName: string) => void
}

const actionsOf = ({ roleName }: CustomRole, open: Shown['open']): readonly RowAction[] => [
  {
    word: 'Edit',
    label: `Edit ${roleName}`,
    operation: 'updateGroupCustomDbRoleRole',
    onClick: () => open('edit', roleName),
  },
  {
    word: 'Delete',
    label: `Delete ${roleName}`,
    operation: 'deleteGroupCustomDbRoleRole',
    onClick: () => open('delete', roleName),
  },
]

function RolesTable({ roles, open }: Shown) {
  const groupId = useGroupId()
  const standings = useOperation('listGroupDatabaseAccess', { params: { groupId } }).data?.results ?? []
  return (
    <WideTable label="Custom roles" columns={['Role Name', 'Privileges', 'State', 'Actions']}>
      {roles.map((role) => (
        <Row key={role.roleName}>
          <Cell>
            <strong>{role.roleName}</strong>
          </Cell>
          <Cell>
            <span className={styles.privileges}>{privilegesTold(role).join('; ')}</span>
          </Cell>
          <Cell>
            <StandingBadge standing={standings.find(({ kind, name }) => kind === 'ROLE' && name === role.roleName)} />
          </Cell>
          <Cell>
            <RowActions actions={actionsOf(role, open)} />
          </Cell>
        </Row>
      ))}
    </WideTable>
  )
}
