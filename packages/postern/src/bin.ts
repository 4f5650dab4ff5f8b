// The one program: its own commands and the command line's, in one table.

import { processParts } from '@postern/cli/process-parts'
import { runCli } from '@postern/cli/run-cli'
import { version } from '@postern/contract/version'
import { programCommands } from './commands.ts'

process.exitCode = await runCli({
  ...processParts(),
  extraCommands: programCommands,
  version,
})
