// The database users, each with what they may do and how they stand on the clusters.

import { Cell, Row } from '@leafygreen-ui/table'
import { type RowAction, RowActions } from '../../frame/row-actions.tsx'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { StandingBadge } from '../database-access/standing.tsx'
import type { Standing } from '../database-access/standing-told.ts'
import { type DatabaseUser, methodOf, rolesTold } from './user-form.ts'

const columns = [
  'User Name',
  'Authentication Method',
  'MongoDB Roles',
  'Resources',
  'Expires',
  'State',
  'Description',
  'Actions',
]

interface Shown {
  readonly users: readonly DatabaseUser[]
  readonly standings: readonly Standing[]
  readonly open: (dialog: 'edit' | 'certificates' | 'delete', user: DatabaseUser) => void
}

export const UsersTable = ({ users, standings, open }: Shown) => (
  <WideTable label="Database users" columns={columns}>
    {users.map((user) => {
      const { username, databaseName, scopes, deleteAfterDate, description } = user
      const standing = standings.find(
        (one) => one.kind === 'USER' && one.name === username && one.databaseName === databaseName,
      )
      return (
        <Row key={`${databaseName}/${username}`}>
          <Cell>
            <strong>{username}</strong>
          </Cell>
          <Cell>
            {methodOf(user)} ({databaseName})
          </Cell>
          <Cell>{rolesTold(user).join(', ')}</Cell>
          <Cell>{scopes.length === 0 ? 'All resources' : scopes.map(({ name }) => name).join(', ')}</Cell>
          <Cell>{deleteAfterDate === undefined ? 'Never' : <When at={deleteAfterDate} />}</Cell>
          <Cell>
            <StandingBadge standing={standing} />
          </Cell>
          <Cell>{description}</Cell>
          <Cell>
            <RowActions actions={actionsOf(user, open)} />
          </Cell>
        </Row>
      )
    })}
  </WideTable>
)

const actionsOf = (user: DatabaseUser, open: Shown['open']): readonly RowAction[] => [
  {
    word: 'Edit',
    label: `Edit ${user.username}`,
    operation: 'updateGroupDatabaseUser',
    onClick: () => open('edit', user),
  },
  ...(user.x509Type === 'MANAGED'
    ? [
        {
          word: 'Certificates',
          label: `Certificates of ${user.username}`,
          operation: 'listGroupDatabaseUserCerts',
          onClick: () => open('certificates', user),
        } as const,
      ]
    : []),
  {
    word: 'Delete',
    label: `Delete ${user.username}`,
    operation: 'deleteGroupDatabaseUser',
    onClick: () => open('delete', user),
  },
]
