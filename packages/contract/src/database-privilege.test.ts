// Every action that Atlas's contract knows has its line, and MongoDB's words are spelt as MongoDB spells them.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { privilegeActionNames, privilegeActions } from './database-privilege.ts'

const fixture = new URL('../../../fixtures/contract-facts.json', import.meta.url)
const { components } = JSON.parse(readFileSync(fixture, 'utf8')) as {
  readonly components: {
    readonly schemas: {
      readonly DatabasePrivilegeAction: {
        readonly properties: { readonly action: { readonly enum: readonly string[] } }
      }
    }
  }
}

test('the actions are those of Atlas’s contract, in its order', () => {
  expect(privilegeActionNames).toEqual(components.schemas.DatabasePrivilegeAction.properties.action.enum)
})

test('no two of them are the same to MongoDB', () => {
  const words = Object.values(privilegeActions).flatMap(({ mongo }) => (mongo === null ? [] : [mongo]))
  expect(new Set(words).size).toBe(words.length)
  expect(words.filter((word) => !/^[a-z][A-Za-z]+$/.test(word))).toEqual([])
})
