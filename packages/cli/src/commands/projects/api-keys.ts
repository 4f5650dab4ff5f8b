// `projects apiKeys list | create | assign | delete`: keys of the organization that have roles on a project.

import { ApiError } from '@postern/contract/client'
import type { Leaf } from '../../core/command.ts'
import { output, pages, projectId } from '../../core/global-flags.ts'
import { column, rows, sentence } from '../../print/template.ts'
import { description, keyId, newKey } from '../api-keys.ts'
import { deletion } from '../deletion.ts'
import { compact, pageOrItems, pageQuery } from '../pages.ts'
import { groupRole, groupRolesOf } from '../roles.ts'

export const projectApiKeyCommands: readonly Leaf[] = [
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all API keys that have roles on your project.',
    role: 'Project Owner',
    flags: [...pages, compact, projectId, output],
    examples: [['List them as JSON:', 'projects apiKeys list --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listGroupApiKeys', {
        params: { groupId: await context.groupId() },
        query: pageQuery(context),
      })
      await context.print(
        pageOrItems(context, body),
        rows(column('ID', 'id'), column('PUBLIC KEY', 'publicKey'), column('DESCRIPTION', 'desc')),
      )
    },
  },
  {
    word: 'create',
    short: 'Create an API key of the organization and assign it to your project.',
    long: 'The private key is shown this once.',
    role: 'Project Owner',
    flags: [{ ...description, required: true }, groupRole, projectId, output],
    examples: [['Create one that may only read:', 'projects apiKeys create --desc ci --role GROUP_READ_ONLY']],
    async run(context) {
      const { body } = await (await context.client()).call('createGroupApiKey', {
        params: { groupId: await context.groupId() },
        body: { desc: context.text('desc'), roles: groupRolesOf(context) },
      })
      await context.print(body, newKey)
    },
  },
  {
    word: 'assign',
    aliases: ['updates'],
    short: 'Assign one API key of the organization to your project, with these roles.',
    role: 'Project Owner',
    args: [keyId],
    flags: [groupRole, projectId, output],
    examples: [['Let one read:', 'projects apiKeys assign 5f4fe14da2b47835a58c63a2 --role GROUP_READ_ONLY']],
    async run(context) {
      const client = await context.client()
      const params = { groupId: await context.groupId(), apiUserId: context.arg('ID') }
      const roles = groupRolesOf(context)
      // Only a key that the project has already can be given other roles.
      const { body } = await client
        .call('updateGroupApiKeyRoles', { params, body: { roles } })
        .catch((problem: unknown) => {
          if (!(problem instanceof ApiError) || problem.errorCode !== 'API_KEY_NOT_FOUND') throw problem
          return client.call('addGroupApiKey', { params, body: [{ roles }] })
        })
      await context.print(
        body,
        sentence(() => 'API Key successfully assigned.'),
      )
    },
  },
  deletion({
    short: 'Remove one API key from your project.',
    long: 'The key stays in the organization.',
    role: 'Project Owner',
    arg: keyId,
    flags: [projectId],
    example: 'projects apiKeys delete 5f4fe14da2b47835a58c63a2',
    declined: 'APIKey not deleted',
    deleted: (name) => `API Key '${name}' deleted`,
    params: async (context, apiUserId) => ({ groupId: await context.groupId(), apiUserId }),
    call: (client, params) => client.call('removeGroupApiKey', { params }),
  }),
]
