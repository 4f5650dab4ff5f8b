// From the text of a Go template to its pieces. The subset is the one that docs/cli-differences.md lists: text, fields,
// variables, pipes, if, with, range, else and end; whatever else Go has is refused by name.

import { type Piece, type Pipe, TemplateError, type Term } from './syntax.ts'
import { type Chunk, cut, type Word } from './words.ts'

/** `functions`: the names that may be called. Throws TemplateError. */
export function parseTemplate(source: string, functions: ReadonlySet<string>): readonly Piece[] {
  const chunks = [...cut(source)]
  const reading: Reading = { chunks, functions }
  const { pieces, ended } = readPieces(reading)
  if (ended !== undefined) throw new TemplateError(`line ${ended.line}: {{${ended.word}}} without a beginning`)
  return pieces
}

interface Reading {
  /** What is left. */
  readonly chunks: Chunk[]
  readonly functions: ReadonlySet<string>
}

/** What ended a run of pieces: `end`, or `else` with what stands behind it. */
interface Ended {
  readonly word: 'end' | 'else'
  readonly rest: readonly Word[]
  readonly line: number
}

const refused = new Set(['define', 'template', 'block', 'break', 'continue'])

function readPieces(reading: Reading): { readonly pieces: readonly Piece[]; readonly ended: Ended | undefined } {
  const pieces: Piece[] = []
  for (let chunk = reading.chunks.shift(); chunk !== undefined; chunk = reading.chunks.shift()) {
    if ('text' in chunk) {
      if (chunk.text !== '') pieces.push({ kind: 'text', text: chunk.text })
      continue
    }
    const words = withoutOuterBlanks(chunk.action)
    const [first, ...rest] = words
    if (first === undefined) continue
    const word = first.kind === 'name' ? first.text : ''
    if (word === 'end' || word === 'else')
      return { pieces, ended: { word, rest: withoutOuterBlanks(rest), line: chunk.line } }
    if (refused.has(word)) throw new TemplateError(`line ${chunk.line}: {{${word}}} is not supported`)
    pieces.push(readPiece(reading, { word, words, line: chunk.line }))
  }
  return { pieces, ended: undefined }
}

interface Action {
  readonly word: string
  readonly words: readonly Word[]
  readonly line: number
}

function readPiece(reading: Reading, { word, words, line }: Action): Piece {
  if (word !== 'if' && word !== 'with' && word !== 'range') {
    return { kind: 'print', pipe: readPipe(words, { line, functions: reading.functions }) }
  }
  const pipe = readPipe(withoutOuterBlanks(words.slice(1)), { line, functions: reading.functions })
  const { pieces: then, ended } = readPieces(reading)
  if (ended === undefined) throw new TemplateError(`line ${line}: {{${word}}} without {{end}}`)
  return { kind: word, pipe, then, otherwise: ended.word === 'else' ? readElse(reading, ended, { word, line }) : [] }
}

function readElse(
  reading: Reading,
  ended: Ended,
  begun: { readonly word: string; readonly line: number },
): readonly Piece[] {
  const [next] = ended.rest
  // `{{else if …}}` shares the `{{end}}` of the first `if`.
  if (next !== undefined) {
    if (next.kind !== 'name' || next.text !== begun.word || begun.word === 'range') {
      throw new TemplateError(`line ${ended.line}: unexpected "${next.text}" after else`)
    }
    return [readPiece(reading, { word: next.text, words: ended.rest, line: ended.line })]
  }
  const otherwise = readPieces(reading)
  if (otherwise.ended?.word !== 'end') {
    throw new TemplateError(`line ${begun.line}: {{${begun.word}}} with {{else}} but without {{end}}`)
  }
  return otherwise.pieces
}

interface Place {
  readonly line: number
  readonly functions: ReadonlySet<string>
}

function readPipe(words: readonly Word[], place: Place): Pipe {
  const left = [...words]
  const pipe = takePipe(left, place)
  const [more] = left
  if (more !== undefined) throw new TemplateError(`line ${place.line}: unexpected "${more.text}"`)
  return pipe
}

/** Takes words off the front of `left` up to a closing parenthesis or the end. */
function takePipe(left: Word[], place: Place): Pipe {
  const kept = takeNames(left)
  const commands: (readonly Term[])[] = []
  let command: Term[] = []
  const endCommand = (): void => {
    if (command.length === 0) throw new TemplateError(`line ${place.line}: a value is missing`)
    const [head] = command
    if (command.length > 1 && head?.kind !== 'function') {
      throw new TemplateError(`line ${place.line}: only a function takes arguments`)
    }
    commands.push(command)
    command = []
  }
  while (left.length > 0 && !isSign(left[0], ')')) {
    const word = left.shift()
    if (word === undefined || isSign(word, ' ')) continue
    if (isSign(word, '|')) endCommand()
    else command.push(takeTerm(word, left, place))
  }
  endCommand()
  return { ...kept, commands }
}

/** `$a :=`, `$i, $e :=` or `$a =` at the front. */
function takeNames(left: Word[]): Pick<Pipe, 'names' | 'assigns'> {
  const solid = left.filter((word) => !isSign(word, ' '))
  const at = solid.findIndex((word) => isSign(word, ':=') || isSign(word, '='))
  const before = solid.slice(0, Math.max(at, 0))
  const names = before.filter((word) => word.kind === 'variable').map((word) => word.text.slice(1))
  const commas = before.filter((word) => isSign(word, ',')).length
  if (names.length === 0 || names.length > 2 || names.length + commas !== before.length)
    return { names: [], assigns: false }
  const sign = left.findIndex((word) => isSign(word, ':=') || isSign(word, '='))
  const assigns = isSign(left[sign], '=')
  left.splice(0, sign + 1)
  return { names, assigns }
}

function takeTerm(word: Word, left: Word[], place: Place): Term {
  switch (word.kind) {
    case 'string':
      return { kind: 'literal', value: literalText(word.text, place.line) }
    case 'number':
      return { kind: 'literal', value: Number(word.text) }
    case 'variable':
      return { kind: 'variable', name: word.text.slice(1), path: takePath(left, place) }
    case 'path':
      return word.text === '.'
        ? { kind: 'dot', path: [] }
        : { kind: 'dot', path: [word.text.slice(1), ...takePath(left, place)] }
    case 'name':
      return nameTerm(word.text, place)
    case 'sign': {
      if (word.text !== '(') throw new TemplateError(`line ${place.line}: unexpected "${word.text}"`)
      const pipe = takePipe(left, place)
      if (!isSign(left.shift(), ')')) throw new TemplateError(`line ${place.line}: ( without )`)
      return { kind: 'group', pipe, path: takePath(left, place) }
    }
  }
}

const constants: Readonly<Record<string, boolean | null>> = { true: true, false: false, nil: null }

function nameTerm(name: string, { line, functions }: Place): Term {
  if (Object.hasOwn(constants, name)) return { kind: 'literal', value: constants[name] ?? null }
  if (functions.has(name)) return { kind: 'function', name }
  throw new TemplateError(`line ${line}: function "${name}" not defined; there are ${[...functions].join(', ')}`)
}

/** `.a.b` right behind what was read. */
function takePath(left: Word[], { line }: Place): readonly string[] {
  const path: string[] = []
  while (left[0]?.kind === 'path') {
    const name = left.shift()?.text.slice(1) ?? ''
    if (name === '') throw new TemplateError(`line ${line}: a field's name is missing after "."`)
    path.push(name)
  }
  return path
}

function literalText(quoted: string, line: number): string {
  if (quoted.startsWith('`')) return quoted.slice(1, -1)
  try {
    return String(JSON.parse(quoted))
  } catch {
    throw new TemplateError(`line ${line}: ${quoted} has an escape that is not known`)
  }
}

const isSign = (word: Word | undefined, text: string): boolean => word?.kind === 'sign' && word.text === text

function withoutOuterBlanks(words: readonly Word[]): readonly Word[] {
  const first = words.findIndex((word) => !isSign(word, ' '))
  return first === -1 ? [] : words.slice(first, words.findLastIndex((word) => !isSign(word, ' ')) + 1)
}
