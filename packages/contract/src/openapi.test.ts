// The OpenAPI document says what the route table says.

import { describe, expect, test } from 'vitest'
import { openApiDocument } from './openapi.ts'
import { type OperationId, type Route, routes } from './routes.ts'
import { operationSchemas } from './schemas/operations.ts'

interface Described {
  readonly operationId: string
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
  readonly security: readonly object[]
  readonly 'x-rolesRequirements'?: readonly string[]
}
const document = openApiDocument('http://localhost:8080')
const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Described>>>>
const all = (Object.entries(routes) as [OperationId, Route][]).map(([operation, route]) => ({ operation, route }))

test('the document is JSON, of OpenAPI 3.1, and every reference in it leads somewhere', () => {
  const text = JSON.stringify(document)
  expect(JSON.parse(text)).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'http://localhost:8080' }] })
  for (const [, reference] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = (reference ?? '')
      .split('/')
      .reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], document)
    expect({ reference, found: found !== undefined }).toEqual({ reference, found: true })
  }
})

test('roles are named by the words that Atlas has for them', () => {
  const { get } = paths['/api/atlas/v2/groups/{groupId}'] ?? {}
  expect(get?.['x-rolesRequirements']).toEqual(['Project Read Only'])
})

describe.each(all)('$operation', ({ operation, route }) => {
  const described = paths[route.path]?.[route.method.toLowerCase()]

  test('is described under its method and path, with its own name and status', () => {
    expect(described?.operationId).toBe(operation)
    expect(Object.keys(described?.responses ?? {})).toEqual([String(route.status), 'default'])
  })
  test('names every parameter of its path, and paging where it has pages', () => {
    const names = described?.parameters.filter((each) => each.in === 'path').map(({ name }) => name)
    expect(names).toEqual([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
    expect(described?.parameters.some(({ name }) => name === 'pageNum')).toBe(route.paged === true)
  })
  test('has a body where it takes one, and is open to all only where it is', () => {
    const schemas: object = (operationSchemas as Partial<Record<OperationId, object>>)[operation] ?? {}
    expect(described?.requestBody !== undefined).toBe('body' in schemas)
    expect(described?.security.length === 0).toBe(route.access.kind === 'public')
  })
})
