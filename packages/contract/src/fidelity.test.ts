import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { atlasGroupEventTypes, atlasOrgEventTypes } from './atlas-event-types.ts'
import { behaviourNames, behaviours } from './fidelity.ts'

const root = new URL('../../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

describe('the table and docs/api-differences.md', () => {
  const rows = read('docs/api-differences.md')
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|(---|\s*what\s*\|)/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  const verdictOf = (row: readonly string[]): string => row[3] ?? ''

  test('every row of the page says whether `--fidelity atlas` turns it off, or why it stays', () => {
    expect(rows.length).toBeGreaterThan(60)
    const silent = rows.filter((row) => row.length !== 5 || !/^(off: `\w+`|stays: .{5,})/.test(verdictOf(row)))
    expect(silent.map((row) => row[1])).toEqual([])
  })

  test('the rows that are turned off name every line of the table, and nothing else', () => {
    // `off: one and another. What they do.`: the names stand before the first full stop or comma.
    const heads = rows.map((row) => /^off: ([^.,]+)/.exec(verdictOf(row))?.[1] ?? '')
    const named = heads.flatMap((head) => [...head.matchAll(/`(\w+)`/g)].map(([, name]) => name))
    expect(new Set(named)).toEqual(new Set(behaviourNames))
  })

  test('each line has two settings that differ', () => {
    expect(
      behaviourNames.filter((name) => String(behaviours.postern[name]) === String(behaviours.atlas[name])),
    ).toEqual([])
  })
})

describe('Atlas’s types of events', () => {
  interface Schema {
    readonly $ref?: string
    readonly enum?: readonly string[]
    readonly oneOf?: readonly Schema[]
  }
  const { schemas } = (
    JSON.parse(read('fixtures/contract-facts.json')) as {
      readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
    }
  ).components
  const wordsOf = (schema: Schema | undefined): readonly string[] => [
    ...(schema?.enum ?? []),
    ...(schema?.oneOf ?? []).flatMap(wordsOf),
    ...(schema?.$ref ? wordsOf(schemas[schema.$ref.split('/').at(-1) ?? '']) : []),
  ]

  test.each([
    { says: 'a group', schema: 'EventTypeForNdsGroup', are: atlasGroupEventTypes },
    { says: 'an organization', schema: 'EventTypeForOrg', are: atlasOrgEventTypes },
  ])('of $says are those of Atlas’s contract', ({ schema, are }) => {
    expect([...are].toSorted()).toEqual([...new Set(wordsOf(schemas[schema]))].toSorted())
  })
})
