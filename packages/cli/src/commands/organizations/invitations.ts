// `organizations invitations …`. Who accepts one needs its token: `api console createInvitationToken`.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Flag, Leaf } from '../../core/command.ts'
import { orgId } from '../../core/global-flags.ts'
import { exactlyOne } from '../flag-groups.ts'
import { invitationCommands } from '../invitations.ts'
import { file, readJsonFile } from '../json-file.ts'
import { orgRole, orgRolesOf } from '../roles.ts'

const teamId: Flag = { name: 'teamId', kind: 'list', usage: 'Teams that they are in then.' }

export const organizationInvitationCommands: readonly Leaf[] = invitationCommands({
  commandLine: 'organizations invitations',
  whose: 'your organization',
  owner: 'Organization Owner',
  place: orgId,
  params: async (context) => ({ orgId: await context.orgId() }),
  invite: {
    long: 'They are pending until they accept.',
    flags: [orgRole, teamId],
    example: ['Invite a member:', 'organizations invitations invite ann@example.com --role ORG_MEMBER'],
    call: (client, params, context, username) =>
      client.call('createOrgInvite', {
        params,
        body: { username, roles: orgRolesOf(context), teamIds: [...context.list('teamId')] },
      }),
  },
  list: (client, params, query) => client.call('listOrgInvites', { params, query }),
  get: (client, params) => client.call('getOrgInvite', { params }),
  update: {
    flags: [{ name: 'role', kind: 'list', usage: orgRole.usage }, file],
    exampleRole: 'ORG_OWNER',
    change: async (context) => {
      exactlyOne(context, 'role', 'file')
      // What the file says is for the server to judge.
      return context.isSet('file')
        ? ((await readJsonFile(context.text('file'))) as BodyInputOf<'updateOrgInviteById'>)
        : { roles: orgRolesOf(context) }
    },
    byId: (client, params, body) => client.call('updateOrgInviteById', { params, body }),
    byAddress: (client, params, body) => client.call('updateOrgInvites', { params, body }),
  },
  delete: { call: (client, params) => client.call('deleteOrgInvite', { params }) },
})
