// What a command's `run` gets: its arguments and flags under their names, the server (found once, on first use), and
// the few ways to speak: print a result, ask before a delete, read a secret.

import type { Client } from '@postern/contract/client'
import { isObjectId } from '@postern/contract/ids'
import { connect } from '../connect.ts'
import { printerOf } from '../print/output-format.ts'
import type { Printer, Template } from '../print/template.ts'
import { type FoundServer, findServer } from '../server/find-server.ts'
import type { Leaf } from './command.ts'
import { type Choice, canAsk, firstLine, type Io } from './io.ts'
import type { FlagValue, Parsed } from './parse-flags.ts'
import { whileWaiting } from './progress.ts'
import { UsageError } from './usage-error.ts'

export class Context {
  readonly io: Io
  readonly path: string
  readonly #leaf: Leaf
  readonly #parsed: Parsed
  #server: Promise<FoundServer> | undefined
  #client: Promise<Client> | undefined
  #printer: Promise<Printer> | undefined

  constructor(parts: { readonly io: Io; readonly path: string; readonly leaf: Leaf; readonly parsed: Parsed }) {
    this.io = parts.io
    this.path = parts.path
    this.#leaf = parts.leaf
    this.#parsed = parts.parsed
  }

  /** The same call as another command takes it: `args` in place of what was typed, `flags` beside it. */
  as(leaf: Leaf, { args, flags }: Pick<Parsed, 'args' | 'flags'>): Context {
    const parsed = { ...this.#parsed, args, flags: new Map([...this.#parsed.flags, ...flags]) }
    return new Context({ io: this.io, path: this.path, leaf, parsed })
  }

  /** An argument that the table demands. */
  arg(name: string): string {
    const value = this.optionalArg(name)
    if (value === undefined) throw new RangeError(`no argument ${name}`)
    return value
  }

  optionalArg(name: string): string | undefined {
    return this.#parsed.args[(this.#leaf.args ?? []).findIndex((arg) => arg.name === name)]
  }

  /** Every argument as typed. */
  get args(): readonly string[] {
    return this.#parsed.args
  }

  /** A flag that the table demands. */
  text(name: string): string {
    const value = this.optional(name)
    if (value === undefined) throw new RangeError(`no flag ${name}`)
    return value
  }

  optional(name: string): string | undefined {
    const value = this.#value(name)
    return value === undefined ? undefined : String(value)
  }

  list(name: string): readonly string[] {
    const value = this.#value(name)
    return Array.isArray(value) ? value : []
  }

  isOn(name: string): boolean {
    return this.#value(name) === true
  }

  /** Given on the command line: a default is not. */
  isSet(name: string): boolean {
    return this.#parsed.flags.has(name)
  }

  number(name: string): number | undefined {
    const value = this.#value(name)
    return value === undefined ? undefined : Number(value)
  }

  /** Where the command goes, said on stderr the first time. Throws UsageError where there is no server. */
  server(): Promise<FoundServer> {
    this.#server ??= findServer({
      env: this.io.env,
      profile: this.optional('profile'),
      baseUrl: this.optional('baseUrl'),
      tell: (line) => this.io.stderr.write(`${line}\n`),
    }).then(async (found) => {
      this.io.stderr.write(`Using ${found.baseUrl} (${found.from})\n`)
      if (this.optional('output') === undefined && this.#prints) this.#printer = printerOf(found.output)
      // Before the first request, as `checkOutput` is.
      await this.#printer
      return found
    })
    return this.#server
  }

  client(): Promise<Client> {
    this.#client ??= this.server().then(({ baseUrl, credentials }) => {
      const client = connect({ baseUrl, credentials, fetch: this.io.fetch })
      const call: Client['call'] = (operation, ...request) =>
        whileWaiting(this.io.stderr, `Waiting for ${baseUrl}`, client.call(operation, ...request))
      return { baseUrl, call }
    })
    return this.#client
  }

  /** For an answer that goes on: it is written to stdout as it comes. */
  async streamingClient(): Promise<Client> {
    const { baseUrl, credentials } = await this.server()
    return connect({ baseUrl, credentials, fetch: this.io.fetch, stream: (text) => this.io.stdout.write(text) })
  }

  /** The project, from `--projectId`, environment, profile or home. Throws UsageError where it is missing or no id. */
  async groupId(): Promise<string> {
    return this.#id('projectId', (await this.server()).groupId)
  }

  async orgId(): Promise<string> {
    return this.#id('orgId', (await this.server()).orgId)
  }

  /** The one result of a command, on stdout, as `-o` asks. */
  async print(reply: unknown, template: Template): Promise<void> {
    await this.server()
    await this.printLocal(reply, template)
  }

  /** The same for what needs no server: the format is `-o` alone. */
  async printLocal(value: unknown, template: Template): Promise<void> {
    this.io.stdout.write(await this.printed(value, template))
  }

  async printed(value: unknown, template: Template): Promise<string> {
    this.#printer ??= printerOf(this.optional('output'))
    return (await this.#printer)(value, template)
  }

  /** Reads `-o`, before anything is done. Throws UsageError where nothing can be printed that way. */
  async checkOutput(): Promise<void> {
    if (this.optional('output') === undefined) return
    this.#printer = printerOf(this.optional('output'))
    await this.#printer
  }

  /** A sentence about a result, on stdout. */
  say(sentence: string): void {
    this.io.stdout.write(`${sentence}\n`)
  }

  /**
   * True to go on with a delete: `--force`, or Yes to the question. False: declined, `declined` was printed.
   * Throws UsageError where nobody can be asked.
   */
  async confirmed(question: string, declined: string): Promise<boolean> {
    if (this.isOn('force')) return true
    if (!canAsk(this.io)) {
      throw new UsageError(`cannot ask "${question}" without a terminal; use --force to go on without the question`)
    }
    if ((await this.io.prompts.confirm(question)) === true) return true
    this.say(declined)
    return false
  }

  /** A secret from the terminal, unseen, or the first line of standard input, empty where there is none. */
  async secret(question: string): Promise<string> {
    if (!canAsk(this.io)) {
      // What is typed would show: a terminal that cannot be asked properly is not read at all.
      if (this.io.stdin.isTTY === true) throw new UsageError(`cannot ask for "${question}": stderr is not a terminal`)
      return firstLine(this.io.stdin)
    }
    const answer = await this.io.prompts.secret(question)
    return answered(answer)
  }

  /** Someone is there to answer. */
  get canAsk(): boolean {
    return canAsk(this.io)
  }

  /** A line from the terminal. Throws UsageError where nobody can be asked, naming what to type instead, and on Ctrl-C. */
  async ask(question: string, instead: string): Promise<string> {
    if (!canAsk(this.io)) throw new UsageError(`cannot ask "${question}" without a terminal; use ${instead}`)
    return answered(await this.io.prompts.text(question))
  }

  /** One of several, from the terminal; the only one without a question. Throws UsageError as `ask` does. */
  async choose(question: string, options: readonly Choice[], instead: string): Promise<string> {
    const [only, another] = options
    if (only !== undefined && another === undefined) return only.value
    if (!canAsk(this.io)) throw new UsageError(`cannot ask "${question}" without a terminal; use ${instead}`)
    return answered(await this.io.prompts.select(question, options))
  }

  warn(sentence: string): void {
    this.io.stderr.write(`Warning: ${sentence}\n`)
  }

  get #prints(): boolean {
    return (this.#leaf.flags ?? []).some((flag) => flag.name === 'output')
  }

  #value(name: string): FlagValue | undefined {
    return this.#parsed.flags.get(name) ?? (this.#leaf.flags ?? []).find((flag) => flag.name === name)?.default
  }

  #id(flag: string, otherwise: string | undefined): string {
    const id = this.optional(flag) ?? otherwise
    if (id === undefined) throw new UsageError(`required flag(s) "${flag}" not set`)
    if (!isObjectId(id)) throw new UsageError(`the provided value '${id}' is not a valid ID`)
    return id
  }
}

function answered(answer: string | undefined): string {
  if (answer === undefined || answer === '') throw new UsageError('nothing was entered')
  return answer
}

/** For `Argument.problem`. */
export const objectIdProblem = (value: string): string | undefined =>
  isObjectId(value) ? undefined : `the provided value '${value}' is not a valid ID`
