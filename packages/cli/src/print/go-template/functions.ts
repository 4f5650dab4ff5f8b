// The functions that a template may call: Go's own, as far as they say anything about JSON, and `json`. What a value
// looks like as text is here too.

import { TemplateError } from './syntax.ts'

type Callable = (...args: readonly unknown[]) => unknown

export const templateFunctions = new Map<string, Callable>([
  ['len', (value) => lengthOf(value)],
  ['index', (value, ...keys) => keys.reduce(elementOf, value)],
  ['print', (...args) => print(args)],
  ['println', (...args) => `${args.map(textOf).join(' ')}\n`],
  ['printf', (format, ...args) => printf(textOf(format), args)],
  ['json', (value) => JSON.stringify(value ?? null)],
  ['not', (value) => !isTrue(value)],
  // The first argument that decides, not true or false: Go's rule.
  ['and', (...args) => (args.every(isTrue) ? args.at(-1) : args.find((arg) => !isTrue(arg)))],
  ['or', (...args) => (args.some(isTrue) ? args.find(isTrue) : args.at(-1))],
  ['eq', (value, ...others) => others.some((other) => same(value, other))],
  ['ne', (value, other) => !same(value, other)],
  ['lt', (value, other) => compare(value, other) < 0],
  ['le', (value, other) => compare(value, other) <= 0],
  ['gt', (value, other) => compare(value, other) > 0],
  ['ge', (value, other) => compare(value, other) >= 0],
])

/** Go's truth: the zero of a type is false, and so is what is missing or empty. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}

/** As Go prints it, but for what is missing or null, which is nothing. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return `[${value.map(textOf).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return `map[${fields.map(([name, inner]) => `${name}:${textOf(inner)}`).join(' ')}]`
}

function lengthOf(value: unknown): number {
  if (value === undefined || value === null) return 0
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  if (typeof value === 'object') return Object.keys(value).length
  throw new TemplateError(`len of ${textOf(value)}: it has no length`)
}

function elementOf(value: unknown, key: unknown): unknown {
  if (Array.isArray(value) && typeof key === 'number') {
    if (key in value) return value[key]
    throw new TemplateError(`index ${key} is out of range: there are ${value.length}`)
  }
  if (typeof value === 'object' && value !== null && typeof key === 'string') {
    return Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined
  }
  throw new TemplateError(`index ${textOf(key)} cannot be applied to "${textOf(value)}"`)
}

/** A blank between two that are both no text: Go's rule. */
const print = (args: readonly unknown[]): string =>
  args
    .map((arg, at) => {
      const apart = at > 0 && typeof arg !== 'string' && typeof args[at - 1] !== 'string'
      return `${apart ? ' ' : ''}${textOf(arg)}`
    })
    .join('')

const same = (one: unknown, other: unknown): boolean => (one ?? null) === (other ?? null)

function compare(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  if (typeof one === 'string' && typeof other === 'string') return one < other ? -1 : one > other ? 1 : 0
  throw new TemplateError(`"${textOf(one)}" and "${textOf(other)}" cannot be compared`)
}

function printf(format: string, args: readonly unknown[]): string {
  let next = 0
  return format.replaceAll(/%([-0]?)(\d{0,3})(?:\.(\d{1,2}))?([a-zA-Z%])/g, (whole, flag, width, precision, verb) => {
    if (verb === '%') return '%'
    if (next >= args.length) throw new TemplateError(`printf: no argument for ${whole}`)
    const text = verbText(verb, args[next++], precision)
    if (text === undefined) throw new TemplateError(`printf: ${whole} is not supported; there are %v %s %d %q %t %f %%`)
    const room = Number(width)
    return flag === '-' ? text.padEnd(room) : text.padStart(room, flag === '0' && verb !== 's' ? '0' : ' ')
  })
}

function verbText(verb: string, value: unknown, precision: string | undefined): string | undefined {
  switch (verb) {
    case 'v':
    case 's':
    case 't':
      return precision === undefined ? textOf(value) : textOf(value).slice(0, Number(precision))
    case 'd':
      return String(Math.trunc(Number(value)))
    case 'f':
      return Number(value).toFixed(Number(precision ?? 6))
    case 'q':
      return JSON.stringify(textOf(value))
    default:
      return undefined
  }
}
