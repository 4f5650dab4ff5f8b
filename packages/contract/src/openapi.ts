// The OpenAPI 3.1 document of what this server answers, read from the route table and the schemas: nothing in it is
// written by hand, so it cannot say anything else than the engine does.

import { z } from 'zod'
import { groupRoles, orgRoles } from './roles.ts'
import { type OperationId, type Route, routes } from './routes.ts'
import { type OperationSchemas, operationSchemas } from './schemas/operations.ts'

type Json = Readonly<Record<string, unknown>>

/** `serverUrl`: base of every path, without a trailing slash. */
export const openApiDocument = (serverUrl: string): Json => {
  const paths: Record<string, Record<string, Json>> = {}
  for (const [operation, route] of Object.entries(routes) as [OperationId, Route][]) {
    const methods = paths[route.path] ?? {}
    methods[route.method.toLowerCase()] = describe(operation, route)
    paths[route.path] = methods
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Postern', version: '2', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: serverUrl }],
    paths,
    components: { schemas: { ApiError: apiError }, securitySchemes },
  }
}

const securitySchemes = {
  DigestAuth: { type: 'http', scheme: 'digest' },
  ServiceAccount: {
    type: 'oauth2',
    flows: { clientCredentials: { tokenUrl: '/api/oauth/token', scopes: {} } },
  },
  ConsoleSession: { type: 'apiKey', in: 'cookie', name: 'postern_session' },
  EdgeToken: { type: 'http', scheme: 'bearer' },
}

const apiError = {
  type: 'object',
  required: ['error', 'errorCode'],
  properties: {
    badRequestDetail: {
      type: 'object',
      properties: {
        fields: {
          type: 'array',
          items: {
            type: 'object',
            required: ['description', 'field'],
            properties: { description: { type: 'string' }, field: { type: 'string' } },
          },
        },
      },
    },
    detail: { type: 'string' },
    error: { type: 'integer' },
    errorCode: { type: 'string' },
    parameters: { type: 'array', items: {} },
    reason: { type: 'string' },
  },
}

const describe = (operation: OperationId, route: Route): Json => {
  const schemas: OperationSchemas =
    (operationSchemas as Partial<Record<OperationId, OperationSchemas>>)[operation] ?? {}
  const mediaTypes = route.versions.map((version) => `application/vnd.atlas.${version}+json`)
  const replyTypes = route.stream ? ['text/event-stream'] : mediaTypes.length > 0 ? mediaTypes : ['application/json']
  const bodyTypes = route.form ? ['application/x-www-form-urlencoded'] : replyTypes
  return {
    operationId: operation,
    parameters: [
      ...pathParameters(route.path),
      ...queryParameters(route, schemas.query),
      ...(route.stream ? [resumeHeader] : []),
    ],
    ...(schemas.body && { requestBody: { required: true, content: content(bodyTypes, schemas.body, 'input') } }),
    responses: {
      [route.status]: {
        description: 'Success.',
        ...(route.status !== 204 && schemas.reply && { content: content(replyTypes, schemas.reply, 'output') }),
      },
      default: {
        description: 'Refused.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/ApiError' } } },
      },
    },
    security: securityOf(route),
    ...('roles' in route.access && { 'x-rolesRequirements': route.access.roles.map((role) => roleWords[role]) }),
  }
}

/** Atlas's own document names roles by their words. */
const roleWords = { ...orgRoles, ...groupRoles }

const securityOf = ({ access }: Route): readonly Json[] => {
  if (access.kind === 'public') return []
  return access.kind === 'edge'
    ? [{ EdgeToken: [] }]
    : [{ DigestAuth: [] }, { ServiceAccount: [] }, { ConsoleSession: [] }]
}

const pathParameters = (path: string): readonly Json[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: /^(?:group|org|apiUser|endpointService|user|team)Id$/.test(name ?? '')
      ? { type: 'string', pattern: '^[a-f0-9]{24}$' }
      : { type: 'string' },
  }))

const everyQuery = [
  { name: 'envelope', in: 'query', schema: { type: 'boolean', default: false } },
  { name: 'pretty', in: 'query', schema: { type: 'boolean', default: false } },
]
const resumeHeader = {
  name: 'Last-Event-ID',
  in: 'header',
  description: 'The id of the last event that was read; the stream goes on after it.',
  schema: { type: 'string' },
}
const pageQuery = [
  { name: 'pageNum', in: 'query', schema: { type: 'integer', minimum: 1, default: 1 } },
  { name: 'itemsPerPage', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 500, default: 100 } },
  { name: 'includeCount', in: 'query', schema: { type: 'boolean', default: true } },
]

const queryParameters = (route: Route, schema: z.ZodType | undefined): readonly Json[] => {
  const own = schema
    ? (jsonSchema(schema, 'input').properties as Readonly<Record<string, unknown>> | undefined)
    : undefined
  return [
    ...Object.entries(own ?? {}).map(([name, each]) => ({ name, in: 'query', schema: each })),
    ...(route.paged ? pageQuery : []),
    ...(route.versions.length > 0 ? everyQuery : []),
  ]
}

const content = (types: readonly string[], schema: z.ZodType, io: 'input' | 'output'): Json =>
  Object.fromEntries(types.map((type) => [type, { schema: jsonSchema(schema, io) }]))

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' })
  return rest
}
