// People: accounts, and their places in organizations and groups. Two forms of one person: the account (2023-01-01) with
// every role in one list, and the member (2025-02-19), who may be one that was only invited yet.

import { z } from 'zod'
import { link, pageOf } from './paging.ts'
import { repeated } from './query.ts'
import { groupRole, groupRoleList, objectId, orgRole, orgRoleList, roleAssignment } from './role.ts'

export const username = z.email('must be an e-mail address').max(254)
export const password = z.string().min(8, 'must have at least 8 characters').max(1024)
export const personName = z.string().min(1).max(128)

/** An account, as 2023-01-01 shows it. */
export const cloudUser = z.object({
  country: z.string(),
  createdAt: z.string(),
  emailAddress: z.string(),
  firstName: z.string(),
  id: z.string(),
  lastAuth: z.string().optional(),
  lastName: z.string(),
  links: z.array(link),
  roles: z.array(roleAssignment),
  teamIds: z.array(z.string()),
  username: z.string(),
})

const active = {
  country: z.string(),
  createdAt: z.string(),
  firstName: z.string(),
  id: z.string(),
  lastAuth: z.string().optional(),
  lastName: z.string(),
  mobileNumber: z.string().nullable(),
  orgMembershipStatus: z.literal('ACTIVE'),
}
const invited = {
  id: z.string(),
  invitationCreatedAt: z.string(),
  invitationExpiresAt: z.string(),
  inviterUsername: z.string(),
  orgMembershipStatus: z.enum(['PENDING', 'INVITATION_EXPIRED']),
}
const inOrg = {
  roles: z.object({
    groupRoleAssignments: z.array(z.object({ groupId: z.string(), groupRoles: z.array(z.string()) })),
    orgRoles: z.array(z.string()),
  }),
  teamIds: z.array(z.string()),
  username: z.string(),
}
const inGroup = { roles: z.array(z.string()), username: z.string() }

/** A member of an organization, as 2025-02-19 shows one. */
export const orgUser = z.union([z.object({ ...active, ...inOrg }), z.object({ ...invited, ...inOrg })])
const groupUser = z.union([z.object({ ...active, ...inGroup }), z.object({ ...invited, ...inGroup })])

const membershipStatus = z.enum(['PENDING', 'ACTIVE', 'INVITATION_EXPIRED', 'INVITATION_REJECTED'])
const flag = z.enum(['true', 'false', 'TRUE', 'FALSE']).transform((text) => text.toLowerCase() === 'true')

/** Which members of a list are meant. */
export const memberFilter = z.object({
  username: z.string().max(254).optional(),
  /** The deprecated spelling of the next. */
  orgMembershipStatus: membershipStatus.optional(),
  orgMembershipStatuses: repeated(membershipStatus),
})

const groupRoleAssignments = z.array(z.object({ groupId: objectId, groupRoles: groupRoleList })).max(500)
const orgUserRoles = z.object({ groupRoleAssignments: groupRoleAssignments.optional(), orgRoles: orgRoleList })
const teamIds = z.array(objectId).max(250)

export const userSchemas = {
  createUser: {
    body: z.object({
      country: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters'),
      firstName: personName,
      lastName: personName,
      mobileNumber: z.string().max(32).optional(),
      password,
      roles: z
        .array(
          z.union([
            z.object({ orgId: objectId, roleName: orgRole }),
            z.object({ groupId: objectId, roleName: groupRole }),
          ]),
        )
        .max(500),
      username,
    }),
    reply: cloudUser,
  },
  getUser: { reply: cloudUser },
  getUserByName: { reply: cloudUser },

  listOrgUsers: { query: memberFilter, reply: z.union([pageOf(orgUser), pageOf(cloudUser)]) },
  createOrgUser: { body: z.object({ roles: orgUserRoles, teamIds: teamIds.optional(), username }), reply: orgUser },
  getOrgUser: { reply: orgUser },
  updateOrgUser: {
    body: z.object({ roles: orgUserRoles.optional(), teamIds: teamIds.optional() }),
    reply: orgUser,
  },
  updateOrgUserRoles: {
    body: z.object({ orgRoles: orgRoleList }),
    reply: z.object({ links: z.array(link), orgRoles: z.array(z.string()) }),
  },
  addOrgUserRole: { body: z.object({ orgRole }), reply: orgUser },
  removeOrgUserRole: { body: z.object({ orgRole }), reply: orgUser },

  listGroupUsers: {
    query: memberFilter.extend({ flattenTeams: flag.optional(), includeOrgUsers: flag.optional() }),
    reply: z.union([pageOf(groupUser), pageOf(cloudUser)]),
  },
  addGroupUsers: { body: z.object({ roles: groupRoleList, username }), reply: groupUser },
  getGroupUser: { reply: groupUser },
  updateGroupUserRoles: {
    body: z.object({ groupRoles: groupRoleList }),
    reply: z.object({ groupRoles: z.array(z.string()), links: z.array(link) }),
  },
  addGroupUserRole: { body: z.object({ groupRole }), reply: groupUser },
  removeGroupUserRole: { body: z.object({ groupRole }), reply: groupUser },
} as const
