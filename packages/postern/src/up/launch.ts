// How `up` starts one of its programs: with its log, its level, and a sentence where it does not start.

import { join } from 'node:path'
import { type Child, type ChildProgram, noteDeath, startChild } from './child.ts'
import type { UpOptions } from './flags.ts'
import { homePaths } from './home.ts'
import { openLog } from './log-files.ts'

export const programs = ['server', 'edge', 'sandbox'] as const
/** The log of a program of this home. */
export const logOf = (home: string, name: (typeof programs)[number]): string =>
  join(homePaths(home).logs, `${name}.log`)

interface Launching {
  readonly home: string
  readonly options: Pick<UpOptions, 'json' | 'logLevel'> & {
    /** The bin of another build of the programs than this one. */
    readonly bin?: string
    /** Aborted: no further program is started. */
    readonly signal?: AbortSignal
    /** Hears that one died. */
    readonly tell: (says: string) => void
  }
  /** Grows as programs start. */
  readonly children: Child[]
}

type Launch = (
  name: (typeof programs)[number],
  environment: ChildProgram['environment'],
  more?: Pick<ChildProgram, 'message' | 'onStop'>,
) => Promise<Child>

/** Starts programs one by one, each with its log, and notes them in `children`, the last one first. */
export const launcher =
  ({ home, options, children }: Launching): Launch =>
  async (name, environment, more = {}) => {
    const logFile = logOf(home, name)
    const stderr = options.json ? ('inherit' as const) : openLog(logFile)
    const onDeath = (says: string): void => {
      if (stderr !== 'inherit') noteDeath(logFile, says)
      options.tell(says)
    }
    const withLevel: ChildProgram['environment'] = (before) => ({
      POSTERN_LOG_LEVEL: options.logLevel,
      ...environment(before),
    })
    // Whoever asked for an end meanwhile stopped the programs that ran by then, and no later one.
    options.signal?.throwIfAborted()
    const { bin } = options
    const child = startChild({ name, ...(bin && { bin }), environment: withLevel, stderr, onDeath, ...more })
    children.unshift(child)
    try {
      await child.started
      return child
    } catch (error) {
      const where = stderr === 'inherit' ? '' : ` Its log is ${logFile}.`
      throw new Error(`${name} did not start: ${(error as Error).message}.${where}`, { cause: error })
    }
  }
