// `postern projects …`: groups, in the API's word.

import type { Leaf } from '../core/command.ts'
import { objectIdProblem } from '../core/context.ts'
import { force, orgId, output, pages } from '../core/global-flags.ts'
import { textAt } from '../print/json.ts'
import { column, row, rows, sentence } from '../print/template.ts'
import { pageQuery } from './pages.ts'

const columns = [column('ID', 'id'), column('NAME', 'name')] as const
const args = [{ name: 'ID', usage: 'Identifier of the project.', problem: objectIdProblem }] as const

export const projects: readonly Leaf[] = [
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
    args,
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
    flags: [orgId, output],
    examples: [['Create one:', 'projects create shop']],
    async run(context) {
      const { body } = await (await context.client()).call('createGroup', {
        body: { name: context.arg('projectName'), orgId: await context.orgId() },
      })
      await context.print(
        body,
        sentence((project) => `Project '${textAt(project, 'id')}' created.`),
      )
    },
  },
  {
    word: 'delete',
    aliases: ['rm'],
    short: 'Remove one project.',
    long: 'Its clusters and private endpoints must be gone first. The command asks, unless --force is given.',
    role: 'Project Owner',
    args,
    flags: [force],
    examples: [['Remove one without a question:', 'projects delete 5f4fe14da2b47835a58c63a2 --force']],
    async run(context) {
      const id = context.arg('ID')
      if (!(await context.confirmed(`Are you sure you want to delete: ${id}`, 'Project not deleted'))) return
      await (await context.client()).call('deleteGroup', { params: { groupId: id } })
      context.say(`Project '${id}' deleted`)
    },
  },
]
