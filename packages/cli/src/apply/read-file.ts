// A file of `diff` and `apply`, from its bytes to wishes: bounded in size, one document, without aliases or tags, every
// fault told at once as `file:line: path: sentence`.

import { open } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import type { Input } from '../core/io.ts'
import { UsageError } from '../core/usage-error.ts'
import { printable } from '../print/json.ts'
import { form, type Wishes } from './form.ts'
import { type Problem, problemOf, type Reading, readShape } from './read-shape.ts'
import type { Fault } from './shape.ts'

/** A thousand objects are some 200 kB. */
const mostBytes = 2 * 1024 * 1024
const mostTold = 50

export interface FileRead {
  readonly wishes: Wishes
  /** As it is told in messages. */
  readonly name: string
  /** What relative paths in it start from. */
  readonly folder: string
  /** An error for faults that are found later, with their lines. */
  readonly faulty: (faults: readonly Fault[]) => UsageError
  /** `file:line: path` of a field. */
  readonly placeOf: (within: object, field: string) => string
}

/** `-` reads standard input. Throws UsageError. */
export async function readWishes(path: string, stdin: Input): Promise<FileRead> {
  if (path === '-') return parseWishes(await bounded(stdin, 'standard input'), { name: 'standard input', folder: '.' })
  const file = await open(path).catch((problem: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read ${path}: ${problem.code ?? problem.message}`)
  })
  try {
    const text = await bounded(file.createReadStream({ autoClose: false, end: mostBytes }), path)
    return parseWishes(text, { name: path, folder: dirname(resolve(path)) })
  } catch (problem) {
    if (problem instanceof UsageError) throw problem
    throw new UsageError(`cannot read ${path}: ${(problem as NodeJS.ErrnoException).code ?? 'no text'}`)
  } finally {
    await file.close()
  }
}

async function bounded(input: AsyncIterable<string | Uint8Array>, name: string): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of input) {
    const bytes = typeof piece === 'string' ? new TextEncoder().encode(piece) : piece
    size += bytes.length
    if (size > mostBytes) throw new UsageError(`${name} is larger than ${mostBytes / 1024 / 1024} MiB`)
    pieces.push(bytes)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))
  } catch {
    throw new UsageError(`${name} is no UTF-8 text`)
  }
}

/** Throws UsageError that lists every fault. */
export function parseWishes(
  text: string,
  { name, folder }: { readonly name: string; readonly folder: string },
): FileRead {
  const lines = new LineCounter()
  // `failsafe`: every scalar is text, and what it means is the form's to say. Names that come twice are found by the reader,
  // in time that grows with the file and not with its square.
  const document = parseDocument(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    merge: false,
    lineCounter: lines,
    prettyErrors: false,
  })
  const reading: Reading = { lines, problems: [], places: new WeakMap() }
  const syntax = [...document.errors, ...document.warnings].map(({ pos, code, message }) => ({
    line: lines.linePos(pos[0]).line,
    path: '',
    says: code === 'RESOURCE_EXHAUSTION' ? 'is nested too deeply' : message,
  }))
  if (syntax.length > 0) throw faults(name, syntax)
  const wishes = readShape(form, document.contents, '', reading)
  if (reading.problems.length > 0) throw faults(name, reading.problems)
  const problem = (fault: Fault): Problem => problemOf(fault, reading.places)
  return {
    // The form's own type: without problems the reader made just that.
    wishes: wishes as Wishes,
    name,
    folder,
    faulty: (found) => faults(name, found.map(problem)),
    placeOf: (within, field) => {
      const { line, path } = problem({ within, field, says: '' })
      return `${name}:${line}: ${path}`
    },
  }
}

function faults(name: string, problems: readonly Problem[]): UsageError {
  const told = problems
    .toSorted((one, other) => one.line - other.line)
    .map(({ line, path, says }) => `${name}:${line}: ${path === '' ? '' : `${path}: `}${printable(says)}`)
  const more = told.length > mostTold ? [`… and ${told.length - mostTold} more`] : []
  return new UsageError(['the file cannot be applied', ...told.slice(0, mostTold), ...more].join('\n'))
}
