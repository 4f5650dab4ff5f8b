// The members of the place, and what can be done to them, by the operations of a project or of an organization.

import type { GroupRole, OrgRole } from '@postern/contract/roles'
import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/operation.ts'
import { type AccessPlace, paramsOf } from '../access-manager/access-place.ts'
import { membersOfGroup, membersOfOrg } from './member.ts'

const query = {
  itemsPerPage: 500,
  orgMembershipStatuses: ['ACTIVE', 'PENDING', 'INVITATION_EXPIRED'] as ('ACTIVE' | 'PENDING' | 'INVITATION_EXPIRED')[],
}

export const useMembers = (place: AccessPlace) => {
  const { kind, id } = place
  return useQuery({
    queryKey: ['members', { params: paramsOf(place) }],
    enabled: id !== '',
    queryFn: async () =>
      kind === 'group'
        ? membersOfGroup(await call('listGroupUsers', { params: { groupId: id }, query }))
        : membersOfOrg(await call('listOrgUsers', { params: { orgId: id }, query })),
  })
}

export const memberOperations = {
  group: { invite: 'addGroupUsers', change: 'updateGroupUserRoles', remove: 'removeGroupUser' },
  org: { invite: 'createOrgUser', change: 'updateOrgUserRoles', remove: 'removeOrgUser' },
} as const

interface Wish {
  readonly username: string
  readonly roles: readonly string[]
}

export const invite = ({ kind, id }: AccessPlace, { username, roles }: Wish): Promise<unknown> =>
  kind === 'group'
    ? call('addGroupUsers', { params: { groupId: id }, body: { username, roles: roles as GroupRole[] } })
    : call('createOrgUser', { params: { orgId: id }, body: { username, roles: { orgRoles: roles as OrgRole[] } } })

export const changeRoles = ({ kind, id }: AccessPlace, userId: string, roles: readonly string[]): Promise<unknown> =>
  kind === 'group'
    ? call('updateGroupUserRoles', { params: { groupId: id, userId }, body: { groupRoles: roles as GroupRole[] } })
    : call('updateOrgUserRoles', { params: { orgId: id, userId }, body: { orgRoles: roles as OrgRole[] } })

export const removeMember = ({ kind, id }: AccessPlace, userId: string): Promise<unknown> =>
  kind === 'group'
    ? call('removeGroupUser', { params: { groupId: id, userId } })
    : call('removeOrgUser', { params: { orgId: id, userId } })
