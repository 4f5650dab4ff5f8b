// docs/apply-form.md lists every field that a file may have. It is written from the form, so that neither can change
// without the other: `npx vitest run packages/cli/src/apply -u` writes it anew.

import { describe, expect, test } from 'vitest'
import { form } from './form.ts'
import { jsonSchema } from './json-schema.ts'
import type { Fields, ObjectShape, Shape } from './shape.ts'

interface Section {
  readonly path: string
  readonly shape: ObjectShape
}

const inner = (shape: Shape): Shape => (shape.kind === 'list' ? inner(shape.of) : shape)
const isList = ({ kind }: Shape): boolean => kind === 'list'

function sectionsOf(shape: ObjectShape, path: string): readonly Section[] {
  const below = Object.entries(shape.fields).flatMap(([name, field]) => {
    const within = inner(field)
    return within.kind === 'object' ? sectionsOf(within, `${path}${name}${isList(field) ? '[]' : ''}.`) : []
  })
  return [{ path: path.replace(/\.$/, ''), shape }, ...below]
}

function typeOf(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
      return shape.wants === undefined ? 'text' : `text: ${shape.wants}`
    case 'oneOf':
      return shape.values.map((value) => `\`${value}\``).join(', ')
    case 'switch':
      return '`true`, `false`'
    case 'whole':
      return `${shape.from} to ${shape.to}`
    case 'labels':
      return 'names with texts'
    case 'list':
      return `list of ${shape.of.kind === 'object' ? 'these' : typeOf(shape.of)}`
    case 'object':
      return 'fields'
  }
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

const rows = (fields: Fields): readonly string[] =>
  Object.entries(fields).map(([name, field]) => {
    const says = isList(field) && inner(field).kind === 'text' ? `${field.says} ${inner(field).says}` : field.says
    return `| \`${name}\`${field.required === true ? ' (needed)' : ''} | ${cell(typeOf(field))} | ${cell(says)} |`
  })

const rules = ({ exactlyOne, atMostOne, onlyWith }: ObjectShape): readonly string[] => {
  const words = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ')
  return [
    ...(exactlyOne ?? []).map((names) => `Just one of ${words(names)}.`),
    ...(atMostOne ?? []).map((names) => `At most one of ${words(names)}.`),
    ...Object.entries(onlyWith ?? {}).map(([name, other]) => `\`${name}\` only beside \`${other}\`.`),
  ]
}

const text = (): string =>
  [
    '# The form of a file for `diff`, `apply` and `up --apply`',
    '',
    'Written from `packages/cli/src/apply/form.ts`; do not edit it by hand. `postern apply --schema` prints the same as a JSON',
    'Schema. How files are used: [apply.md](apply.md).',
    ...sectionsOf(form, '').flatMap(({ path, shape }) => [
      '',
      `## ${path === '' ? 'The file' : `\`${path}\``}`,
      [shape.says, ...rules(shape)].join(' '),
      '',
      '| field | value | what |',
      '|---|---|---|',
      ...rows(shape.fields),
    ]),
    '',
  ].join('\n')

test('docs/apply-form.md lists every field', async () => {
  await expect(text()).toMatchFileSnapshot('../../../../docs/apply-form.md')
})

describe('the JSON Schema', () => {
  const schemaAt = (path: string): Readonly<Record<string, unknown>> => {
    let schema = jsonSchema() as Record<string, never>
    for (const name of path.split('.').filter(Boolean)) {
      schema = (schema.properties as unknown as Record<string, never>)[name.replace('[]', '')] as never
      if (name.endsWith('[]')) schema = schema.items as never
    }
    return schema
  }
  test.each(sectionsOf(form, ''))('knows the fields of "$path", which are needed, and no other', ({ path, shape }) => {
    const schema = schemaAt(path)
    expect(Object.keys(schema.properties as object)).toEqual(Object.keys(shape.fields))
    expect(schema.required).toEqual(Object.keys(shape.fields).filter((name) => shape.fields[name]?.required))
    expect(schema.additionalProperties).toBe(false)
  })
})
