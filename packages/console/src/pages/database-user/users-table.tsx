// The database users, each with what they may do and how they stand on the clusters.

import { Cell, HeaderCell, HeaderRow, Row, TableBody, TableHead } from '@leafygreen-ui/table'
import { MayButton } from '../../frame/may.tsx'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { StandingBadge } from '../database-access/standing.tsx'
import type { Standing } from '../database-access/standing-told.ts'
import styles from './database-user.module.css'
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
  readonly open: (dialog: 'edit' | 'delete', user: DatabaseUser) => void
}

export const UsersTable = ({ users, standings, open }: Shown) => (
  <WideTable label="Database users">
    <TableHead>
      <HeaderRow>
        {columns.map((name) => (
          <HeaderCell key={name}>{name}</HeaderCell>
        ))}
      </HeaderRow>
    </TableHead>
    <TableBody>
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
              <span className={styles.actions}>
                <MayButton
                  size="xsmall"
                  operation="updateGroupDatabaseUser"
                  aria-label={`Edit ${username}`}
                  onClick={() => open('edit', user)}
                >
                  Edit
                </MayButton>
                <MayButton
                  size="xsmall"
                  operation="deleteGroupDatabaseUser"
                  aria-label={`Delete ${username}`}
                  onClick={() => open('delete', user)}
                >
                  Delete
                </MayButton>
              </span>
            </Cell>
          </Row>
        )
      })}
    </TableBody>
  </WideTable>
)
