// `postern projects …`: groups, in the API's word.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import { aliasesOf } from '../core/aliases.ts'
import type { Argument, Command } from '../core/command.ts'
import { objectIdProblem } from '../core/context.ts'
import { orgId, output, pages } from '../core/global-flags.ts'
import { textAt } from '../print/json.ts'
import { column, row, rows, sentence } from '../print/template.ts'
import { deletion } from './deletion.ts'
import { file, readJsonFile } from './json-file.ts'
import { pageQuery } from './pages.ts'
import { tag, tagsOf } from './tags.ts'

const columns = [column('ID', 'id'), column('NAME', 'name')] as const
const project: Argument = { name: 'ID', usage: 'Identifier of the project.', problem: objectIdProblem }

export const projects: readonly Command[] = [
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all projects that you may see.',
    role: 'Project Read Only',
    flags: [...pages, { ...orgId, usage: 'Only projects of this organization.' }, output],
    examples: [['List them as JSON:', 'projects list --output json']],
    async run(context) {
      const client = await context.client()
      const query = pageQuery(context)
      // Only where it is asked for by name: the organization of a profile does not narrow the list.
      const { body } =
        context.optional('orgId') === undefined
          ? await client.call('listGroups', { query })
          : await client.call('getOrgGroups', { params: { orgId: await context.orgId() }, query })
      await context.print(body, rows(...columns))
    },
  },
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return one project.',
    role: 'Project Read Only',
    args: [project],
    flags: [output],
    examples: [['Show one as JSON:', 'projects describe 5f4fe14da2b47835a58c63a2 --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('getGroup', { params: { groupId: context.arg('ID') } })
      await context.print(body, row(...columns))
    },
  },
  {
    word: 'create',
    short: 'Create a project in your organization.',
    long: 'Whoever creates a project owns it.',
    role: 'Organization Project Creator',
    args: [{ name: 'projectName', usage: 'Name of the project.' }],
    flags: [
      { name: 'ownerId', kind: 'text', usage: 'Identifier of the user who owns it, instead of you.' },
      tag,
      {
        name: 'withoutDefaultAlertSettings',
        kind: 'switch',
        usage: 'Sets that default alerts are not wanted; Postern has none.',
      },
      orgId,
      output,
    ],
    examples: [['Create one:', 'projects create shop']],
    async run(context) {
      const projectOwnerId = context.optional('ownerId')
      const tags = tagsOf(context)
      const { body } = await (await context.client()).call('createGroup', {
        ...(projectOwnerId === undefined ? {} : { query: { projectOwnerId } }),
        body: {
          name: context.arg('projectName'),
          orgId: await context.orgId(),
          ...(tags === undefined ? {} : { tags }),
          ...(context.isOn('withoutDefaultAlertSettings') ? { withDefaultAlertsSettings: false } : {}),
        },
      })
      await context.print(
        body,
        sentence((project) => `Project '${textAt(project, 'id')}' created.`),
      )
    },
  },
  {
    word: 'update',
    short: 'Change one project.',
    role: 'Project Owner',
    args: [project],
    flags: [{ ...file, required: true, usage: 'JSON file with name or tags.' }, output],
    examples: [['Change what a file says:', 'projects update 5f4fe14da2b47835a58c63a2 --file project.json']],
    async run(context) {
      // What the file says is for the server to judge.
      const changes = (await readJsonFile(context.text('file'))) as BodyInputOf<'updateGroup'>
      const { body } = await (await context.client()).call('updateGroup', {
        params: { groupId: context.arg('ID') },
        body: changes,
      })
      await context.print(
        body,
        sentence((reply) => `Project '${textAt(reply, 'id')}' updated.`),
      )
    },
  },
  deletion({
    short: 'Remove one project.',
    long: 'Its clusters and private endpoints must be gone first.',
    role: 'Project Owner',
    arg: project,
    flags: [],
    example: 'projects delete 5f4fe14da2b47835a58c63a2',
    declined: 'Project not deleted',
    deleted: (name) => `Project '${name}' deleted`,
    params: async (_, groupId) => ({ groupId }),
    call: (client, params) => client.call('deleteGroup', { params }),
  }),
  {
    word: 'serviceAccounts',
    aliases: aliasesOf('serviceAccounts'),
    short: 'Manage the service accounts of a project.',
    load: async () => (await import('./projects/service-accounts.ts')).projectServiceAccountCommands,
  },
  {
    word: 'invitations',
    aliases: aliasesOf('invitations'),
    short: 'Manage the invitations to a project.',
    load: async () => (await import('./projects/invitations.ts')).projectInvitationCommands,
  },
  {
    word: 'users',
    aliases: aliasesOf('users'),
    short: 'Manage the users of a project.',
    load: async () => (await import('./projects/users.ts')).projectUserCommands,
  },
  {
    word: 'teams',
    aliases: aliasesOf('teams'),
    short: 'Manage the teams of a project.',
    load: async () => (await import('./projects/teams.ts')).projectTeamCommands,
  },
  {
    word: 'apiKeys',
    aliases: aliasesOf('apiKeys'),
    short: 'Manage the API keys of a project.',
    load: async () => (await import('./projects/api-keys.ts')).projectApiKeyCommands,
  },
  {
    word: 'privateOnly',
    aliases: ['privateonly', 'private-only'],
    short: 'Manage whether a project hands out private connection strings alone.',
    load: async () => (await import('./projects/private-only.ts')).privateOnlyCommands,
  },
  {
    word: 'settings',
    aliases: aliasesOf('settings'),
    short: 'Manage the settings of a project.',
    load: async () => (await import('./projects/settings.ts')).projectSettingCommands,
  },
]
