// The client commands alone, as a program: for development. The published bin adds the server's own commands.

import { processParts } from './process-parts.ts'
import { runCli } from './run-cli.ts'

process.exitCode = await runCli(processParts())
