// Help in Cobra's layout: what it is, Usage, Aliases, Examples, Available Commands or Flags, Global Flags.

import { type Branch, type Command, type Flag, type Leaf, usageLine } from './command.ts'
import { globalFlags } from './global-flags.ts'

export function branchHelp(path: string, command: Branch, children: readonly Command[]): string {
  const shown = children.filter((child) => child.hidden !== true)
  const width = Math.max(...shown.map((child) => child.word.length), 11)
  return sections([
    command.short,
    `Usage:\n  ${path} [command]`,
    aliasSection(command),
    `Available Commands:\n${shown.map((child) => `  ${child.word.padEnd(width)} ${child.short}`).join('\n')}`,
    `Flags:\n${flagLines(globalFlags)}`,
    `Use "${path} [command] --help" for more information about a command.`,
  ])
}

export function leafHelp(path: string, leaf: Leaf): string {
  const args = leaf.args ?? []
  const width = Math.max(...args.map((arg) => arg.name.length), 0)
  return sections([
    leaf.short,
    leaf.long,
    leaf.role === undefined ? undefined : `Needs the role ${leaf.role}.`,
    `Usage:\n  ${usageLine(path, leaf)}`,
    aliasSection(leaf),
    args.length === 0
      ? undefined
      : `Arguments:\n${args.map((arg) => `  ${arg.name.padEnd(width)}   ${arg.usage}`).join('\n')}`,
    examples(path, leaf),
    `Flags:\n${flagLines([...(leaf.flags ?? []), ...globalFlags.filter((flag) => flag.name === 'help')])}`,
    `Global Flags:\n${flagLines(globalFlags.filter((flag) => flag.name !== 'help'))}`,
  ])
}

const sections = (all: readonly (string | undefined)[]): string =>
  `${all.filter((one) => one !== undefined && one !== '').join('\n\n')}\n`

const aliasSection = (command: Command): string | undefined =>
  command.aliases === undefined || command.aliases.length === 0
    ? undefined
    : `Aliases:\n  ${[command.word, ...command.aliases].join(', ')}`

function examples(path: string, leaf: Leaf): string | undefined {
  if (leaf.examples === undefined) return undefined
  const program = path.split(' ')[0]
  return `Examples:\n${leaf.examples.map(([says, command]) => `  # ${says}\n  ${program} ${command}`).join('\n\n')}`
}

const placeholder = { text: ' string', list: ' strings', number: ' int', switch: '' } as const

function flagLines(flags: readonly Flag[]): string {
  const rows = flags
    .filter((flag) => flag.hidden !== true && flag.deprecated === undefined)
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .map((flag) => ({
      left: `  ${flag.short === undefined ? '   ' : `-${flag.short},`} --${flag.name}${placeholder[flag.kind]}`,
      right: `${flag.usage}${flag.default === undefined ? '' : ` (default ${shownDefault(flag)})`}${
        flag.required === true ? ' (required)' : ''
      }`,
    }))
  const width = Math.max(...rows.map((row) => row.left.length), 0)
  return rows.map((row) => `${row.left.padEnd(width)}   ${row.right}`).join('\n')
}

const shownDefault = (flag: Flag): string => (flag.kind === 'text' ? `"${flag.default}"` : (flag.default ?? ''))
