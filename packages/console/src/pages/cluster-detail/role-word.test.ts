import { expect, test } from 'vitest'
import { roleWord } from './role-word.ts'

test.each([
  { role: 'primary', listed: true, word: 'Primary' },
  { role: 'hidden', listed: false, word: 'Hidden, in no connection string' },
  { role: 'new-one', listed: true, word: 'new-one' },
])('$word', ({ role, listed, word }) => {
  expect(roleWord(role, listed)).toBe(word)
})
