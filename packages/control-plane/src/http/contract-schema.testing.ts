// Atlas's own contract (fixtures/contract-facts.json) as something a value can be held against: a schema becomes the
// list of its alternatives, each a flat set of properties, whatever mixture of allOf, oneOf and discriminators wrote it.

import { readFileSync } from 'node:fs'

export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly nullable?: boolean
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly allOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly discriminator?: { readonly propertyName?: string; readonly mapping?: Readonly<Record<string, string>> }
  /** On a flat form: which value of which field makes it this one (set by `alternatives`). */
  readonly when?: { readonly field: string; readonly value: string }
}

interface Operation {
  readonly operationId?: string
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>
  >
}

interface Facts {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../fixtures/${name}`, import.meta.url), 'utf8'))

const facts = fixture('contract-facts.json') as Facts

export interface Recording {
  readonly operation: string
  readonly status: number
  readonly contentType: string
  readonly body: unknown
}

/** Answers recorded from Atlas, every value replaced by its kind. */
export const recordings = fixture('recorded-shapes.json') as readonly Recording[]

const operations = new Map(
  Object.values(facts.paths)
    .flatMap((methods) => Object.values(methods))
    .map((operation) => [operation.operationId, operation] as const),
)

/** What the contract says of an operation's successes: statuses, and the schema of a media type such as `…2023-01-01+json`. */
export const contractOf = (
  operation: string,
):
  | { readonly statuses: readonly number[]; readonly schemaOf: (mediaType: string) => Schema | undefined }
  | undefined => {
  const found = operations.get(operation)
  if (!found) return undefined
  const successes = Object.entries(found.responses ?? {}).filter(([status]) => status.startsWith('2'))
  return {
    statuses: successes.map(([status]) => Number(status)),
    schemaOf: (mediaType) => successes.map(([, { content }]) => content?.[mediaType]?.schema).find((schema) => schema),
  }
}

/** Every flat form that a value of this schema may have. */
export const alternatives = (schema: Schema, seen: ReadonlySet<string> = new Set()): readonly Schema[] => {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return seen.has(name) ? [{}] : alternatives(facts.components.schemas[name] ?? {}, new Set([...seen, name]))
  }
  const { allOf = [], oneOf, anyOf, discriminator, ...own } = schema
  const field = discriminator?.propertyName
  const mapped = Object.entries(discriminator?.mapping ?? {}).flatMap(([value, $ref]) =>
    seen.has($ref.split('/').at(-1) ?? '') || field === undefined
      ? []
      : alternatives({ $ref }, seen).map((form) => ({ ...form, when: { field, value } })),
  )
  const choices = oneOf ?? anyOf ?? []
  const chosen =
    mapped.length > 0 ? mapped : choices.length > 0 ? choices.flatMap((choice) => alternatives(choice, seen)) : [{}]
  return allOf
    .map((part) => alternatives(part, seen))
    .reduce<readonly Schema[]>((all, part) => all.flatMap((one) => part.map((other) => merge(one, other))), chosen)
    .map((one) => merge(own, one))
}

const merge = (one: Schema, other: Schema): Schema => ({
  ...one,
  ...other,
  properties: { ...one.properties, ...other.properties },
  required: [...(one.required ?? []), ...(other.required ?? [])],
})

/** True when a value that is no object and no array fits this flat schema. */
export const leafFits = (value: unknown, schema: Schema): boolean => {
  if (value === null) return schema.nullable === true
  if (schema.enum && !schema.enum.includes(value)) return false
  switch (schema.type) {
    case 'string':
      return typeof value === 'string' && fitsText(value, schema)
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    default:
      return schema.type === undefined
  }
}

const fitsText = (value: string, { pattern, format }: Schema): boolean => {
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return false
  return format !== 'date-time' || !Number.isNaN(Date.parse(value))
}
