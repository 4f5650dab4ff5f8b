// `postern privateEndpoints …`: the Atlas CLI's tree. What the clouds call things differently is a table
// (private-endpoints/clouds.ts); the commands are written once.

import { aliasesOf } from '../core/aliases.ts'
import type { Command, Leaf } from '../core/command.ts'
import { output, pages, projectId } from '../core/global-flags.ts'
import { at, itemsOf } from '../print/json.ts'
import { column, rows } from '../print/template.ts'
import { pageQuery } from './pages.ts'
import { clouds } from './private-endpoints/clouds.ts'
import { interfaceCommands } from './private-endpoints/interfaces.ts'
import { regionalModeCommands } from './private-endpoints/regional-modes.ts'
import { serviceCommands } from './private-endpoints/services.ts'
import { withoutProvider } from './private-endpoints/without-provider.ts'

const list: Leaf = {
  word: 'list',
  aliases: ['ls'],
  short: 'Return all endpoint services of your project, of every cloud.',
  role: 'Project Read Only',
  flags: [...pages, projectId, output],
  examples: [['List them as JSON:', 'privateEndpoints list --output json']],
  async run(context) {
    const { body } = await (await context.client()).call('listGroupEndpointServices', {
      params: { groupId: await context.groupId() },
      query: pageQuery(context),
    })
    await context.print(
      body,
      rows(
        column('ID', 'id'),
        column('PROVIDER', 'cloudProvider'),
        column('REGION', 'regionName'),
        column('STATUS', 'status'),
        { header: 'ENDPOINTS', cell: (service) => String(itemsOf(at(service, 'endpointIds')).length) },
        column('ERROR', 'errorMessage'),
      ),
    )
  },
}

export const privateEndpoints: readonly Command[] = [
  list,
  ...clouds.map((cloud) => ({
    word: cloud.word,
    short: `Manage ${cloud.product} private endpoints.`,
    load: async () => [
      ...serviceCommands(cloud),
      {
        word: 'interfaces',
        aliases: aliasesOf('interfaces'),
        short: `Manage the interface endpoints of ${cloud.product} private endpoints.`,
        load: async () => interfaceCommands(cloud),
      },
    ],
  })),
  {
    word: 'regionalModes',
    aliases: aliasesOf('regionalModes'),
    short: 'Manage whether each region of a sharded cluster has connection strings of its own.',
    load: async () => regionalModeCommands,
  },
  ...withoutProvider(),
]
