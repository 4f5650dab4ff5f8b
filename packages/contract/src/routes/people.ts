// Operations on people: their accounts, their places in organizations and groups, teams, and how people come in. Part of
// the one table in ../routes.ts.

import type { Route } from './route.ts'

const v2 = '/api/atlas/v2'
const own = '/api/postern/v1'
const v20230101 = ['2023-01-01'] as const
const v20250219 = ['2025-02-19'] as const
const peopleVersions = ['2023-01-01', '2025-02-19'] as const

const anyone = { kind: 'public' } as const
const actor = { kind: 'authenticated' } as const
const member = { kind: 'org', roles: ['ORG_MEMBER'] } as const
const orgOwner = { kind: 'org', roles: ['ORG_OWNER'] } as const
const reader = { kind: 'group', roles: ['GROUP_READ_ONLY'] } as const
const owner = { kind: 'group', roles: ['GROUP_OWNER'] } as const
const accessManager = { kind: 'group', roles: ['GROUP_ACCESS_MANAGER'] } as const
const accessManagerOrSelf = { kind: 'groupOrSelf', roles: ['GROUP_ACCESS_MANAGER'] } as const

export const peopleRoutes = {
  // People: accounts, their places in organizations and groups, and teams
  /** Whom one may give which role is judged by the handler: the body names the places. */
  createUser: { method: 'POST', path: `${v2}/users`, versions: v20230101, status: 201, access: actor, v1: true },
  getUser: { method: 'GET', path: `${v2}/users/{userId}`, versions: v20230101, status: 200, access: actor, v1: true },
  getUserByName: {
    method: 'GET',
    path: `${v2}/users/byName/{userName}`,
    versions: v20230101,
    status: 200,
    access: actor,
    v1: true,
  },
  listOrgUsers: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}/users`,
    versions: peopleVersions,
    status: 200,
    access: member,
    paged: true,
    v1: true,
  },
  createOrgUser: {
    method: 'POST',
    path: `${v2}/orgs/{orgId}/users`,
    versions: v20250219,
    status: 201,
    access: orgOwner,
  },
  getOrgUser: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}/users/{userId}`,
    versions: v20250219,
    status: 200,
    access: member,
  },
  updateOrgUser: {
    method: 'PATCH',
    path: `${v2}/orgs/{orgId}/users/{userId}`,
    versions: v20250219,
    status: 200,
    access: orgOwner,
  },
  removeOrgUser: {
    method: 'DELETE',
    path: `${v2}/orgs/{orgId}/users/{userId}`,
    versions: peopleVersions,
    status: 204,
    access: orgOwner,
    v1: true,
  },
  updateOrgUserRoles: {
    method: 'PUT',
    path: `${v2}/orgs/{orgId}/users/{userId}/roles`,
    versions: v20230101,
    status: 200,
    access: orgOwner,
  },
  addOrgUserRole: {
    method: 'POST',
    path: `${v2}/orgs/{orgId}/users/{userId}:addRole`,
    versions: v20250219,
    status: 200,
    access: orgOwner,
  },
  removeOrgUserRole: {
    method: 'POST',
    path: `${v2}/orgs/{orgId}/users/{userId}:removeRole`,
    versions: v20250219,
    status: 200,
    access: orgOwner,
  },
  listGroupUsers: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/users`,
    versions: peopleVersions,
    status: 200,
    access: reader,
    paged: true,
    v1: true,
  },
  addGroupUsers: {
    method: 'POST',
    path: `${v2}/groups/{groupId}/users`,
    versions: v20250219,
    status: 201,
    access: accessManagerOrSelf,
  },
  getGroupUser: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/users/{userId}`,
    versions: v20250219,
    status: 200,
    access: reader,
  },
  removeGroupUser: {
    method: 'DELETE',
    path: `${v2}/groups/{groupId}/users/{userId}`,
    versions: peopleVersions,
    status: 204,
    access: accessManager,
    v1: true,
  },
  updateGroupUserRoles: {
    method: 'PUT',
    path: `${v2}/groups/{groupId}/users/{userId}/roles`,
    versions: v20230101,
    status: 200,
    access: owner,
  },
  addGroupUserRole: {
    method: 'POST',
    path: `${v2}/groups/{groupId}/users/{userId}:addRole`,
    versions: v20250219,
    status: 200,
    access: accessManagerOrSelf,
  },
  removeGroupUserRole: {
    method: 'POST',
    path: `${v2}/groups/{groupId}/users/{userId}:removeRole`,
    versions: v20250219,
    status: 200,
    access: accessManager,
  },
  listOrgTeams: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}/teams`,
    versions: v20230101,
    status: 200,
    access: member,
    paged: true,
    v1: true,
  },
  createOrgTeam: {
    method: 'POST',
    path: `${v2}/orgs/{orgId}/teams`,
    versions: v20230101,
    status: 201,
    access: orgOwner,
    v1: true,
  },
  getOrgTeam: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}/teams/{teamId}`,
    versions: v20230101,
    status: 200,
    access: member,
    v1: true,
  },
  getOrgTeamByName: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}/teams/byName/{teamName}`,
    versions: v20230101,
    status: 200,
    access: member,
    v1: true,
  },
  renameOrgTeam: {
    method: 'PATCH',
    path: `${v2}/orgs/{orgId}/teams/{teamId}`,
    versions: v20230101,
    status: 200,
    access: orgOwner,
    v1: true,
  },
  deleteOrgTeam: {
    method: 'DELETE',
    path: `${v2}/orgs/{orgId}/teams/{teamId}`,
    versions: v20230101,
    status: 204,
    access: orgOwner,
    v1: true,
  },
  listOrgTeamUsers: {
    method: 'GET',
    path: `${v2}/orgs/{orgId}/teams/{teamId}/users`,
    versions: peopleVersions,
    status: 200,
    access: member,
    paged: true,
    v1: true,
  },
  addOrgTeamUsers: {
    method: 'POST',
    path: `${v2}/orgs/{orgId}/teams/{teamId}/users`,
    versions: v20230101,
    status: 200,
    access: orgOwner,
    v1: true,
  },
  addOrgTeamUser: {
    method: 'POST',
    path: `${v2}/orgs/{orgId}/teams/{teamId}:addUser`,
    versions: v20250219,
    status: 200,
    access: orgOwner,
  },
  removeOrgTeamUser: {
    method: 'POST',
    path: `${v2}/orgs/{orgId}/teams/{teamId}:removeUser`,
    versions: v20250219,
    status: 200,
    access: orgOwner,
  },
  removeOrgTeamUserFromTeam: {
    method: 'DELETE',
    path: `${v2}/orgs/{orgId}/teams/{teamId}/users/{userId}`,
    versions: v20230101,
    status: 204,
    access: orgOwner,
    v1: true,
  },
  listGroupTeams: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/teams`,
    versions: v20230101,
    status: 200,
    access: reader,
    paged: true,
    v1: true,
  },
  addGroupTeams: {
    method: 'POST',
    path: `${v2}/groups/{groupId}/teams`,
    versions: v20230101,
    status: 200,
    access: accessManager,
    v1: true,
  },
  getGroupTeam: {
    method: 'GET',
    path: `${v2}/groups/{groupId}/teams/{teamId}`,
    versions: v20230101,
    status: 200,
    access: reader,
    v1: true,
  },
  updateGroupTeam: {
    method: 'PATCH',
    path: `${v2}/groups/{groupId}/teams/{teamId}`,
    versions: v20230101,
    status: 200,
    access: accessManager,
    v1: true,
  },
  removeGroupTeam: {
    method: 'DELETE',
    path: `${v2}/groups/{groupId}/teams/{teamId}`,
    versions: v20230101,
    status: 204,
    access: accessManager,
    v1: true,
  },

  // How people come in: the console's session, and the acceptance of an invitation
  createSession: { method: 'POST', path: `${own}/session`, versions: [], status: 201, access: anyone },
  createSessionLink: {
    method: 'POST',
    path: `${own}/orgs/{orgId}/users/{userId}/sessionLink`,
    versions: [],
    status: 201,
    access: orgOwner,
  },
  createSessionByLink: { method: 'POST', path: `${own}/session/link`, versions: [], status: 201, access: anyone },
  getSession: { method: 'GET', path: `${own}/session`, versions: [], status: 200, access: actor },
  /** Public: whoever has no session any more has ended it. */
  deleteSession: { method: 'DELETE', path: `${own}/session`, versions: [], status: 204, access: anyone },
  changeSessionPassword: { method: 'POST', path: `${own}/session/password`, versions: [], status: 204, access: actor },
  createInvitationToken: {
    method: 'POST',
    path: `${own}/orgs/{orgId}/users/{userId}/invitationToken`,
    versions: [],
    status: 201,
    access: orgOwner,
  },
  /** Public, as acceptance is: whoever holds the token may know what it is for. It is in the body, which no log has. */
  describeInvitation: {
    method: 'POST',
    path: `${own}/invitations/describe`,
    versions: [],
    status: 200,
    access: anyone,
  },
  acceptInvitation: { method: 'POST', path: `${own}/invitations/accept`, versions: [], status: 200, access: anyone },
} as const satisfies Record<string, Route>
