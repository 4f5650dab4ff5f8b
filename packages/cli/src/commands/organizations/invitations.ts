// `organizations invitations …`. Who accepts one needs its token: `api console createInvitationToken`.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Leaf } from '../../core/command.ts'
import { orgId, output } from '../../core/global-flags.ts'
import { row, rows } from '../../print/template.ts'
import { deletion } from '../deletion.ts'
import { exactlyOne } from '../flag-groups.ts'
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
import { file, readJsonFile } from '../json-file.ts'
import { orgRole, orgRolesOf } from '../roles.ts'

export const organizationInvitationCommands: readonly Leaf[] = [
  {
    word: 'invite',
    aliases: ['create'],
    short: 'Invite one person to your organization.',
    long: 'They are pending until they accept.',
    role: 'Organization Owner',
    args: [emailArgument],
    flags: [orgRole, { name: 'teamId', kind: 'list', usage: 'Teams that they are in then.' }, orgId, output],
    examples: [['Invite a member:', 'organizations invitations invite ann@example.com --role ORG_MEMBER']],
    async run(context) {
      const { body } = await (await context.client()).call('createOrgInvite', {
        params: { orgId: await context.orgId() },
        body: { username: context.arg('email'), roles: orgRolesOf(context), teamIds: [...context.list('teamId')] },
      })
      await context.print(body, invited)
    },
  },
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all invitations to your organization that are pending.',
    role: 'Organization Owner',
    flags: [email, orgId, output],
    examples: [['List them as JSON:', 'organizations invitations list --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listOrgInvites', {
        params: { orgId: await context.orgId() },
        query: ofEmail(context),
      })
      await context.print(body, rows(...invitationColumns))
    },
  },
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return one invitation to your organization.',
    role: 'Organization Owner',
    args: [invitationId],
    flags: [orgId, output],
    examples: [['Show one as JSON:', 'organizations invitations describe 5f4fe14da2b47835a58c63a2 --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('getOrgInvite', {
        params: { orgId: await context.orgId(), invitationId: context.arg('invitationId') },
      })
      await context.print(body, row(...invitationColumns))
    },
  },
  {
    word: 'update',
    aliases: ['updates'],
    short: 'Change one invitation to your organization.',
    long: 'It is named by its identifier or by the address of who is invited.',
    role: 'Organization Owner',
    args: [{ ...invitationId, optional: true }],
    flags: [email, { name: 'role', kind: 'list', usage: orgRole.usage }, file, orgId, output],
    examples: [
      ['Make it one of an owner:', 'organizations invitations update --email ann@example.com --role ORG_OWNER'],
    ],
    async run(context) {
      const meant = oneOf(context)
      exactlyOne(context, 'role', 'file')
      // What the file says is for the server to judge.
      const body = context.isSet('file')
        ? ((await readJsonFile(context.text('file'))) as BodyInputOf<'updateOrgInviteById'>)
        : { roles: orgRolesOf(context) }
      const client = await context.client()
      const params = { orgId: await context.orgId() }
      const answer =
        'id' in meant
          ? await client.call('updateOrgInviteById', { params: { ...params, invitationId: meant.id }, body })
          : await client.call('updateOrgInvites', { params, body: { ...body, username: meant.username } })
      await context.print(answer.body, updated)
    },
  },
  deletion({
    short: 'Take back one invitation to your organization.',
    role: 'Organization Owner',
    arg: invitationId,
    flags: [orgId],
    example: 'organizations invitations delete 5f4fe14da2b47835a58c63a2',
    declined: 'Invitation not deleted',
    deleted: (name) => `Invitation '${name}' deleted`,
    params: async (context, id) => ({ orgId: await context.orgId(), invitationId: id }),
    call: (client, params) => client.call('deleteOrgInvite', { params }),
  }),
]
