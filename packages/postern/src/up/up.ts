// The command `postern up`: start, print, run until a signal, stop cleanly. Under npm also until its shell ends: npm hands
// a signal to that shell, which dies of it and hands it on to nobody.

import { once } from 'node:events'
import type { Io } from '@postern/cli/core/io'
import { whenParentGoes } from '@postern/contract/parent-process'
import { banner, jsonLine } from './banner.ts'
import type { UpOptions } from './flags.ts'
import { start } from './start.ts'

/** Resolves when everything has stopped after a signal. Throws an Error whose message says what to do. */
export async function up(options: UpOptions, io: Pick<Io, 'env' | 'stdout' | 'stderr'>): Promise<void> {
  const tell = (says: string): void => void io.stderr.write(`${says}\n`)
  const signalled = new AbortController()
  const stopping = (): void => {
    if (!signalled.signal.aborted && !options.json) tell('Stopping…')
    signalled.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stopping)
  // Whoever started it with a channel, as a test suite does, takes it along, even by kill -9.
  whenParentGoes(stopping)
  if (io.env.npm_lifecycle_event !== undefined) whenOrphaned(stopping)
  try {
    const running = await start({ ...options, tell, signal: signalled.signal, onStop: stopping })
    if (!signalled.signal.aborted) {
      const { bootstrap, unserved } = running
      if (options.json) for (const says of unserved) tell(says)
      io.stdout.write(options.json ? jsonLine(bootstrap, running) : banner(bootstrap, running))
      await once(signalled.signal, 'abort')
    }
    await running.stop()
  } catch (error) {
    if (!signalled.signal.aborted) throw error
  } finally {
    // That channel would keep this process alive.
    process.channel?.unref()
  }
}

const parentLookMs = 250

/** Calls once, when the process that started this one is gone. */
const whenOrphaned = (orphaned: () => void): void => {
  const { ppid } = process
  const looking = setInterval(() => {
    if (process.ppid === ppid) return
    clearInterval(looking)
    orphaned()
  }, parentLookMs).unref()
}
