// A group can be deleted between the moment when a request was let in and its write. The database refuses that write by
// its foreign key, and the caller is told what a moment later they would be told: there is no such group.

import { AtlasError } from '@postern/contract/errors'
import { brokenReference } from '../store/store-error.ts'

/** GROUP_NOT_FOUND where a write failed because its group is gone; else what was thrown, as it is. */
export const orGroupGone = (thrown: unknown, groupId: string | undefined): unknown =>
  groupId !== undefined && brokenReference(thrown)?.endsWith('_group_id_fkey')
    ? new AtlasError('GROUP_NOT_FOUND', { groupId }, { cause: thrown })
    : thrown
