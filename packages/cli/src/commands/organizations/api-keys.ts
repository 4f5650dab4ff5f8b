// `organizations apiKeys …`.

import { aliasesOf } from '../../core/aliases.ts'
import type { Command } from '../../core/command.ts'
import { orgId, output, pages } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { textAt } from '../../print/json.ts'
import { row, rows, sentence } from '../../print/template.ts'
import { description, keyColumns, keyId, newKey } from '../api-keys.ts'
import { deletion } from '../deletion.ts'
import { compact, pageOrItems, pageQuery } from '../pages.ts'
import { orgRole, orgRolesOf } from '../roles.ts'

export const organizationApiKeyCommands: readonly Command[] = [
  {
    word: 'create',
    short: 'Create an API key of your organization.',
    long: 'The private key is shown this once.',
    role: 'Organization Owner',
    flags: [{ ...description, required: true }, orgRole, orgId, output],
    examples: [['Create one of a member:', 'organizations apiKeys create --desc ci --role ORG_MEMBER']],
    async run(context) {
      const { body } = await (await context.client()).call('createOrgApiKey', {
        params: { orgId: await context.orgId() },
        body: { desc: context.text('desc'), roles: orgRolesOf(context) },
      })
      await context.print(body, newKey)
    },
  },
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all API keys of your organization.',
    role: 'Organization Member',
    flags: [...pages, compact, orgId, output],
    examples: [['List them as JSON:', 'organizations apiKeys list --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listOrgApiKeys', {
        params: { orgId: await context.orgId() },
        query: pageQuery(context),
      })
      await context.print(pageOrItems(context, body), rows(...keyColumns))
    },
  },
  {
    word: 'describe',
    aliases: ['get', 'show'],
    short: 'Return one API key of your organization.',
    role: 'Organization Member',
    args: [keyId],
    flags: [orgId, output],
    examples: [['Show one as JSON:', 'organizations apiKeys describe 5f4fe14da2b47835a58c63a2 --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('getOrgApiKey', {
        params: { orgId: await context.orgId(), apiUserId: context.arg('ID') },
      })
      await context.print(body, row(...keyColumns))
    },
  },
  {
    word: 'assign',
    aliases: ['updates'],
    short: 'Change the roles or the description of one API key of your organization.',
    role: 'Organization Owner',
    args: [{ ...keyId, name: 'apiKeyId' }],
    flags: [description, { name: 'role', kind: 'list', usage: orgRole.usage }, orgId, output],
    examples: [['Make it one of a member:', 'organizations apiKeys assign 5f4fe14da2b47835a58c63a2 --role ORG_MEMBER']],
    async run(context) {
      const desc = context.optional('desc')
      const roles = orgRolesOf(context)
      if (desc === undefined && roles.length === 0) {
        throw new UsageError('nothing to change: give at least one flag')
      }
      const { body } = await (await context.client()).call('updateOrgApiKey', {
        params: { orgId: await context.orgId(), apiUserId: context.arg('apiKeyId') },
        body: { ...(desc === undefined ? {} : { desc }), ...(roles.length === 0 ? {} : { roles }) },
      })
      await context.print(
        body,
        sentence((key) => `API Key '${textAt(key, 'id')}' successfully updated.`),
      )
    },
  },
  deletion({
    short: 'Remove one API key from your organization.',
    role: 'Organization Owner',
    arg: keyId,
    flags: [orgId],
    example: 'organizations apiKeys delete 5f4fe14da2b47835a58c63a2',
    declined: 'API Key not deleted',
    deleted: (name) => `API Key '${name}' deleted`,
    params: async (context, apiUserId) => ({ orgId: await context.orgId(), apiUserId }),
    call: (client, params) => client.call('deleteOrgApiKey', { params }),
  }),
  {
    word: 'accessLists',
    aliases: aliasesOf('accessLists'),
    short: 'Manage from which addresses an API key may call.',
    load: async () => (await import('./api-key-access-lists.ts')).apiKeyAccessListCommands,
  },
]
