import { describe, expect, test } from 'vitest'
import { type Answer, judgeAttempt, waits } from './judge.ts'

const middle = () => 0.5
const answered = (status: number): Answer => ({ kind: 'answered', status })

describe('an attempt that was answered with', () => {
  test.each([200, 201, 204, 299])('%i is a delivery', (status) => {
    expect(judgeAttempt(1, answered(status), middle)).toEqual({ do: 'deliver' })
  })
  test.each([301, 307, 400, 401, 404, 429, 500, 503])('%i comes again', (status) => {
    expect(judgeAttempt(1, answered(status), middle)).toMatchObject({ do: 'retry', afterMs: 5000 })
  })
  test('a redirect says what to do', () => {
    expect(judgeAttempt(1, answered(302), middle)).toMatchObject({ error: expect.stringContaining('not followed') })
  })
  test('410 is the last one', () => {
    expect(judgeAttempt(1, answered(410), middle)).toMatchObject({ do: 'give up', gone: true })
  })
})

test('waits grow, with a tenth of chance, and end', () => {
  const failed: Answer = { kind: 'failed', reason: 'no answer within 10 s' }
  const verdicts = waits.map((_, index) => judgeAttempt(index + 1, failed, middle))
  expect(verdicts).toEqual(waits.map((afterMs) => ({ do: 'retry', afterMs, error: 'no answer within 10 s' })))
  expect([...waits].sort((one, other) => one - other)).toEqual(waits)
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(24 * 3_600_000)
  expect(judgeAttempt(1, failed, () => 0)).toMatchObject({ afterMs: 4750 })
  expect(judgeAttempt(waits.length + 1, failed, middle)).toMatchObject({ do: 'give up', gone: false })
})
