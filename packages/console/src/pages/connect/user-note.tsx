// A user that was just created is set on each deployment by itself: until it is on this one, it is not let in.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { useOperation } from '../../api/operation.ts'
import { useGroupId } from '../../frame/place.ts'

interface UserNoteProps {
  readonly clusterName: string
  readonly username: string
}

export function UserNote({ clusterName, username }: UserNoteProps) {
  const { data } = useOperation('listGroupDatabaseAccess', { params: { groupId: useGroupId() } })
  const standing = data?.results.find(
    ({ kind, name, databaseName }) => kind === 'USER' && name === username && databaseName === 'admin',
  )
  const waits = standing !== undefined && !standing.clusters.includes(clusterName)
  return (
    <div role="status">
      {waits && (
        <Banner variant={Variant.Warning}>
          Database user {username} is not on {clusterName} yet, so it is not let in.{' '}
          {standing.errorMessage ?? 'This line goes when it is.'}
        </Banner>
      )}
    </div>
  )
}
