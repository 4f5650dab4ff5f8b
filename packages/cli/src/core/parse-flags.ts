// Flags and arguments of one command, by Cobra's rules and in Cobra's words, over the tokens of `util.parseArgs`:
// `-o=json`, `-ojson`, `--force=false`, comma lists, `--` before an argument that begins with a dash.

import { parseArgs } from 'node:util'
import { type Flag, type Leaf, usageLine } from './command.ts'
import { UsageError } from './usage-error.ts'

export type FlagValue = string | boolean | number | readonly string[]

export interface Parsed {
  readonly flags: ReadonlyMap<string, FlagValue>
  readonly args: readonly string[]
  /** Sentences for stderr, of flags that are accepted and do nothing. */
  readonly warnings: readonly string[]
}

/** Throws UsageError for unknown flags, missing and wrong values. Does not check arguments or required flags. */
export function parseFlags(flags: readonly Flag[], argv: readonly string[]): Parsed {
  const spellings = new Map(flags.flatMap((flag) => [flag.name, ...(flag.also ?? [])].map((name) => [name, flag])))
  const shorts = new Map(flags.flatMap((flag) => (flag.short === undefined ? [] : [[flag.short, flag]])))
  const options = Object.fromEntries(
    [...spellings].map(([name, flag]) => [
      name,
      {
        type: flag.kind === 'switch' ? ('boolean' as const) : ('string' as const),
        ...(flag.short !== undefined && name === flag.name ? { short: flag.short } : {}),
      },
    ]),
  )
  const { tokens } = parseArgs({
    args: argv.map((arg) => longForm(arg, shorts)),
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const values = new Map<string, FlagValue>()
  const args: string[] = []
  const warnings: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') args.push(token.value)
    if (token.kind !== 'option') continue
    const flag = spellings.get(token.name)
    if (flag === undefined) throw unknownFlag(token.rawName, argv)
    if (flag.deprecated !== undefined) warnings.push(`Flag --${flag.name} has been deprecated, ${flag.deprecated}`)
    const value = token.value?.replace(token.inlineValue === true && token.rawName.length === 2 ? /^=/ : '', '')
    values.set(flag.name, readValue(flag, value, { rawName: token.rawName, before: values.get(flag.name) }))
  }
  return { flags: values, args, warnings }
}

/** Arguments first, then required flags, as Cobra does. Throws UsageError. */
export function checkParsed(path: string, leaf: Leaf, parsed: Parsed): void {
  const declared = leaf.args ?? []
  const many = declared.some((arg) => arg.many === true)
  const most = declared.length
  const least = declared.filter((arg) => arg.optional !== true).length
  const given = parsed.args.length
  const usage = `\n\nUsage:  ${usageLine(path, leaf)}`
  if (most === 0 && given > 0) throw new UsageError(`"${path}" accepts no arguments${usage}`)
  if (given < least || (!many && given > most)) {
    const range = many
      ? `requires at least ${counted(least)}`
      : least === most
        ? `requires ${counted(most)}`
        : `accepts at most ${counted(most)}`
    throw new UsageError(`"${path}" ${range}, received ${given}${usage}`)
  }
  for (const [index, value] of parsed.args.entries()) {
    const arg = declared[Math.min(index, most - 1)]
    if (arg?.oneOf !== undefined && !arg.oneOf.includes(value)) {
      throw new UsageError(`invalid argument "${value}" for "${path}"; valid ones are ${arg.oneOf.join(', ')}`)
    }
    const problem = arg?.problem?.(value)
    if (problem !== undefined) throw new UsageError(problem)
  }
  const missing = (leaf.flags ?? []).filter((flag) => flag.required === true && !parsed.flags.has(flag.name))
  if (missing.length > 0) {
    throw new UsageError(`required flag(s) ${missing.map((flag) => `"${flag.name}"`).join(', ')} not set`)
  }
}

const counted = (count: number): string => `${count} ${count === 1 ? 'argument' : 'arguments'}`

/** `-w=false` of a switch, which parseArgs would read as a group of letters. */
function longForm(arg: string, shorts: ReadonlyMap<string, Flag>): string {
  const [, letter, value] = /^-(\w)=(.*)$/s.exec(arg) ?? []
  const flag = letter === undefined ? undefined : shorts.get(letter)
  return flag?.kind === 'switch' ? `--${flag.name}=${value}` : arg
}

function unknownFlag(rawName: string, argv: readonly string[]): UsageError {
  if (rawName.startsWith('--')) return new UsageError(`unknown flag: ${rawName}`)
  const letter = rawName.slice(1)
  const group = argv.find((arg) => /^-[^-]/.test(arg) && arg.includes(letter)) ?? rawName
  return new UsageError(`unknown shorthand flag: '${letter}' in ${group}`)
}

function readValue(
  flag: Flag,
  value: string | undefined,
  seen: { readonly rawName: string; readonly before: FlagValue | undefined },
): FlagValue {
  if (flag.kind === 'switch') return readSwitch(flag, value)
  if (value === undefined) {
    const where = seen.rawName.startsWith('--') ? seen.rawName : `'${seen.rawName.slice(1)}' in ${seen.rawName}`
    throw new UsageError(`flag needs an argument: ${where}`)
  }
  switch (flag.kind) {
    case 'text':
      return value
    case 'list':
      return [
        ...(Array.isArray(seen.before) ? seen.before : []),
        ...(flag.withCommas ? [value] : value.split(',')).filter((one) => one !== ''),
      ]
    case 'number':
      if (!/^-?\d{1,15}$/.test(value)) throw invalid(flag, value, 'not a whole number')
      return Number(value)
  }
}

function readSwitch(flag: Flag, value: string | undefined): boolean {
  if (value === undefined || /^(1|t|true)$/i.test(value)) return true
  if (/^(0|f|false)$/i.test(value)) return false
  throw invalid(flag, value, 'neither true nor false')
}

const invalid = (flag: Flag, value: string, why: string): UsageError =>
  new UsageError(
    `invalid argument "${value}" for "${flag.short === undefined ? '' : `-${flag.short}, `}--${flag.name}" flag: ${why}`,
  )
