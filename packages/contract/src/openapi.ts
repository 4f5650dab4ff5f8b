// The OpenAPI 3.1 document of what this server answers, read from the route table, the schemas and the tables in
// openapi/: whatever it says of paths, bodies, roles and answers is what the engine does. Schemas stand once, in
// `components`, under the operation's name.

import { z } from 'zod'
import { examples, unsentExamples, withoutExample } from './openapi/examples.ts'
import { notes } from './openapi/notes.ts'
import { parametersOf } from './openapi/parameters-of.ts'
import { refusalsOf, responses } from './openapi/refusals.ts'
import { tags, wordsOf } from './openapi/summaries.ts'
import { groupRoles, orgRoles } from './roles.ts'
import { type OperationId, type Route, routes } from './routes.ts'
import { type OperationSchemas, operationSchemas } from './schemas/operations.ts'

type Json = Readonly<Record<string, unknown>>

/** `serverUrl`: base of every path, without a trailing slash. */
export const openApiDocument = (serverUrl: string): Json => {
  const paths: Record<string, Record<string, Json>> = {}
  const schemas: Record<string, Json> = { ApiError: apiError, OAuthError: oauthError }
  for (const [operation, route] of Object.entries(routes) as [OperationId, Route][]) {
    const methods = paths[route.path] ?? {}
    methods[route.method.toLowerCase()] = describe(operation, route, schemas)
    paths[route.path] = methods
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Postern',
      version: '2',
      summary: 'Private endpoints for any MongoDB deployment',
      description:
        'The Atlas Administration API v2 as far as private endpoints touch it, and an API of our own beside it. Versions of a resource are media types; the newest that is not newer than the one asked for answers.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    tags: Object.entries(tags).map(([name, { description }]) => ({ name, description })),
    paths,
    components: { schemas, responses, securitySchemes },
  }
}

const securitySchemes = {
  DigestAuth: { type: 'http', scheme: 'digest', description: 'An API key: public key and private key.' },
  ServiceAccount: {
    type: 'oauth2',
    description: 'A bearer token of a service account.',
    flows: { clientCredentials: { tokenUrl: '/api/oauth/token', scopes: {} } },
  },
  ConsoleSession: { type: 'apiKey', in: 'cookie', name: 'postern_session', description: 'A person who logged in.' },
  EdgeToken: {
    type: 'http',
    scheme: 'bearer',
    description:
      'The token that edges share, or the secret of one that enrolled. An edge that enrolled over https shows its certificate in TLS instead.',
  },
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
const oauthError = {
  type: 'object',
  required: ['error'],
  properties: { error: { type: 'string' }, error_description: { type: 'string' } },
}

const describe = (operation: OperationId, route: Route, components: Record<string, Json>): Json => {
  const schemas: OperationSchemas =
    (operationSchemas as Partial<Record<OperationId, OperationSchemas>>)[operation] ?? {}
  const { tag, summary } = wordsOf(operation)
  const own = examples.filter((example) => example.operation === operation)
  const refer = (part: 'Body' | 'Reply', schema: z.ZodType): Json => {
    const name = `${operation}${part}`
    components[name] = jsonSchema(schema, part === 'Body' ? 'input' : 'output')
    return { $ref: `#/components/schemas/${name}` }
  }
  const replyTypes = replyTypesOf(route)
  const bodyTypes = route.form ? ['application/x-www-form-urlencoded'] : replyTypes
  const shownBodies = [...own, ...unsentExamples.filter((example) => example.operation === operation)]
  const bodies = shownBodies.filter(({ body }) => body !== undefined).map(({ name, body }) => [name, { value: body }])
  const content = (types: readonly string[], schema: Json, shown: readonly unknown[][] = []): Json =>
    Object.fromEntries(
      // Examples are written in the newest version.
      types.map((type, at) => [
        type,
        { schema, ...(shown.length > 0 && at === types.length - 1 && { examples: Object.fromEntries(shown) }) },
      ]),
    )
  return {
    operationId: operation,
    tags: [tag],
    summary,
    ...(notes[operation] !== undefined && { description: notes[operation] }),
    parameters: parametersOf(
      operation,
      route,
      schemas.query && (jsonSchema(schemas.query, 'input') as Parameters<typeof parametersOf>[2]),
    ),
    ...(schemas.body && {
      requestBody: { required: true, content: content(bodyTypes, refer('Body', schemas.body), bodies) },
    }),
    responses: {
      [route.status]: {
        description: 'Done as asked.',
        ...(route.status !== 204 && { content: content(replyTypes, refer('Reply', schemas.reply ?? z.unknown())) }),
      },
      ...refusalsOf(operation, route),
    },
    security: securityOf(route),
    ...('roles' in route.access && { 'x-rolesRequirements': route.access.roles.map((role) => roleWords[role]) }),
    ...(own.length > 0 && {
      'x-postern-examples': Object.fromEntries(
        own.map((example) => [
          example.name,
          { order: examples.indexOf(example), ...(example.keeps && { keeps: example.keeps }) },
        ]),
      ),
    }),
    ...(withoutExample[operation] !== undefined && { 'x-postern-without-example': withoutExample[operation] }),
  }
}

/** Oldest first. */
const replyTypesOf = ({ versions, text, stream }: Route): readonly string[] => {
  if (stream) return ['text/event-stream']
  if (text) return ['text/plain']
  return versions.length > 0 ? versions.map((version) => `application/vnd.atlas.${version}+json`) : ['application/json']
}

/** Atlas's own document names roles by their words. */
const roleWords = { ...orgRoles, ...groupRoles }

const securityOf = ({ access }: Route): readonly Json[] => {
  if (access.kind === 'public') return []
  return access.kind === 'edge'
    ? [{ EdgeToken: [] }]
    : [{ DigestAuth: [] }, { ServiceAccount: [] }, { ConsoleSession: [] }]
}

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' })
  return rest
}
