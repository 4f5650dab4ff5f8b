// `postern privateEndpoints …`: the Atlas CLI's tree. What the clouds call things differently is a table
// (private-endpoints/clouds.ts); the commands are written once.

import { aliasesOf } from '../core/aliases.ts'
import type { Command } from '../core/command.ts'
import { clouds } from './private-endpoints/clouds.ts'
import { interfaceCommands } from './private-endpoints/interfaces.ts'
import { regionalModeCommands } from './private-endpoints/regional-modes.ts'
import { serviceCommands } from './private-endpoints/services.ts'

export const privateEndpoints: readonly Command[] = [
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
]
