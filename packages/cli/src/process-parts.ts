// The running process as `runCli` wants it: the one file of this package that reads the environment. A reader that
// went away (`postern … | head -1`) ends the program quietly, as it does for other tools.

import type { CliParts } from './run-cli.ts'

export function processParts(): Pick<CliParts, 'argv' | 'env' | 'stdin' | 'stdout' | 'stderr'> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (problem: NodeJS.ErrnoException) => {
      if (problem.code !== 'EPIPE') throw problem
      process.exit(0)
    })
  }
  return {
    argv: process.argv.slice(2),
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  }
}
