// `postern organizations …`.

import type { Leaf } from '../core/command.ts'
import { objectIdProblem } from '../core/context.ts'
import { output, pages } from '../core/global-flags.ts'
import { column, row, rows } from '../print/template.ts'
import { pageQuery } from './pages.ts'

const columns = [column('ID', 'id'), column('NAME', 'name')] as const

export const organizations: readonly Leaf[] = [
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all organizations that you may see.',
    role: 'Organization Member',
    flags: [...pages, output],
    examples: [['List them as JSON:', 'organizations list --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listOrgs', { query: pageQuery(context) })
      await context.print(body, rows(...columns))
    },
  },
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return one organization.',
    role: 'Organization Member',
    args: [{ name: 'ID', usage: 'Identifier of the organization.', problem: objectIdProblem }],
    flags: [output],
    examples: [['Show one as JSON:', 'organizations describe 5f4fe14da2b47835a58c63a2 --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('getOrg', { params: { orgId: context.arg('ID') } })
      await context.print(body, row(...columns))
    },
  },
]
