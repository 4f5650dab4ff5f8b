import { expect, test } from 'vitest'
import { z } from 'zod'
import { type OperationId, routes } from './routes.ts'
import { type OperationSchemas, operationSchemas } from './schemas/operations.ts'

// operation-inputs.ts is written from the schemas (npx vitest run packages/contract -u), so that what must not load zod
// knows the parameters of every operation.

/** biome.json */
const lineWidth = 120

test('operation-inputs.ts says what the schemas say', async () => {
  const ids = Object.keys(routes) as OperationId[]
  const lines = ids.flatMap((operation) => {
    const schemas: OperationSchemas = operation in operationSchemas ? operationSchemas[operation as never] : {}
    const parts = [...queryOf(schemas), ...bodyOf(schemas)]
    return parts.length === 0 ? [] : [`${entry(operation, parts)}\n`]
  })
  expect(lines.length).toBeGreaterThan(50)
  await expect(`${head}${lines.join('')}${foot}`).toMatchFileSnapshot('operation-inputs.ts')
})

/** As the formatter breaks it: on one line where that is not too long. */
function entry(operation: string, parts: readonly string[]): string {
  const line = `  ${operation}: { ${parts.join(', ')} },`
  if (line.length <= lineWidth) return line
  const broken = parts.map((part) => {
    const inner = `    ${part},`
    return inner.length <= lineWidth ? inner : inner.replace(': ', ':\n      ')
  })
  return [`  ${operation}: {`, ...broken, '  },'].join('\n')
}

function queryOf({ query }: OperationSchemas): readonly string[] {
  if (query === undefined) return []
  const { properties = {} } = z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' })
  const names = Object.entries(properties).map(([name, schema]) => (isList(schema) ? `${name}[]` : name))
  return names.length === 0 ? [] : [`query: '${names.join(' ')}'`]
}

const isList = (schema: unknown): boolean => JSON.stringify(schema).includes('"type":"array"')

function bodyOf({ body }: OperationSchemas): readonly string[] {
  if (body === undefined) return []
  return [`body: '${body.safeParse(undefined).success ? 'optional' : 'required'}'`]
}

const head = `// What each operation takes beside its path, as plain data: written from the schemas by operation-inputs.test.ts
// (npx vitest run packages/contract -u), for the command line, which must not load zod.

import type { OperationId } from './routes.ts'

export interface OperationInput {
  /** Names of query parameters; \`[]\` behind those that may be given more than once. */
  readonly query?: string
  readonly body?: 'required' | 'optional'
}

export const operationInputs: Readonly<Partial<Record<OperationId, OperationInput>>> = {
`
const foot = '}\n'
