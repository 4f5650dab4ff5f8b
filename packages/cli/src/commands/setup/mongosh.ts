// mongosh at the end of `setup`, as the Atlas CLI opens it. It asks for the password itself: no secret is in its argv.

import { spawn } from 'node:child_process'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { atMostOne } from '../flag-groups.ts'

/** Throws UsageError for another program, and where nobody is there to use it. */
export function wantsShell(context: Context): boolean {
  atMostOne(context, 'connectWith', 'skipMongosh')
  const program = context.text('connectWith')
  if (program !== 'mongosh' && program !== 'skip') {
    throw new UsageError(`invalid value "${program}" for --connectWith; accepted values: mongosh, skip`)
  }
  if (program === 'mongosh' && !context.canAsk) throw new UsageError('--connectWith mongosh wants a terminal')
  return program === 'mongosh'
}

/** The shell's exit code. Throws UsageError where there is no mongosh. */
export const openShell = (
  { io }: Context,
  { connectionString, username }: { readonly connectionString: string; readonly username: string },
): Promise<number> =>
  new Promise((resolve, reject) => {
    const shell = spawn('mongosh', [connectionString, '--username', username], { stdio: 'inherit', env: io.env })
    shell.on('error', () => reject(new UsageError('mongosh is not installed here; the connection string is above')))
    shell.on('exit', (code) => resolve(code ?? 1))
  })
