// `privateEndpoints regionalModes describe | enable | disable`.

import type { Leaf } from '../../core/command.ts'
import { output, projectId } from '../../core/global-flags.ts'
import { column, row, sentence } from '../../print/template.ts'

const toggle = (word: 'enable' | 'disable'): Leaf => ({
  word,
  short: `${word === 'enable' ? 'Enable' : 'Disable'} the regionalized private endpoint setting of your project.`,
  long: 'Connection strings of sharded clusters change with it.',
  role: 'Project Owner',
  flags: [projectId, output],
  async run(context) {
    const { body } = await (await context.client()).call('toggleGroupPrivateEndpointRegionalMode', {
      params: { groupId: await context.groupId() },
      body: { enabled: word === 'enable' },
    })
    await context.print(
      body,
      sentence(() => `Regionalized private endpoint setting ${word}d.`),
    )
  },
})

export const regionalModeCommands: readonly Leaf[] = [
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return the regionalized private endpoint setting of your project.',
    role: 'Project Read Only',
    flags: [projectId, output],
    async run(context) {
      const { body } = await (await context.client()).call('getGroupPrivateEndpointRegionalMode', {
        params: { groupId: await context.groupId() },
      })
      await context.print(body, row(column('ENABLED', 'enabled')))
    },
  },
  toggle('enable'),
  toggle('disable'),
]
