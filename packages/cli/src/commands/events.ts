// `postern events …`: audit events of a project or of an organization, newest first.

import { aliasesOf } from '../core/aliases.ts'
import type { Command, Flag, Leaf } from '../core/command.ts'
import type { Context } from '../core/context.ts'
import { orgId, output, pages, projectId } from '../core/global-flags.ts'
import { UsageError } from '../core/usage-error.ts'
import { column, rows } from '../print/template.ts'
import { momentOf } from './moment.ts'
import { pageQuery } from './pages.ts'

const template = rows(column('ID', 'id'), column('TYPE', 'eventTypeName'), column('CREATED', 'created'))

const filters: readonly Flag[] = [
  { name: 'type', kind: 'list', usage: 'Types of event, as eventTypeName shows them.' },
  { name: 'minDate', kind: 'text', usage: 'Only events at or after this date and time, ISO 8601.' },
  { name: 'maxDate', kind: 'text', usage: 'Only events at or before this date and time, ISO 8601.' },
]

function filterQuery(context: Context) {
  const minDate = momentOf(context, 'minDate')
  const maxDate = momentOf(context, 'maxDate')
  return {
    ...pageQuery(context),
    eventType: context.list('type'),
    ...(minDate === undefined ? {} : { minDate }),
    ...(maxDate === undefined ? {} : { maxDate }),
  }
}

async function listOfGroup(context: Context): Promise<void> {
  const query = filterQuery(context)
  const params = { groupId: await context.groupId() }
  await context.print((await (await context.client()).call('listGroupEvents', { params, query })).body, template)
}

async function listOfOrg(context: Context): Promise<void> {
  const query = filterQuery(context)
  const params = { orgId: await context.orgId() }
  await context.print((await (await context.client()).call('listOrgEvents', { params, query })).body, template)
}

const list = (parts: Pick<Leaf, 'short' | 'role' | 'flags' | 'examples' | 'run'>): Leaf => ({
  word: 'list',
  aliases: ['ls'],
  ...parts,
})

export const events: readonly Command[] = [
  {
    word: 'projects',
    aliases: aliasesOf('projects'),
    short: 'List events of a project.',
    load: async () => [
      list({
        short: 'Return all events of your project.',
        role: 'Project Read Only',
        flags: [...filters, ...pages, projectId, output],
        examples: [
          [
            'List those of one day:',
            'events projects list --minDate 2026-03-18T00:00:00Z --maxDate 2026-03-19T00:00:00Z',
          ],
        ],
        run: listOfGroup,
      }),
    ],
  },
  {
    word: 'organizations',
    aliases: aliasesOf('organizations', 'orgs', 'org'),
    short: 'List events of an organization.',
    load: async () => [
      list({
        short: 'Return all events of your organization.',
        role: 'Organization Member',
        flags: [...filters, ...pages, orgId, output],
        examples: [['List them as JSON:', 'events organizations list --output json']],
        run: listOfOrg,
      }),
    ],
  },
  {
    ...list({
      short: 'Return all events of a project or of an organization.',
      role: 'Project Read Only',
      flags: [...filters, ...pages, projectId, orgId, output],
      examples: [['List those of a project:', 'events list --projectId 5f4fe14da2b47835a58c63a2']],
      async run(context) {
        const byProject = context.optional('projectId') !== undefined
        const byOrg = context.optional('orgId') !== undefined
        if (byProject && byOrg) throw new UsageError('both --projectId and --orgId set')
        if (!byProject && !byOrg) throw new UsageError('--projectId or --orgId must be set')
        return byProject ? listOfGroup(context) : listOfOrg(context)
      },
    }),
    hidden: true,
  },
]
