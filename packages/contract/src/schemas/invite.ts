// Invitations as 2023-01-01 has them. One is a member that is pending (user.ts), under the id of its account.

import { z } from 'zod'
import { link } from './paging.ts'
import { groupRoleList, objectId, orgRoleList } from './role.ts'
import { username } from './user.ts'

const invite = z.object({
  createdAt: z.string(),
  expiresAt: z.string(),
  id: z.string(),
  inviterUsername: z.string(),
  links: z.array(link),
  roles: z.array(z.string()),
  username: z.string(),
})
const orgInvite = invite.extend({
  groupRoleAssignments: z.array(z.object({ groupId: z.string(), roles: z.array(z.string()) })),
  orgId: z.string(),
  orgName: z.string(),
  teamIds: z.array(z.string()),
})
const groupInvite = invite.extend({ groupId: z.string(), groupName: z.string() })

/** Clients send an empty name for none. */
const ofName = z.object({ username: z.string().max(254).optional() })

const rolesAround = {
  groupRoleAssignments: z
    .array(z.object({ groupId: objectId, roles: groupRoleList }))
    .max(500)
    .optional(),
  teamIds: z.array(objectId).max(250).optional(),
}
const orgChange = z.object({ ...rolesAround, roles: orgRoleList.optional() })
const groupChange = z.object({ roles: groupRoleList })

export const inviteSchemas = {
  listOrgInvites: { query: ofName, reply: z.array(orgInvite) },
  createOrgInvite: { body: z.object({ ...rolesAround, roles: orgRoleList, username }), reply: orgInvite },
  updateOrgInvites: { body: orgChange.extend({ username }), reply: orgInvite },
  getOrgInvite: { reply: orgInvite },
  updateOrgInviteById: { body: orgChange, reply: orgInvite },
  listGroupInvites: { query: ofName, reply: z.array(groupInvite) },
  createGroupInvite: { body: groupChange.extend({ username }), reply: groupInvite },
  updateGroupInvites: { body: groupChange.extend({ username }), reply: groupInvite },
  getGroupInvite: { reply: groupInvite },
  updateGroupInviteById: { body: groupChange, reply: groupInvite },
} as const
