// `postern organizations …`.

import { aliasesOf } from '../core/aliases.ts'
import type { Argument, Command } from '../core/command.ts'
import { objectIdProblem } from '../core/context.ts'
import { output, pages } from '../core/global-flags.ts'
import { at, textAt } from '../print/json.ts'
import { column, row, rows, sentence } from '../print/template.ts'
import { deletion } from './deletion.ts'
import { allOf } from './flag-groups.ts'
import { pageQuery } from './pages.ts'
import { orgRolesOf } from './roles.ts'

const columns = [column('ID', 'id'), column('NAME', 'name')] as const
const organization: Argument = { name: 'ID', usage: 'Identifier of the organization.', problem: objectIdProblem }

const created = sentence((reply) =>
  [
    `Organization '${textAt(reply, 'organization.id')}' created.`,
    ...(at(reply, 'apiKey') === undefined
      ? []
      : [
          `API Key '${textAt(reply, 'apiKey.id')}' created.`,
          `Public API Key '${textAt(reply, 'apiKey.publicKey')}'`,
          `Private API Key '${textAt(reply, 'apiKey.privateKey')}'`,
        ]),
  ].join('\n'),
)

export const organizations: readonly Command[] = [
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all organizations that you may see.',
    role: 'Organization Member',
    flags: [{ name: 'name', kind: 'text', usage: 'Only those whose name begins so.' }, ...pages, output],
    examples: [['List them as JSON:', 'organizations list --output json']],
    async run(context) {
      const name = context.optional('name')
      const { body } = await (await context.client()).call('listOrgs', {
        query: { ...pageQuery(context), ...(name === undefined ? {} : { name }) },
      })
      await context.print(body, rows(...columns))
    },
  },
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return one organization.',
    role: 'Organization Member',
    args: [organization],
    flags: [output],
    examples: [['Show one as JSON:', 'organizations describe 5f4fe14da2b47835a58c63a2 --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('getOrg', { params: { orgId: context.arg('ID') } })
      await context.print(body, row(...columns))
    },
  },
  {
    word: 'create',
    short: 'Create an organization.',
    long: 'With --apiKeyRole it gets an API key, whose private key is shown this once.',
    role: 'Organization Owner',
    args: [{ name: 'name', usage: 'Name of the organization.' }],
    flags: [
      { name: 'ownerId', kind: 'text', usage: 'Identifier of the user who owns it.' },
      { name: 'apiKeyDescription', kind: 'text', usage: 'Description of its API key.' },
      { name: 'apiKeyRole', kind: 'list', usage: 'Roles of its API key, for instance ORG_OWNER.' },
      output,
    ],
    examples: [
      ['Create one with an API key:', 'organizations create shop --apiKeyDescription first --apiKeyRole ORG_OWNER'],
    ],
    async run(context) {
      const orgOwnerId = context.optional('ownerId')
      const roles = orgRolesOf(context, 'apiKeyRole')
      const withKey = roles.length > 0 || context.isSet('apiKeyDescription')
      if (withKey) allOf(context, 'apiKeyRole', 'apiKeyDescription')
      const { body } = await (await context.client()).call('createOrg', {
        body: {
          name: context.arg('name'),
          ...(orgOwnerId === undefined ? {} : { orgOwnerId }),
          ...(withKey ? { apiKey: { desc: context.text('apiKeyDescription'), roles } } : {}),
        },
      })
      await context.print(body, created)
    },
  },
  deletion({
    short: 'Remove one organization.',
    long: 'Its projects must be gone first.',
    role: 'Organization Owner',
    arg: organization,
    flags: [],
    example: 'organizations delete 5f4fe14da2b47835a58c63a2',
    declined: 'Organization not deleted',
    deleted: (name) => `Organization '${name}' deleted`,
    params: async (_, orgId) => ({ orgId }),
    call: (client, params) => client.call('deleteOrg', { params }),
  }),
  {
    word: 'apiKeys',
    aliases: aliasesOf('apiKeys'),
    short: 'Manage the API keys of an organization.',
    load: async () => (await import('./organizations/api-keys.ts')).organizationApiKeyCommands,
  },
  {
    word: 'serviceAccounts',
    aliases: aliasesOf('serviceAccounts'),
    short: 'Manage the service accounts of an organization.',
    load: async () => (await import('./organizations/service-accounts.ts')).organizationServiceAccountCommands,
  },
  {
    word: 'invitations',
    aliases: aliasesOf('invitations'),
    short: 'Manage the invitations to an organization.',
    load: async () => (await import('./organizations/invitations.ts')).organizationInvitationCommands,
  },
  {
    word: 'users',
    aliases: aliasesOf('users'),
    short: 'Show the users of an organization.',
    load: async () => (await import('./organizations/users.ts')).organizationUserCommands,
  },
]
