// What is wrong with a value, as the API says it. A schema's own words stay; those that the schema library puts in their
// place are written for programmers.

import type { z } from 'zod'

/** Without the field's name, which stands beside it. */
export function issueWords(issue: z.core.$ZodIssue): string {
  // Of a record's key the library says only that it is invalid; the key's own schema says what it must be.
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message
  if (!/^(Too small|Too big|Invalid (input|option|string|ISO \w+))(: |$)/.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_format':
      return formats[issue.format] ?? 'does not have the form that is asked for here'
    case 'too_small':
      return `must ${has(issue.origin)} at least ${amount(issue.origin, issue.minimum)}`
    case 'too_big':
      return `must ${has(issue.origin)} at most ${amount(issue.origin, issue.maximum)}`
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`
    case 'invalid_type':
      return issue.input === undefined
        ? 'must be there'
        : `must be ${kinds[issue.expected] ?? `of type ${issue.expected}`}`
    default:
      return issue.message
  }
}

const counted: Readonly<Record<string, string>> = { string: 'character', array: 'entry', map: 'entry', record: 'entry' }

const has = (origin: string): string => (counted[origin] === 'entry' ? 'hold' : 'be')

const amount = (origin: string, limit: number | bigint): string => {
  const unit = counted[origin]
  if (unit === undefined) return String(limit)
  return `${limit} ${Number(limit) === 1 ? unit : unit.replace(/y$/, 'ie').concat('s')}`
}

/** A pattern says nothing to whoever is not a programmer: a schema that has one has words of its own for it. */
const formats: Readonly<Record<string, string>> = {
  datetime: 'must be a time with its offset, such as 2026-01-31T12:00:00Z',
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}
