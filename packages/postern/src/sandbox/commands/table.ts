// Every command that the sandbox knows, by name; any other is CommandNotFound.
import type { CommandTable } from '../execute.ts'
import { catalogCommands } from './catalog.ts'
import { diagnosticCommands } from './diagnostics.ts'
import { handshakeCommands } from './handshake.ts'
import { readCommands } from './read.ts'
import { replicationCommands } from './replication.ts'
import { roleCommands } from './roles.ts'
import { userCommands } from './users.ts'
import { writeCommands } from './write.ts'

export const commandTable: CommandTable = new Map([
  ...Object.entries(handshakeCommands),
  ...Object.entries(readCommands),
  ...Object.entries(writeCommands),
  ...Object.entries(catalogCommands),
  ...Object.entries(userCommands),
  ...Object.entries(roleCommands),
  ...Object.entries(diagnosticCommands),
  ...Object.entries(replicationCommands),
])
