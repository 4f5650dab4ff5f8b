// Carries a template out on an answer of the API. Fields are looked up by their JSON name, and then whatever the case
// of their letters, so that templates written for the Atlas CLI's Go structures (`{{.Id}}`) read the same answers.

import { isTrue, templateFunctions, textOf } from './functions.ts'
import { parseTemplate } from './parse.ts'
import { type BlockPiece, type Piece, type Pipe, TemplateError, type Term } from './syntax.ts'

/** Throws TemplateError for a template that is none; what is returned throws it for a value that it cannot work on. */
export function compileTemplate(source: string): (value: unknown) => string {
  const pieces = parseTemplate(source, new Set(templateFunctions.keys()))
  return (value) => {
    const root = clean(value)
    return run(pieces, { dot: root, variables: new Scope(undefined).declare('', root) })
  }
}

class Scope {
  readonly #above: Scope | undefined
  readonly #values = new Map<string, unknown>()

  constructor(above: Scope | undefined) {
    this.#above = above
  }

  declare(name: string, value: unknown): this {
    this.#values.set(name, value)
    return this
  }

  assign(name: string, value: unknown): void {
    this.#holder(name).#values.set(name, value)
  }

  get(name: string): unknown {
    return this.#holder(name).#values.get(name)
  }

  #holder(name: string): Scope {
    if (this.#values.has(name)) return this
    if (this.#above === undefined) throw new TemplateError(`undefined variable "$${name}"`)
    return this.#above.#holder(name)
  }
}

interface State {
  readonly dot: unknown
  readonly variables: Scope
}

const run = (pieces: readonly Piece[], state: State): string => pieces.map((piece) => runPiece(piece, state)).join('')

function runPiece(piece: Piece, state: State): string {
  if (piece.kind === 'text') return piece.text
  if (piece.kind === 'print') {
    const value = pipeValue(piece.pipe, state)
    return piece.pipe.names.length > 0 ? '' : textOf(value)
  }
  const inner: State = { dot: state.dot, variables: new Scope(state.variables) }
  if (piece.kind === 'range') return runRange(piece, state, inner)
  const value = pipeValue(piece.pipe, inner)
  if (!isTrue(value)) return run(piece.otherwise, inner)
  return run(piece.then, piece.kind === 'with' ? { ...inner, dot: value } : inner)
}

function runRange(piece: BlockPiece, state: State, outer: State): string {
  const { names, assigns } = piece.pipe
  if (assigns) throw new TemplateError('range takes :=, not =')
  const entries = entriesOf(pipeValue({ ...piece.pipe, names: [] }, state))
  if (entries.length === 0) return run(piece.otherwise, outer)
  return entries
    .map(([key, value]) => {
      const variables = new Scope(outer.variables)
      const [first, second] = names
      if (first !== undefined && second === undefined) variables.declare(first, value)
      if (first !== undefined && second !== undefined) variables.declare(first, key).declare(second, value)
      return run(piece.then, { dot: value, variables })
    })
    .join('')
}

function entriesOf(value: unknown): readonly (readonly [key: string | number, value: unknown])[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.map((one, at) => [at, one] as const)
  if (typeof value === 'object') return Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  throw new TemplateError(`range can't iterate over ${textOf(value)}`)
}

function pipeValue(pipe: Pipe, state: State): unknown {
  const [first = [], ...rest] = pipe.commands
  const value = rest.reduce<unknown>(
    (before, command) => commandValue(command, state, [before]),
    commandValue(first, state, []),
  )
  const [name, second] = pipe.names
  if (second !== undefined) throw new TemplateError('only range declares two variables')
  if (name !== undefined) {
    if (pipe.assigns) state.variables.assign(name, value)
    else state.variables.declare(name, value)
  }
  return value
}

/** `piped`: what the command before gave, as the last argument. */
function commandValue(command: readonly Term[], state: State, piped: readonly unknown[]): unknown {
  const [head, ...rest] = command
  if (head?.kind !== 'function') {
    if (head === undefined || piped.length > 0) throw new TemplateError('only a function takes what is piped')
    return termValue(head, state)
  }
  const args = [...rest.map((term) => termValue(term, state)), ...piped]
  if (args.length === 0 && !head.name.startsWith('print')) throw new TemplateError(`${head.name} wants an argument`)
  return templateFunctions.get(head.name)?.(...args)
}

function termValue(term: Term, state: State): unknown {
  switch (term.kind) {
    case 'literal':
      return term.value
    case 'dot':
      return term.path.reduce(fieldOf, state.dot)
    case 'variable':
      return term.path.reduce(fieldOf, state.variables.get(term.name))
    case 'group':
      return term.path.reduce(fieldOf, pipeValue(term.pipe, state))
    case 'function':
      return commandValue([term], state, [])
  }
}

/** What is missing is nothing; a field of what has no fields is an error, as in Go. */
function fieldOf(value: unknown, name: string): unknown {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new TemplateError(`can't evaluate field ${name} in ${Array.isArray(value) ? 'a list' : `"${textOf(value)}"`}`)
  }
  const fields = value as Readonly<Record<string, unknown>>
  if (Object.hasOwn(fields, name)) return fields[name]
  const folded = name.toLowerCase()
  const same = Object.keys(fields).find((one) => one.toLowerCase() === folded)
  return same === undefined ? undefined : fields[same]
}

/** Without what steers a terminal; line ends and tabs stay, since certificates have them. */
function clean(value: unknown): unknown {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  if (typeof value === 'string') return value.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]+/g, ' ')
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, clean(inner)]))
}
