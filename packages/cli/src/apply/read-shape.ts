// From the nodes of a YAML document to a value of a shape. Every scalar is text until its shape says otherwise (so that
// `8.0`, `no` and `0123` are what was typed), nothing may stand for something else (no anchors, aliases or tags), and each
// fault is told with its line and its path; reading goes on behind it, so that all are told at once.

import type { LineCounter, Node, Pair } from 'yaml'
import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { Fault, ObjectShape, Shape } from './shape.ts'

export interface Problem {
  /** From 1. */
  readonly line: number
  /** `projects[0].services[1].region`; empty for the whole. */
  readonly path: string
  readonly says: string
}

/** Where an object of the file stands: for faults that are found when the whole is known. */
export interface Whereabouts {
  readonly line: number
  readonly path: string
  readonly lines: ReadonlyMap<string, number>
}

export interface Reading {
  readonly lines: LineCounter
  readonly problems: Problem[]
  readonly places: WeakMap<object, Whereabouts>
}

const longestText = 1024

/** Undefined where it is not of the shape; then there is a problem more. */
export function readShape(shape: Shape, node: unknown, path: string, reading: Reading): unknown {
  const wrong = (says: string): undefined => {
    reading.problems.push({ line: lineOf(node, reading), path, says })
    return undefined
  }
  if (isAlias(node)) return wrong('an alias (*) is not taken: write the value out')
  if (isNode(node) && node.anchor !== undefined) return wrong('an anchor (&) is not taken')
  switch (shape.kind) {
    case 'object':
      return isMap(node) ? readObject(shape, node, path, reading) : wrong('must be a mapping of fields')
    case 'list':
      if (!isSeq(node)) return wrong('must be a list; write [] for none')
      return readItems(shape, node.items, path, reading)
    case 'labels': {
      if (!isMap(node)) return wrong('must be a mapping of names to texts')
      const pairs = readPairs(node, path, reading).map(([name, { key, value }]) => {
        if (!shape.pattern.test(name)) {
          reading.problems.push({ line: lineOf(key, reading), path: at(path, name), says: `the name ${shape.wants}` })
        }
        return [name, readShape(labelText, value, at(path, name), reading)] as const
      })
      return Object.fromEntries(pairs)
    }
    default: {
      const text = isScalar(node) && typeof node.value === 'string' ? node.value : undefined
      if (text === undefined) return wrong('must be one value, not a list or a mapping')
      return readScalar(shape, text, wrong)
    }
  }
}

function readItems(
  shape: Extract<Shape, { kind: 'list' }>,
  nodes: readonly unknown[],
  path: string,
  reading: Reading,
): readonly unknown[] {
  const lines = new Map<string, number>()
  return nodes.map((node, index) => {
    const before = reading.problems.length
    const item = readShape(shape.of, node, `${path}[${index}]`, reading)
    if (shape.keyOf === undefined || reading.problems.length > before) return item
    const key = shape.keyOf(item)
    const [line, first] = [lineOf(node, reading), lines.get(key)]
    if (first === undefined) lines.set(key, line)
    else reading.problems.push({ line, path: `${path}[${index}]`, says: `is listed twice: ${key} is in line ${first}` })
    return item
  })
}

const labelText = { kind: 'text', says: '', most: 255 } as const

function readScalar(
  shape: Extract<Shape, { kind: 'text' | 'oneOf' | 'switch' | 'whole' }>,
  text: string,
  wrong: (says: string) => undefined,
): unknown {
  switch (shape.kind) {
    case 'text': {
      const most = shape.most ?? longestText
      if (text.length > most) return wrong(`must be at most ${most} characters`)
      if (shape.pattern !== undefined && !shape.pattern.test(text)) return wrong(`must be ${shape.wants}`)
      return text
    }
    case 'oneOf':
      return shape.values.includes(text) ? text : wrong(`must be ${orList(shape.values)}`)
    case 'switch':
      return text === 'true' || text === 'false' ? text === 'true' : wrong('must be true or false')
    case 'whole': {
      const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
      if (number >= shape.from && number <= shape.to) return number
      return wrong(`must be a whole number from ${shape.from} to ${shape.to}`)
    }
  }
}

function readObject(shape: ObjectShape, node: Node, path: string, reading: Reading): unknown {
  const here = lineOf(node, reading)
  const before = reading.problems.length
  const wrong = (line: number, field: string, says: string): void => {
    reading.problems.push({ line, path: at(path, field), says })
  }
  const values: (readonly [string, unknown])[] = []
  const lines = new Map<string, number>()
  for (const [name, { key, value }] of readPairs(node, path, reading)) {
    const line = lineOf(key, reading)
    lines.set(name, line)
    const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined
    if (field === undefined) wrong(line, name, `is not known here; known: ${Object.keys(shape.fields).join(', ')}`)
    else values.push([name, readShape(field, value, at(path, name), reading)])
  }
  for (const [name, field] of Object.entries(shape.fields)) {
    if (field.required === true && !lines.has(name)) wrong(here, name, 'is missing')
  }
  for (const names of shape.exactlyOne ?? []) {
    if (names.every((name) => !lines.has(name))) {
      reading.problems.push({ line: here, path, says: `must have ${orList(names)}` })
    }
  }
  for (const names of [...(shape.exactlyOne ?? []), ...(shape.atMostOne ?? [])]) {
    const [, second] = names.filter((name) => lines.has(name))
    if (second !== undefined) wrong(lines.get(second) ?? here, second, `only one of ${names.join(', ')} is taken`)
  }
  for (const [name, other] of Object.entries(shape.onlyWith ?? {})) {
    if (lines.has(name) && !lines.has(other)) wrong(lines.get(name) ?? here, name, `is taken only beside ${other}`)
  }
  const value = Object.fromEntries(values)
  reading.places.set(value, { line: here, path, lines })
  if (reading.problems.length === before) {
    for (const fault of shape.check?.(value) ?? []) reading.problems.push(problemOf(fault, reading.places))
  }
  return value
}

/** Where a fault stands. */
export function problemOf({ within, field, says }: Fault, places: Reading['places']): Problem {
  const place = places.get(within)
  return { line: place?.lines.get(field) ?? place?.line ?? 1, path: at(place?.path ?? '', field), says }
}

/** The pairs of a mapping, each name once. */
function readPairs(node: Node, path: string, reading: Reading): readonly (readonly [string, Pair])[] {
  if (!isMap(node)) return []
  const seen = new Set<string>()
  return node.items.flatMap((pair) => {
    const { key } = pair
    const name = isScalar(key) && typeof key.value === 'string' ? key.value : undefined
    if (name === undefined || isNode(key) === false || key.anchor !== undefined) {
      reading.problems.push({ line: lineOf(key ?? node, reading), path, says: 'a name must be one plain text' })
      return []
    }
    if (seen.has(name)) {
      reading.problems.push({ line: lineOf(key, reading), path: at(path, name), says: 'is given twice' })
      return []
    }
    seen.add(name)
    return [[name, pair] as const]
  })
}

interface WithAnchor {
  readonly anchor?: string | undefined
  readonly range?: readonly number[] | null | undefined
}
const isNode = (value: unknown): value is WithAnchor => typeof value === 'object' && value !== null

const lineOf = (node: unknown, { lines }: Reading): number =>
  isNode(node) && node.range ? lines.linePos(node.range[0] ?? 0).line : 1

const plainName = /^[\w-]+$/
const at = (path: string, name: string): string => {
  const shown = plainName.test(name) ? name : JSON.stringify(name.slice(0, 64))
  return path === '' ? shown : `${path}.${shown}`
}

const orList = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
