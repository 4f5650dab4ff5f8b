// The OpenAPI document says what the route table says.

import { describe, expect, test } from 'vitest'
import type { ZodType } from 'zod'
import { withoutExample } from './openapi/examples.ts'
import { openApiDocument } from './openapi.ts'
import { type OperationId, type Route, routes } from './routes.ts'
import { operationSchemas } from './schemas/operations.ts'

type Shown = Readonly<Record<string, { readonly value: unknown }>>
type Fields = Readonly<Record<string, { readonly description?: string }>>
interface Described {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly description?: string }[]
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: unknown; readonly examples?: Shown }>>
  }
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

test('no tag is unknown or empty', () => {
  const used = new Set(Object.values(paths).flatMap((methods) => Object.values(methods).flatMap(({ tags }) => tags)))
  expect((document.tags as { name: string }[]).map(({ name }) => name).sort()).toEqual([...used].sort())
})

test('roles are named by the words that Atlas has for them', () => {
  const { get } = paths['/api/atlas/v2/groups/{groupId}'] ?? {}
  expect(get?.['x-rolesRequirements']).toEqual(['Project Read Only'])
})

test.each(['createGroupDatabaseUser', 'updateGroupDatabaseUser', 'createGroupDatabaseUserCert'] as const)(
  '%s says what cannot pass a gateway that ends TLS',
  (operation) => {
    const { path, method } = routes[operation]
    expect(paths[path]?.[method.toLowerCase()]?.description).toMatch(/ends TLS hands no client certificate on/)
  },
)

test('whoever reads a database user is told which of them can log in', () => {
  const { components } = document as { components: { schemas: Readonly<Record<string, { properties: Fields }>> } }
  for (const name of ['createGroupDatabaseUserBody', 'createGroupDatabaseUserReply', 'getGroupDatabaseUserReply'])
    for (const field of ['x509Type', 'ldapAuthType', 'oidcAuthType', 'awsIAMType'])
      expect(components.schemas[name]?.properties[field]?.description).toMatch(/on no deployment and cannot log in/)
})

test('write operations that nobody can send an example of are these', () => {
  const writes = all.filter(({ route, operation }) => route.method !== 'GET' && operation in withoutExample)
  expect(writes.map(({ operation }) => operation).sort()).toEqual([
    'advanceTestingClock',
    'changeSessionPassword',
    'createEdgeAnswer',
    'createEdgeCertificate',
    'deleteOrg',
    'deleteSession',
    'enrolEdge',
    'keepTestingSeed',
    'killGroupConnection',
    'resetTesting',
    'retryGroupEndpointService',
    'revokeEdge',
    'stopTesting',
  ])
})

describe.each(all)('$operation', ({ operation, route }) => {
  const described = paths[route.path]?.[route.method.toLowerCase()]

  test('is described under its method and path, with its own name, status and refusals', () => {
    expect(described?.operationId).toBe(operation)
    const statuses = Object.keys(described?.responses ?? {})
    expect(statuses).toEqual(expect.arrayContaining([String(route.status), '400', '429', 'default']))
    expect(statuses.includes('403')).toBe(route.access.kind !== 'public')
    expect(statuses.filter((status) => status.startsWith('2'))).toEqual([String(route.status)])
  })
  test('is told in words, each of its parameters too', () => {
    expect(described?.summary).toMatch(/^[A-Z][^.]+[^.]$/)
    expect(described?.tags).toHaveLength(1)
    const wordless = described?.parameters.filter(({ description = '' }) => !/^[A-Z].+\.$/.test(description))
    expect(wordless).toEqual([])
  })
  test('has an example, or says why not', () => {
    const shown = described !== undefined && 'x-postern-examples' in described
    expect([shown, described !== undefined && 'x-postern-without-example' in described].filter(Boolean)).toHaveLength(1)
  })
  test('shows a body where it takes one, and each that it shows is one that it takes', () => {
    const { body } = (operationSchemas as Partial<Record<OperationId, { readonly body?: ZodType }>>)[operation] ?? {}
    if (body === undefined) return
    const shown = Object.values(described?.requestBody?.content ?? {}).at(-1)?.examples ?? {}
    expect(Object.keys(shown)).not.toEqual([])
    for (const { value } of Object.values(shown)) expect(body.safeParse(value).error?.issues ?? []).toEqual([])
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
