// The flags of what a developer runs (`npm run simulate`, `npm run kill`): a mistake is answered with a sentence and how
// the tool is used, never with a stack.

import { parseArgs } from 'node:util'

interface Tool<Flags> {
  /** The first line of what is told for help and after a mistake. */
  readonly usage: string
  /** Each takes a text: `--name value`. */
  readonly names: readonly string[]
  /** From what was typed to what is needed. Throws an Error that says what is wrong. */
  readonly parse: (typed: Readonly<Record<string, string | undefined>>) => Flags
}

export type ToolFlags<Flags> =
  | { readonly flags: Flags }
  /** Nothing is to be run: print this, and end with the code. */
  | { readonly says: string; readonly code: 0 | 1 }

/** Reads the flags; `--help`, an unknown flag, one without its value or one that `parse` refuses end the tool. */
export function toolFlags<Flags>(argv: readonly string[], { usage, names, parse }: Tool<Flags>): ToolFlags<Flags> {
  if (argv.includes('--help')) return { says: `${usage}\n`, code: 0 }
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  try {
    return { flags: parse(parseArgs({ args: [...argv], options }).values) }
  } catch (error) {
    return { says: `${(error as Error).message}\n${usage}\n`, code: 1 }
  }
}

/** The same, for a program's main file: ends the process where nothing is to be run. */
export function flagsOrEnd<Flags>(tool: Tool<Flags>): Flags {
  const read = toolFlags(process.argv.slice(2), tool)
  if ('flags' in read) return read.flags
  process.stderr.write(read.says)
  return process.exit(read.code)
}

/** Digits as a number, from `least` on. Throws an Error that names the flag. */
export function wholeNumber(name: string, text: string, least = 0): number {
  const value = Number(text)
  if (/^\d{1,9}$/.test(text) && value >= least) return value
  throw new Error(`--${name} takes a whole number from ${least} on, not ${text}`)
}
