// `-o json-path=…`: RFC 9535 by json-p3. A path that can only mean one place prints what is there, and ends in an error
// where nothing is, so that a script never goes on with an empty id; any other prints a list.

import type { JSONPathQuery } from 'json-p3'
import { UsageError } from '../core/usage-error.ts'
import type { Printer } from './template.ts'

/** `$` may be left out: `results[0].id`. Throws UsageError for a path that is none. */
export async function jsonPath(path: string): Promise<Printer> {
  const { compile, JSONPathError } = await import('json-p3')
  const whole = path.startsWith('$') ? path : `$${/^[.[]/.test(path) ? '' : '.'}${path}`
  const query = compiled()
  return (reply) => {
    // Of the same shape as JSON, as every answer is.
    const found = query.query((reply ?? {}) as Parameters<JSONPathQuery['query']>[0]).values()
    if (!query.singularQuery()) return `${JSON.stringify(found, null, 2)}\n`
    if (found.length === 0) throw new UsageError(`json-path: the answer has nothing at ${whole}`)
    return `${JSON.stringify(found[0], null, 2)}\n`
  }

  function compiled(): JSONPathQuery {
    try {
      return compile(whole)
    } catch (problem) {
      throw problem instanceof JSONPathError ? new UsageError(`json-path: ${problem.message}`) : problem
    }
  }
}
