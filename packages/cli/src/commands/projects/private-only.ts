// `projects privateOnly describe | enable | disable`: whether a project hands out private ways into its clusters alone.

import type { Leaf } from '../../core/command.ts'
import { output, projectId } from '../../core/global-flags.ts'
import { column, row, sentence } from '../../print/template.ts'

const toggle = (word: 'enable' | 'disable', short: string, long?: string): Leaf => ({
  word,
  short,
  ...(long !== undefined && { long }),
  role: 'Project Owner',
  flags: [projectId, output],
  examples: [[`${short.split('.')[0]}:`, `projects privateOnly ${word}`]],
  async run(context) {
    const { body } = await (await context.client()).call('updateGroupPrivateOnly', {
      params: { groupId: await context.groupId() },
      body: { enabled: word === 'enable' },
    })
    await context.print(
      body,
      sentence(() => `Private only ${word}d.`),
    )
  },
})

export const privateOnlyCommands: readonly Leaf[] = [
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return whether your project hands out private connection strings alone.',
    role: 'Project Read Only',
    flags: [projectId, output],
    examples: [['Show it:', 'projects privateOnly describe']],
    async run(context) {
      const { body } = await (await context.client()).call('getGroupPrivateOnly', {
        params: { groupId: await context.groupId() },
      })
      await context.print(body, row(column('ENABLED', 'enabled')))
    },
  },
  toggle(
    'enable',
    'Hand out private connection strings alone.',
    "Members' own ports are not shown any more. Nobody but their owner can close them.",
  ),
  toggle('disable', 'Hand out standard connection strings too.'),
]
