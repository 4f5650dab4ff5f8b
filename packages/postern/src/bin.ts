// The one program: its own commands and the command line's, in one table.

import { runCli } from '@postern/cli/run-cli'
import { programCommands } from './commands.ts'
import { version } from './version.ts'

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  extraCommands: programCommands,
  version,
})
