import { expect, test } from 'vitest'
import { z } from 'zod'
import { issueWords } from './issue-words.ts'

const wordsFor = (schema: z.ZodType, value: unknown): string | undefined => {
  const issue = schema.safeParse(value, { reportInput: true }).error?.issues[0]
  return issue && issueWords(issue)
}

test.each([
  { schema: z.string().min(8), value: 'short', words: 'must be at least 8 characters' },
  { schema: z.string().min(1), value: '', words: 'must be at least 1 character' },
  { schema: z.string().max(3), value: 'long', words: 'must be at most 3 characters' },
  { schema: z.array(z.string()).min(1), value: [], words: 'must hold at least 1 entry' },
  { schema: z.array(z.string()).max(2), value: ['a', 'b', 'c'], words: 'must hold at most 2 entries' },
  { schema: z.number().min(3), value: 1, words: 'must be at least 3' },
  { schema: z.enum(['AWS', 'AZURE']), value: 'IBM', words: 'must be one of AWS, AZURE' },
  { schema: z.literal('AWS'), value: 'IBM', words: 'must be AWS' },
  { schema: z.string(), value: 7, words: 'must be text' },
  { schema: z.int(), value: 1.5, words: 'must be a whole number' },
  { schema: z.boolean(), value: 'yes', words: 'must be true or false' },
  { schema: z.object({}), value: null, words: 'must be an object' },
  { schema: z.iso.datetime(), value: 'soon', words: 'must be a time with its offset, such as 2026-01-31T12:00:00Z' },
  { schema: z.string().regex(/^x$/), value: 'y', words: 'does not have the form that is asked for here' },
  { schema: z.string().regex(/^x$/, 'must be x'), value: 'y', words: 'must be x' },
  { schema: z.string(), value: undefined, words: 'must be there' },
  { schema: z.string().min(1, 'must name somebody'), value: '', words: 'must name somebody' },
])('$words', ({ schema, value, words }) => {
  expect(wordsFor(schema, value)).toBe(words)
})
