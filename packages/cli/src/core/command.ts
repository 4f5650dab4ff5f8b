// The shape of the command table: words, arguments, flags and what to run, as plain data. Parsing, help, "Did you mean"
// and completion read the same table, so that they cannot disagree. Branches load their children when they are entered:
// a cold start pays for one noun only.

import type { Context } from './context.ts'

export type Command = Branch | Leaf | DeferredLeaf

interface Named {
  readonly word: string
  readonly aliases?: readonly string[]
  /** One sentence, ends with a full stop. */
  readonly short: string
  readonly hidden?: true
}

export interface Branch extends Named {
  readonly load: () => Promise<readonly Command[]>
}

/** A leaf of the root that, like a branch, loads when it is entered: here is only what the root's help shows. */
interface DeferredLeaf extends Named {
  readonly leaf: () => Promise<Leaf>
}

export interface Leaf extends Named {
  /** Hidden as well; said on stderr before it runs: what to use instead. */
  readonly deprecated?: string
  /** Further paragraphs of help. */
  readonly long?: string
  /** Atlas's name of the least role, as help shows it. */
  readonly role?: string
  readonly args?: readonly Argument[]
  readonly flags?: readonly Flag[]
  /** Comment and command, the command without the program's name. */
  readonly examples?: readonly (readonly [says: string, command: string])[]
  /** Returns the exit code; nothing means 0. Throws what `run-cli.ts` renders as `Error: …`, exit 1. */
  readonly run: (context: Context) => Promise<number | undefined> | Promise<void>
}

export interface Argument {
  readonly name: string
  readonly usage: string
  /** One or more, or with `optional` none. Only as the last argument. */
  readonly many?: true
  readonly optional?: true
  readonly oneOf?: readonly string[]
  /** Says what is wrong with a value; undefined: nothing. */
  readonly problem?: (value: string) => string | undefined
}

export interface Flag {
  readonly name: string
  readonly short?: string
  /** `list` takes commas and may be given again. */
  readonly kind: 'text' | 'switch' | 'list' | 'number'
  readonly usage: string
  /** Of a list: commas are part of a value, which is given again for another. */
  readonly withCommas?: true
  readonly required?: true
  readonly default?: string
  readonly hidden?: true
  /** Another spelling that means the same. */
  readonly also?: readonly string[]
  /** What a shell offers as its value; nothing where left out. */
  readonly completes?: readonly string[] | 'files' | 'profiles'
  /** Accepted, does nothing, says this on stderr. */
  readonly deprecated?: string
}

export const isBranch = (command: Command): command is Branch => 'load' in command

/** A command as it is run or helped. */
export const entered = async (command: Command): Promise<Branch | Leaf> =>
  'leaf' in command ? command.leaf() : command

export const answersTo = (command: Command, word: string): boolean =>
  command.word === word || (command.aliases ?? []).includes(word)

/** The path's last line of usage: `postern privateEndpoints aws describe <privateEndpointId> [flags]`. */
export function usageLine(path: string, leaf: Leaf): string {
  const args = (leaf.args ?? []).map(
    (arg) => `${arg.optional === true ? `[${arg.name}]` : `<${arg.name}>`}${arg.many === true ? '...' : ''}`,
  )
  return [path, ...args, '[flags]'].join(' ')
}
