// `postern testing faults list | set | clear`.

import { cloudProviders } from '@postern/contract/cloud'
import { type FaultName, faultNames, faults } from '@postern/contract/fault'
import type { Leaf } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { output } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { column, rows, sentence } from '../../print/template.ts'

const list: Leaf = {
  word: 'list',
  aliases: ['ls'],
  short: 'Return the faults that are set, also those that have happened as often as they were to.',
  role: 'Organization Owner',
  flags: [output],
  async run(context) {
    const { body } = await (await context.client()).call('listTestingFaults')
    const columns = [
      column('ID', 'id'),
      column('FAULT', 'name'),
      column('PROVIDER', 'provider'),
      column('REGION', 'region'),
      column('ENDPOINT', 'endpointId'),
      column('CLUSTER', 'clusterName'),
      column('HAPPENED', 'struck'),
      column('LEFT', 'left'),
    ]
    await context.print(body, rows(...columns))
  },
}

const fields = {
  provider: 'provider',
  region: 'region',
  endpoint: 'endpointId',
  project: 'groupId',
  cluster: 'clusterName',
  message: 'message',
} as const
const numbers = ['member', 'ms', 'times'] as const

const bodyOf = (context: Context, name: FaultName) => ({
  name,
  ...Object.fromEntries(
    Object.entries(fields).flatMap(([flag, field]) => {
      const value = context.optional(flag)
      return value === undefined ? [] : [[field, flag === 'provider' ? value.toUpperCase() : value]]
    }),
  ),
  ...Object.fromEntries(
    numbers.flatMap((flag) => {
      const value = context.number(flag)
      return value === undefined ? [] : [[flag, value]]
    }),
  ),
})

const set: Leaf = {
  word: 'set',
  short: 'Set a fault; without a narrower flag it happens everywhere.',
  long: faultNames.map((name) => `${name.padEnd(22)} ${faults[name].says}`).join('\n'),
  role: 'Organization Owner',
  args: [{ name: 'fault', usage: 'Which one.', oneOf: faultNames }],
  flags: [
    { name: 'provider', kind: 'text', usage: 'Only at this cloud: AWS, AZURE or GCP.', completes: cloudProviders },
    { name: 'region', kind: 'text', usage: 'Only in this region: US_EAST_1 or us-east-1.' },
    { name: 'endpoint', kind: 'text', usage: "Only for this endpoint, by its cloud's id." },
    { name: 'project', kind: 'text', usage: 'Only in the project with this id.' },
    { name: 'cluster', kind: 'text', usage: 'Name of the cluster, where a member is concerned.' },
    { name: 'member', kind: 'number', usage: 'Number of the member, from 0.' },
    { name: 'ms', kind: 'number', usage: 'How much longer it takes.' },
    { name: 'times', kind: 'number', usage: 'How often it happens.' },
    { name: 'message', kind: 'text', usage: 'What the cloud says.' },
    output,
  ],
  examples: [
    ['The next endpoint in this region is refused:', 'testing faults set endpoint-refused --region US_EAST_1'],
    ['A member dies:', 'testing faults set member-down --cluster Cluster0 --member 0'],
  ],
  async run(context) {
    const name = faultNames.find((one) => one === context.arg('fault'))
    if (name === undefined) throw new UsageError(`no fault is named ${context.arg('fault')}`)
    const { body } = await (await context.client()).call('createTestingFault', { body: bodyOf(context, name) })
    await context.print(
      body,
      sentence(() => `Fault '${body.id}' set`),
    )
  },
}

const clear: Leaf = {
  word: 'clear',
  short: 'Clear one fault, or all of them.',
  role: 'Organization Owner',
  args: [{ name: 'id', usage: 'Id of the fault; all of them where left out.', optional: true }],
  async run(context) {
    const faultId = context.optionalArg('id')
    const client = await context.client()
    if (faultId === undefined) await client.call('deleteTestingFaults')
    else await client.call('deleteTestingFault', { params: { faultId } })
    context.say(faultId === undefined ? 'All faults cleared' : `Fault '${faultId}' cleared`)
  },
}

export const faultCommands: readonly Leaf[] = [list, set, clear]
