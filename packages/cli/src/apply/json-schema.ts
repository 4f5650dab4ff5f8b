// The form as a JSON Schema (draft 7, what the editors' YAML servers read).

import { form } from './form.ts'
import type { ObjectShape, Shape } from './shape.ts'

type Schema = Readonly<Record<string, unknown>>

export const jsonSchema = (): Schema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Postern',
  ...schemaOf(form),
})

/** A text may be typed without quotes: what an editor takes for a number is text to the reader. */
const anyScalar = { type: ['string', 'number', 'boolean'] } as const

function schemaOf(shape: Shape): Schema {
  const description = shape.says
  switch (shape.kind) {
    case 'text':
      return {
        description,
        ...anyScalar,
        maxLength: shape.most ?? 1024,
        ...(shape.pattern !== undefined && { pattern: shape.pattern.source }),
      }
    case 'oneOf':
      return { description, type: 'string', enum: shape.values }
    case 'switch':
      return { description, type: 'boolean' }
    case 'whole':
      return { description, type: 'integer', minimum: shape.from, maximum: shape.to }
    case 'labels':
      return {
        description,
        type: 'object',
        propertyNames: { pattern: shape.pattern.source },
        additionalProperties: { ...anyScalar, maxLength: 255 },
      }
    case 'list':
      return { description, type: 'array', items: schemaOf(shape.of) }
    case 'object':
      return { description, ...objectSchema(shape) }
  }
}

function objectSchema({ fields, exactlyOne, atMostOne, onlyWith }: ObjectShape): Schema {
  const required = Object.entries(fields).flatMap(([name, field]) => (field.required === true ? [name] : []))
  const choices = [
    ...(exactlyOne ?? []).map((names) => ({ oneOf: names.map((name) => ({ required: [name] })) })),
    ...(atMostOne ?? []).flatMap((names) =>
      names.flatMap((one, at) => names.slice(at + 1).map((other) => ({ not: { required: [one, other] } }))),
    ),
  ]
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)])),
    required,
    additionalProperties: false,
    ...(choices.length > 0 && { allOf: choices }),
    ...(onlyWith !== undefined && {
      dependencies: Object.fromEntries(Object.entries(onlyWith).map(([name, other]) => [name, [other]])),
    }),
  }
}
