// `projects users list | delete`.

import type { Leaf } from '../../core/command.ts'
import { objectIdProblem } from '../../core/context.ts'
import { output, pages, projectId } from '../../core/global-flags.ts'
import { rows } from '../../print/template.ts'
import { deletion } from '../deletion.ts'
import { compact, pageOrItems, pageQuery } from '../pages.ts'
import { userColumns } from '../people.ts'

export const projectUserCommands: readonly Leaf[] = [
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all users of your project.',
    role: 'Project Read Only',
    flags: [...pages, compact, projectId, output],
    examples: [['List them as JSON:', 'projects users list --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listGroupUsers', {
        params: { groupId: await context.groupId() },
        query: pageQuery(context),
      })
      await context.print(pageOrItems(context, body), rows(...userColumns))
    },
  },
  deletion({
    short: 'Remove one user from your project.',
    long: 'The user stays in the organization.',
    role: 'Project Owner',
    arg: { name: 'ID', usage: 'Identifier of the user.', problem: objectIdProblem },
    flags: [projectId],
    example: 'projects users delete 5f4fe14da2b47835a58c63a2',
    declined: 'User not deleted',
    deleted: (name) => `User '${name}' deleted from the project`,
    params: async (context, userId) => ({ groupId: await context.groupId(), userId }),
    call: (client, params) => client.call('removeGroupUser', { params }),
  }),
]
