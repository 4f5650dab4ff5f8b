// `postern accessLists …`: from which addresses a project's clusters may be reached beside its private endpoints.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import { type Argument, type Leaf, usageLine } from '../core/command.ts'
import type { Context } from '../core/context.ts'
import { output, pages, projectId } from '../core/global-flags.ts'
import { UsageError } from '../core/usage-error.ts'
import { textAt } from '../print/json.ts'
import { type Column, column, row, rows, sentence } from '../print/template.ts'
import { currentAddress } from './current-address.ts'
import { deletion } from './deletion.ts'
import { momentOf } from './moment.ts'
import { pageQuery } from './pages.ts'

const entry: Argument = { name: 'entry', usage: 'IP address, CIDR block or AWS security group.' }
const entryTypes = ['cidrBlock', 'ipAddress', 'awsSecurityGroup'] as const
const securityGroup = (header: string): Column => ({
  header,
  cell: (item) => textAt(item, 'awsSecurityGroup') || 'N/A',
})

const create: Leaf = {
  word: 'create',
  short: 'Create an IP access list entry for your project.',
  long: 'It is added to the entries that there are; one entry a command.',
  role: 'Project Owner',
  args: [{ ...entry, optional: true }],
  flags: [
    { name: 'type', kind: 'text', default: 'ipAddress', usage: `Type of the entry: ${entryTypes.join(', ')}.` },
    { name: 'comment', kind: 'text', usage: 'Comment on the entry.' },
    { name: 'deleteAfter', kind: 'text', usage: 'Date and time, ISO 8601, when the entry is deleted.' },
    { name: 'currentIp', kind: 'switch', usage: 'Takes the address that this command comes from.' },
    projectId,
    output,
  ],
  examples: [
    ['Let in the address that this command comes from:', 'accessLists create --currentIp'],
    ['Let in a range:', 'accessLists create 192.0.2.0/24 --type cidrBlock --comment office'],
  ],
  async run(context) {
    const type = entryType(context)
    const comment = context.optional('comment')
    const deleteAfterDate = momentOf(context, 'deleteAfter')
    const groupId = await context.groupId()
    const value = context.optionalArg('entry') ?? (await currentAddress(context))
    const { body } = await (await context.client()).call('createGroupAccessListEntry', {
      params: { groupId },
      body: [
        {
          [type]: value,
          ...(comment === undefined ? {} : { comment }),
          ...(deleteAfterDate === undefined ? {} : { deleteAfterDate }),
        } satisfies BodyInputOf<'createGroupAccessListEntry'>[number],
      ],
    })
    await context.print(
      body,
      sentence(() => 'Created a new IP access list.'),
    )
  },
}

export const accessLists: readonly Leaf[] = [
  create,
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all IP access list entries of your project.',
    role: 'Project Read Only',
    flags: [...pages, projectId, output],
    examples: [['List them as JSON:', 'accessLists list --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listGroupAccessListEntries', {
        params: { groupId: await context.groupId() },
        query: pageQuery(context),
      })
      await context.print(body, rows(column('CIDR BLOCK', 'cidrBlock'), securityGroup('AWS SECURITY GROUP')))
    },
  },
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return one IP access list entry of your project.',
    role: 'Project Read Only',
    args: [entry],
    flags: [projectId, output],
    examples: [['Show one as JSON:', 'accessLists describe 192.0.2.0/24 --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('getGroupAccessListEntry', {
        params: { groupId: await context.groupId(), entryValue: context.arg('entry') },
      })
      await context.print(body, row(column('CIDR BLOCK', 'cidrBlock'), securityGroup('SECURITY GROUP')))
    },
  },
  deletion({
    short: 'Remove one IP access list entry from your project.',
    role: 'Project Owner',
    arg: entry,
    flags: [projectId],
    example: 'accessLists delete 192.0.2.0/24',
    declined: 'Project access list entry not deleted',
    deleted: (name) => `Project access list entry '${name}' deleted`,
    params: async (context, entryValue) => ({ groupId: await context.groupId(), entryValue }),
    call: (client, params) => client.call('deleteGroupAccessListEntry', { params }),
  }),
]

/** Whether the flags and the entry go together. Throws UsageError, in the Atlas CLI's words. */
function entryType(context: Context): (typeof entryTypes)[number] {
  const typed = context.text('type')
  const type = entryTypes.find((one) => one === typed)
  if (type === undefined) {
    throw new UsageError(`invalid value "${typed}" for --type; accepted values: ${entryTypes.join(', ')}`)
  }
  const usage = `\n\nUsage:  ${usageLine(context.path, create)}`
  const given = context.args.length
  if (type !== 'ipAddress' && context.isOn('currentIp')) {
    throw new UsageError(`"${context.path}" with entry type ${type} does not support currentIp flag.${usage}`)
  }
  if (context.isOn('currentIp') && given > 0) {
    throw new UsageError(`please either provide [entry] or use currentIp to use your current IP Address.${usage}`)
  }
  if (!context.isOn('currentIp') && given === 0) {
    throw new UsageError(`"${context.path}" with entry type ${type} requires at least 1 argument, received 0${usage}`)
  }
  return type
}
