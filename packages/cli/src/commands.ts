// The client commands' nouns, in the order of the root's help. Each loads when it is entered.

import { aliasesOf } from './core/aliases.ts'
import type { Branch } from './core/command.ts'

export const clientCommands: readonly Branch[] = [
  {
    word: 'privateEndpoints',
    aliases: aliasesOf('privateEndpoints'),
    short: 'Manage private endpoints: endpoint services and the interface endpoints attached to them.',
    load: async () => (await import('./commands/private-endpoints.ts')).privateEndpoints,
  },
]
