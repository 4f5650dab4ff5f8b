// Invitations as the Atlas CLI and Terraform make them: members that are pending, in the form of before 2025-02-19. Atlas
// has these operations; the contract that is kept here leaves them out. Part of the one table in ../routes.ts.

import type { Access, Route } from './route.ts'

const v2 = '/api/atlas/v2'

const on =
  <const Path extends string, const Who extends Access>(path: Path, access: Who) =>
  <const Method extends Route['method']>(method: Method, status: 200 | 204 = 200) =>
    ({ method, path, versions: ['2023-01-01'], status, access, v1: true }) as const

const orgOwner = { kind: 'org', roles: ['ORG_OWNER'] } as const
const owner = { kind: 'group', roles: ['GROUP_OWNER'] } as const
const orgInvites = on(`${v2}/orgs/{orgId}/invites`, orgOwner)
const orgInvite = on(`${v2}/orgs/{orgId}/invites/{invitationId}`, orgOwner)
const groupInvites = on(`${v2}/groups/{groupId}/invites`, owner)
const groupInvite = on(`${v2}/groups/{groupId}/invites/{invitationId}`, owner)

export const inviteRoutes = {
  listOrgInvites: orgInvites('GET'),
  createOrgInvite: orgInvites('POST'),
  updateOrgInvites: orgInvites('PATCH'),
  getOrgInvite: orgInvite('GET'),
  updateOrgInviteById: orgInvite('PATCH'),
  deleteOrgInvite: orgInvite('DELETE', 204),
  listGroupInvites: groupInvites('GET'),
  createGroupInvite: groupInvites('POST'),
  updateGroupInvites: groupInvites('PATCH'),
  getGroupInvite: groupInvite('GET'),
  updateGroupInviteById: groupInvite('PATCH'),
  deleteGroupInvite: groupInvite('DELETE', 204),
} as const satisfies Record<string, Route>
