// `projects invitations …`: of people who are not in the organization yet; they are invited there as well.

import type { Leaf } from '../../core/command.ts'
import { projectId } from '../../core/global-flags.ts'
import { invitationCommands } from '../invitations.ts'
import { groupRole, groupRolesOf } from '../roles.ts'

export const projectInvitationCommands: readonly Leaf[] = invitationCommands({
  commandLine: 'projects invitations',
  whose: 'your project',
  owner: 'Project Owner',
  place: projectId,
  params: async (context) => ({ groupId: await context.groupId() }),
  invite: {
    long: 'They are invited to its organization as well, and pending until they accept.',
    flags: [groupRole],
    example: ['Invite a reader:', 'projects invitations invite ann@example.com --role GROUP_READ_ONLY'],
    call: (client, params, context, username) =>
      client.call('createGroupInvite', { params, body: { username, roles: groupRolesOf(context) } }),
  },
  list: (client, params, query) => client.call('listGroupInvites', { params, query }),
  get: (client, params) => client.call('getGroupInvite', { params }),
  update: {
    flags: [groupRole],
    exampleRole: 'GROUP_OWNER',
    change: async (context) => ({ roles: groupRolesOf(context) }),
    byId: (client, params, body) => client.call('updateGroupInviteById', { params, body }),
    byAddress: (client, params, body) => client.call('updateGroupInvites', { params, body }),
  },
  delete: {
    long: 'The one to the organization stays.',
    call: (client, params) => client.call('deleteGroupInvite', { params }),
  },
})
