// One command from argv to exit code: find it, parse, check, run, render what went wrong. The one entry of this
// package: main.ts and the published bin hand in the process, tests hand in their own.

import { existsSync } from 'node:fs'
import { clientCommands } from './commands.ts'
import type { Branch, Command, Leaf } from './core/command.ts'
import { isBranch } from './core/command.ts'
import { Context } from './core/context.ts'
import { errorText } from './core/error-text.ts'
import { type Found, findCommand } from './core/find-command.ts'
import { globalFlags } from './core/global-flags.ts'
import { branchHelp, leafHelp } from './core/help.ts'
import type { Input, Io, Output, Prompts } from './core/io.ts'
import { checkParsed, type Parsed, parseFlags } from './core/parse-flags.ts'
import { terminalPrompts } from './core/prompts.ts'
import { httpFetch } from './http-fetch.ts'
import { configFile } from './server/folders.ts'
import { readProfiles } from './server/profile.ts'

export interface CliParts {
  /** Without node and script. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  readonly fetch?: Io['fetch']
  readonly sleep?: Io['sleep']
  readonly prompts?: Prompts
  readonly inContainer?: Io['inContainer']
  /** Commands of the program around this one (`up`, `quickstart`, …): shown first, parsed and helped by the same table. */
  readonly extraCommands?: readonly Command[]
  /** Answers `--version`. */
  readonly version?: string
}

/** @returns the exit code: 0, or 1 with `Error: …` on stderr. Never throws. */
export async function runCli(parts: CliParts): Promise<number> {
  const io: Io = {
    env: parts.env,
    stdin: parts.stdin,
    stdout: parts.stdout,
    stderr: parts.stderr,
    fetch: parts.fetch ?? httpFetch,
    sleep: parts.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
    prompts: parts.prompts ?? terminalPrompts,
    inContainer: parts.inContainer ?? (() => existsSync('/.dockerenv') || existsSync('/run/.containerenv')),
  }
  const root: Branch = {
    word: 'postern',
    short: 'Private endpoints for any MongoDB deployment, with the Atlas Administration API on the wire.',
    load: async () => [...(parts.extraCommands ?? []), ...clientCommands],
  }
  try {
    if (parts.version !== undefined && parts.argv[0] === '--version') {
      io.stdout.write(`postern version ${parts.version}\n`)
      return 0
    }
    if (parts.argv[0] === '__complete') {
      const { completionText } = await import('./core/complete.ts')
      const profileNames = async () => [...(await readProfiles(configFile(io.env))).keys()]
      io.stdout.write(await completionText({ root, words: parts.argv.slice(1), profileNames }))
      return 0
    }
    const argv = parts.argv[0] === 'help' ? [...parts.argv.slice(1), '--help'] : parts.argv
    return await runFound(await findCommand(root, argv), io)
  } catch (problem) {
    io.stderr.write(`Error: ${errorText(problem)}\n`)
    return 1
  }
}

async function runFound({ command, path, rest, children }: Found, io: Io): Promise<number> {
  const parsed = parseFlags([...(isBranch(command) ? [] : (command.flags ?? [])), ...globalFlags], rest)
  if (isBranch(command)) {
    io.stdout.write(branchHelp(path, command, children))
    return 0
  }
  if (command.deprecated !== undefined) {
    io.stderr.write(`Command "${command.word}" is deprecated, ${command.deprecated}\n`)
  }
  if (parsed.flags.get('help') === true) {
    io.stdout.write(leafHelp(path, command))
    return 0
  }
  return runLeaf(command, path, { parsed, io })
}

async function runLeaf(
  leaf: Leaf,
  path: string,
  { parsed, io }: { readonly parsed: Parsed; readonly io: Io },
): Promise<number> {
  for (const warning of parsed.warnings) io.stderr.write(`${warning}\n`)
  checkParsed(path, leaf, parsed)
  const context = new Context({ io, path, leaf, parsed })
  // Before anything is done: a wish carried out and then not shown would be lost on the caller.
  if (typeof parsed.flags.get('output') === 'string') await context.checkOutput()
  return (await leaf.run(context)) ?? 0
}
