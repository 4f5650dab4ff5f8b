// `postern teams …`: teams of an organization.

import { aliasesOf } from '../core/aliases.ts'
import type { Argument, Command, Flag } from '../core/command.ts'
import { objectIdProblem } from '../core/context.ts'
import { orgId, output, pages } from '../core/global-flags.ts'
import { textAt } from '../print/json.ts'
import { column, row, rows, sentence } from '../print/template.ts'
import { deletion } from './deletion.ts'
import { exactlyOne } from './flag-groups.ts'
import { compact, pageOrItems, pageQuery } from './pages.ts'

const columns = [column('ID', 'id'), column('NAME', 'name')] as const
const team: Argument = { name: 'teamId', usage: 'Identifier of the team.', problem: objectIdProblem }
export const teamId: Flag = { name: 'teamId', kind: 'text', required: true, usage: 'Identifier of the team.' }

export const teams: readonly Command[] = [
  {
    word: 'create',
    short: 'Create a team of your organization.',
    role: 'Organization Owner',
    args: [{ name: 'name', usage: 'Name of the team.' }],
    flags: [
      { name: 'username', kind: 'list', required: true, usage: 'E-mail addresses of the people in it.' },
      orgId,
      output,
    ],
    examples: [['Create one of two people:', 'teams create ops --username ann@example.com,bob@example.com']],
    async run(context) {
      const { body } = await (await context.client()).call('createOrgTeam', {
        params: { orgId: await context.orgId() },
        body: { name: context.arg('name'), usernames: [...context.list('username')] },
      })
      await context.print(
        body,
        sentence((reply) => `Team '${textAt(reply, 'name')}' created.`),
      )
    },
  },
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all teams of your organization.',
    role: 'Organization Member',
    flags: [...pages, compact, orgId, output],
    examples: [['List them as JSON:', 'teams list --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listOrgTeams', {
        params: { orgId: await context.orgId() },
        query: pageQuery(context),
      })
      await context.print(pageOrItems(context, body), rows(...columns))
    },
  },
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return one team of your organization, by its id or its name.',
    role: 'Organization Member',
    flags: [
      { name: 'id', kind: 'text', usage: 'Identifier of the team.' },
      { name: 'name', kind: 'text', usage: 'Name of the team.' },
      orgId,
      output,
    ],
    examples: [['By its name:', 'teams describe --name ops']],
    async run(context) {
      exactlyOne(context, 'name', 'id')
      const params = { orgId: await context.orgId() }
      const client = await context.client()
      const { body } = context.isSet('id')
        ? await client.call('getOrgTeam', { params: { ...params, teamId: context.text('id') } })
        : await client.call('getOrgTeamByName', { params: { ...params, teamName: context.text('name') } })
      await context.print(body, row(...columns))
    },
  },
  {
    word: 'rename',
    aliases: ['update'],
    short: 'Give one team of your organization another name.',
    role: 'Organization Owner',
    args: [{ name: 'newName', usage: 'New name of the team.' }],
    flags: [teamId, orgId, output],
    examples: [['Rename one:', 'teams rename platform --teamId 5f4fe14da2b47835a58c63a2']],
    async run(context) {
      const { body } = await (await context.client()).call('renameOrgTeam', {
        params: { orgId: await context.orgId(), teamId: context.text('teamId') },
        body: { name: context.arg('newName') },
      })
      await context.print(
        body,
        sentence((reply) => `Team '${textAt(reply, 'name')}' updated.`),
      )
    },
  },
  deletion({
    short: 'Remove one team from your organization.',
    role: 'Organization Owner',
    arg: team,
    flags: [orgId],
    example: 'teams delete 5f4fe14da2b47835a58c63a2',
    declined: 'Team not deleted',
    deleted: (name) => `Team '${name}' deleted`,
    params: async (context, id) => ({ orgId: await context.orgId(), teamId: id }),
    call: (client, params) => client.call('deleteOrgTeam', { params }),
  }),
  {
    word: 'users',
    aliases: aliasesOf('users'),
    short: 'Manage the people of a team.',
    load: async () => (await import('./teams/users.ts')).teamUserCommands,
  },
]
