import { expect, test } from 'vitest'
import { fieldsFrom, textOf } from './kept.ts'

const first = { name: '', nodes: 3, on: false, password: '', accepted: ['a'] as readonly string[] }

test('what was typed is there again, and no secret is', () => {
  const typed = { name: 'Shop', nodes: 5, on: true, password: 'guess me', accepted: ['b', 'c'] }
  const text = textOf(typed, ['password'])
  expect(text).not.toContain('guess me')
  expect(fieldsFrom(text, first)).toEqual({ ...typed, password: '' })
})

test.each([
  { says: 'nothing', text: null },
  { says: 'no JSON', text: '{' },
  { says: 'a list', text: '["Shop"]' },
  { says: 'fields of another kind', text: '{"name":1,"nodes":"3","on":null,"accepted":"a"}' },
  { says: 'a field that the form has no more', text: '{"gone":"x"}' },
])('$says changes nothing', ({ text }) => {
  expect(fieldsFrom(text, first)).toEqual(first)
})
