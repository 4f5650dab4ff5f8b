// The parameters of one operation: those of its path, its own query, and what every operation understands.

import type { OperationId, Route } from '../routes.ts'
import { examples } from './examples.ts'
import { pathParameters, queryParameters } from './parameters.ts'

type Json = Readonly<Record<string, unknown>>
interface QuerySchema {
  readonly properties?: Readonly<Record<string, Json>>
  readonly required?: readonly string[]
}

const objectIds = /^(?:group|org|apiUser|endpointService|user|team|event)Id$/

const schemaOf = (name: string): Json => {
  if (objectIds.test(name)) return { type: 'string', pattern: '^[a-f0-9]{24}$' }
  return name === 'cloudProvider' ? { type: 'string', enum: ['AWS', 'AZURE', 'GCP'] } : { type: 'string' }
}

/** `query`: the JSON schema of the operation's own query parameters. */
export const parametersOf = (operation: OperationId, route: Route, query: QuerySchema = {}): readonly Json[] => [
  ...namesIn(route.path).map((name) => ({
    name,
    in: 'path',
    required: true,
    description: pathParameters[name]?.description,
    schema: schemaOf(name),
    ...shown(operation, ({ path = {} }) => path[name] ?? pathParameters[name]?.example),
  })),
  ...[
    ...Object.entries(query.properties ?? {}).map(([name, schema]) => ({
      name,
      schema,
      ...(query.required?.includes(name) && { required: true }),
    })),
    ...(route.paged ? pageQuery : []),
    ...(route.versions.length > 0 ? everyQuery : []),
  ].map((parameter) => ({
    ...parameter,
    in: 'query',
    description: queryParameters[parameter.name],
    ...shown(operation, ({ query: given = {} }) => given[parameter.name]),
  })),
  ...(route.stream ? [resumeHeader] : []),
]

const resumeHeader = {
  name: 'Last-Event-ID',
  in: 'header',
  description: 'The id of the last event that was read; the stream goes on after it.',
  schema: { type: 'string' },
}
const everyQuery = [
  { name: 'envelope', schema: { type: 'boolean', default: false } },
  { name: 'pretty', schema: { type: 'boolean', default: false } },
]
const pageQuery = [
  { name: 'pageNum', schema: { type: 'integer', minimum: 1, default: 1 } },
  { name: 'itemsPerPage', schema: { type: 'integer', minimum: 1, maximum: 500, default: 100 } },
  { name: 'includeCount', schema: { type: 'boolean', default: true } },
]

/** The parameter's value in each of the operation's examples, by the example's name. */
const shown = (operation: OperationId, valueIn: (example: (typeof examples)[number]) => string | undefined): Json => {
  const values = examples
    .filter((example) => example.operation === operation)
    .map((example) => [example.name, valueIn(example)] as const)
    .filter(([, value]) => value !== undefined)
  if (values.length === 0) return {}
  return { examples: Object.fromEntries(values.map(([name, text]) => [name, { value: typed(text) }])) }
}

/** Numbers and switches as such, so that an example fits its schema. */
const typed = (text: string | undefined): unknown =>
  text !== undefined && /^(?:\d{1,9}|true|false)$/.test(text) ? JSON.parse(text) : text

const namesIn = (path: string): readonly string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
