// What the pages of teams read: the organization's teams and its people; of a project, which teams have roles there.

import { useWholeList } from '../../api/whole-list.ts'
import { membersOf } from './team.ts'

export const useTeams = (orgId: string) => useWholeList('listOrgTeams', { params: { orgId } })

/** Invited ones too: they may be in a team, and count once they have accepted. */
export const useOrgMembers = (orgId: string) =>
  membersOf(useWholeList('listOrgUsers', { params: { orgId } }).data ?? [])
