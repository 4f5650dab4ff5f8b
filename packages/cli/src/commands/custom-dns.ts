// `postern customDns aws describe | enable | disable`: whether names of peered AWS networks are resolved to private
// addresses. Postern has no peering: the setting is kept and shown.

import type { Command, Leaf } from '../core/command.ts'
import { output, projectId } from '../core/global-flags.ts'
import { column, row, sentence } from '../print/template.ts'

const toggle = (word: 'enable' | 'disable'): Leaf => ({
  word,
  short: `${word === 'enable' ? 'Enable' : 'Disable'} the custom DNS configuration of your project's clusters on AWS.`,
  role: 'Project Owner',
  flags: [projectId, output],
  async run(context) {
    const { body } = await (await context.client()).call('toggleGroupAwsCustomDns', {
      params: { groupId: await context.groupId() },
      body: { enabled: word === 'enable' },
    })
    await context.print(
      body,
      sentence(() => `DNS configuration ${word}d.`),
    )
  },
})

export const customDns: readonly Command[] = [
  {
    word: 'aws',
    short: "Manage the custom DNS configuration of your project's clusters on AWS.",
    load: async () => [
      {
        word: 'describe',
        aliases: ['get'],
        short: "Return the custom DNS configuration of your project's clusters on AWS.",
        role: 'Project Read Only',
        flags: [projectId, output],
        async run(context) {
          const { body } = await (await context.client()).call('getGroupAwsCustomDns', {
            params: { groupId: await context.groupId() },
          })
          await context.print(body, row(column('ENABLED', 'enabled')))
        },
      } satisfies Leaf,
      toggle('enable'),
      toggle('disable'),
    ],
  },
]
