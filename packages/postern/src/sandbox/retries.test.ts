// Retryable writes: sent again, answered again.
import { describe, expect, test } from 'vitest'
import { Retries } from './retries.ts'

const first = { session: 'a', txn: 1n, statement: 0 }

describe('a statement', () => {
  test('is unknown at first, and known once it was carried out', () => {
    const retries = new Retries()
    expect(retries.recall(first)).toBeUndefined()
    retries.remember({ ...first, outcome: { n: 1 } })
    expect(retries.recall(first)).toEqual({ n: 1 })
    expect(retries.recall({ ...first, statement: 1 })).toBeUndefined()
    expect(retries.recall({ ...first, session: 'b' })).toBeUndefined()
  })

  test('of an older transaction is refused, and its memory is gone', () => {
    const retries = new Retries()
    retries.remember({ ...first, outcome: { n: 1 } })
    retries.remember({ ...first, txn: 2n, outcome: { n: 2 } })
    expect(() => retries.recall(first)).toThrow('older')
    expect([...retries.records()]).toEqual([{ ...first, txn: 2n, outcome: { n: 2 } }])
  })
})

test('the session used longest ago is forgotten first', () => {
  const retries = new Retries(2)
  for (const session of ['a', 'b', 'a', 'c']) retries.remember({ ...first, session, outcome: { n: 1 } })
  expect(['a', 'b', 'c'].map((session) => retries.recall({ ...first, session }) !== undefined)).toEqual([
    true,
    false,
    true,
  ])
})
