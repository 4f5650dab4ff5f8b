// `organizations users list`.

import type { Leaf } from '../../core/command.ts'
import { orgId, output, pages } from '../../core/global-flags.ts'
import { rows } from '../../print/template.ts'
import { pageQuery } from '../pages.ts'
import { userColumns } from '../people.ts'

export const organizationUserCommands: readonly Leaf[] = [
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all users of your organization.',
    role: 'Organization Member',
    flags: [...pages, orgId, output],
    examples: [['List them as JSON:', 'organizations users list --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listOrgUsers', {
        params: { orgId: await context.orgId() },
        query: pageQuery(context),
      })
      await context.print(body, rows(...userColumns))
    },
  },
]
