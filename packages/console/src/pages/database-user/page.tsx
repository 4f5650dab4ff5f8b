// Database Access → Database Users: who may sign in to the project's clusters, and what they may do there.

import { useOperation } from '../../api/operation.ts'
import { useWholeList } from '../../api/whole-list.ts'
import { Answered } from '../../frame/answered.tsx'
import { MayButton } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import { DatabaseAccess } from '../database-access/database-access.tsx'
import { Certificates } from './certificates.tsx'
import { DeleteUser } from './delete-user.tsx'
import { UserDialog } from './user-dialog.tsx'
import { UsersTable } from './users-table.tsx'

export function Page() {
  const groupId = useGroupId()
  const users = useWholeList('listGroupDatabaseUsers', { params: { groupId } })
  const standings = useOperation('listGroupDatabaseAccess', { params: { groupId } }).data?.results ?? []
  const { search, go, replace } = useUrlState()
  const named = users.data?.find(
    ({ username, databaseName }) => username === search.user && databaseName === search.database,
  )
  const close = (): void => replace({ dialog: undefined, user: undefined, database: undefined })
  const add = (
    <MayButton operation="createGroupDatabaseUser" variant="primary" onClick={() => go({ dialog: 'add' })}>
      Add New Database User
    </MayButton>
  )
  return (
    <DatabaseAccess tab="users" actions={add}>
      <Answered query={users}>
        {(all) =>
          all.length === 0 ? (
            <Nothing
              title="No database user yet"
              description="An application signs in to a cluster as a database user. These are other people than those of Access Manager."
            >
              {add}
            </Nothing>
          ) : (
            <UsersTable
              users={all}
              standings={standings}
              open={(dialog, { username, databaseName }) => go({ dialog, user: username, database: databaseName })}
            />
          )
        }
      </Answered>
      {search.dialog === 'add' && <UserDialog onClose={close} />}
      {search.dialog === 'edit' && named !== undefined && <UserDialog user={named} onClose={close} />}
      {search.dialog === 'delete' && named !== undefined && <DeleteUser user={named} onClose={close} />}
      {search.dialog === 'certificates' && named !== undefined && <Certificates user={named} onClose={close} />}
    </DatabaseAccess>
  )
}
