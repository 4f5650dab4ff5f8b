// `projects invitations …`: of people who are not in the organization yet; they are invited there as well.

import type { Leaf } from '../../core/command.ts'
import { output, projectId } from '../../core/global-flags.ts'
import { row, rows } from '../../print/template.ts'
import { deletion } from '../deletion.ts'
import {
  email,
  emailArgument,
  invitationColumns,
  invitationId,
  invited,
  ofEmail,
  oneOf,
  updated,
} from '../invitations.ts'
import { groupRole, groupRolesOf } from '../roles.ts'

export const projectInvitationCommands: readonly Leaf[] = [
  {
    word: 'invite',
    aliases: ['create'],
    short: 'Invite one person to your project.',
    long: 'They are invited to its organization as well, and pending until they accept.',
    role: 'Project Owner',
    args: [emailArgument],
    flags: [groupRole, projectId, output],
    examples: [['Invite a reader:', 'projects invitations invite ann@example.com --role GROUP_READ_ONLY']],
    async run(context) {
      const { body } = await (await context.client()).call('createGroupInvite', {
        params: { groupId: await context.groupId() },
        body: { username: context.arg('email'), roles: groupRolesOf(context) },
      })
      await context.print(body, invited)
    },
  },
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all invitations to your project that are pending.',
    role: 'Project Owner',
    flags: [email, projectId, output],
    examples: [['List them as JSON:', 'projects invitations list --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listGroupInvites', {
        params: { groupId: await context.groupId() },
        query: ofEmail(context),
      })
      await context.print(body, rows(...invitationColumns))
    },
  },
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return one invitation to your project.',
    role: 'Project Owner',
    args: [invitationId],
    flags: [projectId, output],
    examples: [['Show one as JSON:', 'projects invitations describe 5f4fe14da2b47835a58c63a2 --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('getGroupInvite', {
        params: { groupId: await context.groupId(), invitationId: context.arg('invitationId') },
      })
      await context.print(body, row(...invitationColumns))
    },
  },
  {
    word: 'update',
    aliases: ['updates'],
    short: 'Change one invitation to your project.',
    long: 'It is named by its identifier or by the address of who is invited.',
    role: 'Project Owner',
    args: [{ ...invitationId, optional: true }],
    flags: [email, groupRole, projectId, output],
    examples: [['Make it one of an owner:', 'projects invitations update --email ann@example.com --role GROUP_OWNER']],
    async run(context) {
      const meant = oneOf(context)
      const roles = groupRolesOf(context)
      const client = await context.client()
      const params = { groupId: await context.groupId() }
      const answer =
        'id' in meant
          ? await client.call('updateGroupInviteById', {
              params: { ...params, invitationId: meant.id },
              body: { roles },
            })
          : await client.call('updateGroupInvites', { params, body: { roles, username: meant.username } })
      await context.print(answer.body, updated)
    },
  },
  deletion({
    short: 'Take back one invitation to your project.',
    long: 'The one to the organization stays.',
    role: 'Project Owner',
    arg: invitationId,
    flags: [projectId],
    example: 'projects invitations delete 5f4fe14da2b47835a58c63a2',
    declined: 'Invitation not deleted',
    deleted: (name) => `Invitation '${name}' deleted`,
    params: async (context, id) => ({ groupId: await context.groupId(), invitationId: id }),
    call: (client, params) => client.call('deleteGroupInvite', { params }),
  }),
]
