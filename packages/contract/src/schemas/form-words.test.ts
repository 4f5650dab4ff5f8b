// Whatever a caller may send in some form says in words what the form is: nobody is shown a pattern.

import { expect, test } from 'vitest'
import type { z } from 'zod'
import { operationSchemas } from './operations.ts'

/** Paths of patterns without words in a schema, however deep. */
function wordless(schema: z.core.$ZodType, path: string, seen = new Set<unknown>()): readonly string[] {
  if (seen.has(schema)) return []
  seen.add(schema)
  const { def } = schema._zod
  const own = (def.checks ?? []).flatMap((check) => {
    const { pattern, error } = check._zod.def as { readonly pattern?: RegExp; readonly error?: unknown }
    return pattern !== undefined && error === undefined ? [`${path}: ${pattern.source}`] : []
  })
  return [...own, ...Object.entries(def).flatMap(([key, part]) => within(part, `${path}.${key}`, seen))]
}

function within(part: unknown, path: string, seen: Set<unknown>): readonly string[] {
  if (typeof part !== 'object' || part === null) return []
  if ('_zod' in part) return wordless(part as z.core.$ZodType, path, seen)
  const inner = Array.isArray(part) || Object.getPrototypeOf(part) === Object.prototype
  return inner ? Object.entries(part).flatMap(([key, each]) => within(each, `${path}.${key}`, seen)) : []
}

test('every form that a caller must keep to is said in words', () => {
  const asked = Object.entries<Asked | object>(operationSchemas).flatMap(([operation, schemas]) => {
    const { body, query }: Asked = schemas
    return [
      ...(body === undefined ? [] : wordless(body, `${operation} body`)),
      ...(query === undefined ? [] : wordless(query, `${operation} query`)),
    ]
  })
  expect(asked).toEqual([])
})

interface Asked {
  readonly body?: z.ZodType
  readonly query?: z.ZodType
}
