// The command `postern up`: start, print, run until a signal, stop cleanly.

import { once } from 'node:events'
import { banner, jsonLine } from './banner.ts'
import { parseUp, UsageError, upHelp } from './flags.ts'
import { start } from './start.ts'

/** Answers the exit code. */
export async function up(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const warn = (says: string): void => void process.stderr.write(`${says}\n`)
  let options: ReturnType<typeof parseUp>
  try {
    options = parseUp(argv, env)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    warn(`Error: ${error.message}\n\n${upHelp}`)
    return 1
  }
  if (options === null) {
    process.stdout.write(upHelp)
    return 0
  }
  const signalled = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => signalled.abort())
  try {
    const running = await start({ ...options, tell: warn, signal: signalled.signal })
    process.stdout.write(options.json ? jsonLine(running.bootstrap) : banner(running.home, running.bootstrap))
    if (!signalled.signal.aborted) await once(signalled.signal, 'abort')
    if (!options.json) warn('Stopping…')
    await running.stop()
    return 0
  } catch (error) {
    if (signalled.signal.aborted) return 0
    warn(`Error: ${(error as Error).message}`)
    return 1
  }
}
