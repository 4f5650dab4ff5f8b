// From argv to a command: words are looked for among flags, since a global flag and its value may come first
// (`postern -P work privateEndpoints aws list`). As in Cobra, a flag that is not known yet is taken to have a value.

import { answersTo, type Branch, type Command, entered, isBranch, type Leaf } from './command.ts'
import { globalFlags } from './global-flags.ts'
import { suggestions } from './suggest.ts'
import { UsageError } from './usage-error.ts'

export interface Found {
  /** `postern privateEndpoints aws`. */
  readonly path: string
  readonly command: Branch | Leaf
  /** Children of a branch; none for a leaf. */
  readonly children: readonly Command[]
  /** argv without the words. */
  readonly rest: readonly string[]
}

/** Throws UsageError for a word that no command answers to. */
export async function findCommand(root: Branch, argv: readonly string[]): Promise<Found> {
  let found: Found = { path: root.word, command: root, children: await root.load(), rest: argv }
  while (isBranch(found.command)) {
    const { path, children, rest } = found
    const at = wordIndex(rest)
    const word = rest[at]
    if (word === undefined) return found
    const named = children.find((child) => answersTo(child, word))
    if (named === undefined) throw unknownCommand(word, path, children)
    const command = await entered(named)
    found = {
      path: `${path} ${command.word}`,
      command,
      children: isBranch(command) ? await command.load() : [],
      rest: rest.toSpliced(at, 1),
    }
  }
  return found
}

const switches = new Set(
  globalFlags
    .filter((flag) => flag.kind === 'switch')
    .flatMap((flag) => [`--${flag.name}`, ...(flag.short === undefined ? [] : [`-${flag.short}`])]),
)

function wordIndex(argv: readonly string[]): number {
  for (let at = 0; at < argv.length; at += 1) {
    const arg = argv[at] ?? ''
    if (arg === '--') return -1
    if (!arg.startsWith('-') || arg === '-') return at
    const alone = arg.startsWith('--') || arg.length === 2
    if (alone && !arg.includes('=') && !switches.has(arg)) at += 1
  }
  return -1
}

function unknownCommand(word: string, path: string, children: readonly Command[]): UsageError {
  const near = suggestions(word, children)
  const meant = near.length === 0 ? '' : `\n\nDid you mean this?\n${near.map((one) => `\t${one}\n`).join('')}`
  return new UsageError(`unknown command "${word}" for "${path}"${meant}\nRun '${path} --help' for usage.`)
}
