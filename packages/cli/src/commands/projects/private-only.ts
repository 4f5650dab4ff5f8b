// `projects privateOnly describe | enable | disable`: whether a project hands out private ways into its clusters alone.

import type { Leaf } from '../../core/command.ts'
import { force, output, projectId } from '../../core/global-flags.ts'
import { column, row, sentence } from '../../print/template.ts'

const toggle = (word: 'enable' | 'disable', parts: Pick<Leaf, 'short' | 'long' | 'flags' | 'examples'>): Leaf => ({
  ...parts,
  word,
  role: 'Project Owner',
  flags: [...(parts.flags ?? []), projectId, output],
  async run(context) {
    const groupId = await context.groupId()
    if (word === 'enable' && !(await context.confirmed(question, 'Private only not enabled'))) return
    const { body } = await (await context.client()).call('updateGroupPrivateOnly', {
      params: { groupId },
      body: { enabled: word === 'enable' },
    })
    await context.print(
      body,
      sentence(() => `Private only ${word}d.`),
    )
  },
})

const question =
  'Are you sure you want to close the standard listeners of the project, end their connections and hide standard strings'

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
  toggle('enable', {
    short: 'Hand out private connection strings alone.',
    long: [
      "Closes the standard listeners of its clusters and ends who came through them. Members' own ports are not shown any more;",
      'nobody but their owner can close them. The command asks before it does so, unless --force is given.',
    ].join('\n'),
    flags: [force],
    examples: [['Without a question:', 'projects privateOnly enable --force']],
  }),
  toggle('disable', {
    short: 'Hand out standard connection strings too.',
    examples: [['Hand them out too:', 'projects privateOnly disable']],
  }),
]
