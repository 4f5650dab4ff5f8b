import { describe, expect, test } from 'vitest'
import { type CheckId, checks, type FindingStatus, finding, joinFindings, quoted } from './diagnosis.ts'

const told = (...views: readonly (readonly [CheckId, FindingStatus])[]) =>
  joinFindings(views.map(([id, status]) => finding(id, status, `${id} is ${status}`))).map(
    ({ id, status, follows }) => `${id} ${status}${follows === null ? '' : ` after ${follows}`}`,
  )

test('a check follows only from checks that stand before it', () => {
  const ids: readonly string[] = checks.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const wrong = checks.flatMap(({ id, after }, at) =>
    after.filter((each) => !ids.slice(0, at).includes(each)).map((each) => `${id} after ${each}`),
  )
  expect(wrong).toEqual([])
})

test('an id that no check has does not compile', () => {
  // @ts-expect-error: were CheckId any string, every table by check would compile with checks missing.
  const none: CheckId = 'no-such-check'
  expect(checks.map(({ id }): string => id)).not.toContain(none)
})

describe('views joined', () => {
  test.each<{ says: string; of: readonly (readonly [CheckId, FindingStatus])[]; are: readonly string[] }>([
    {
      says: 'in the order of causes',
      of: [
        ['tls', 'OK'],
        ['clock', 'WARNING'],
      ],
      are: ['clock WARNING', 'tls OK'],
    },
    {
      says: 'of two views of one check the worse',
      of: [
        ['member-answers', 'OK'],
        ['member-answers', 'WARNING'],
      ],
      are: ['member-answers WARNING'],
    },
    {
      says: 'what can only follow from a failure is no finding',
      of: [
        ['authentication', 'FAILED'],
        ['port-open', 'FAILED'],
        ['target-known', 'FAILED'],
      ],
      are: [
        'target-known FAILED',
        'port-open COULD_NOT_TELL after target-known',
        'authentication COULD_NOT_TELL after target-known',
      ],
    },
    {
      says: 'a warning causes nothing',
      of: [
        ['member-answers', 'WARNING'],
        ['authentication', 'FAILED'],
      ],
      are: ['member-answers WARNING', 'authentication FAILED'],
    },
    {
      says: 'what is well stays well beside a failure before it',
      of: [
        ['server-reachable', 'FAILED'],
        ['member-answers', 'OK'],
      ],
      are: ['server-reachable FAILED', 'member-answers OK'],
    },
    {
      says: 'two causes of their own are both named',
      of: [
        ['keys-accepted', 'FAILED'],
        ['port-open', 'FAILED'],
      ],
      are: ['keys-accepted FAILED', 'port-open FAILED'],
    },
  ])('$says', ({ of, are }) => {
    expect(told(...of)).toEqual(are)
  })
})

test.each([
  ['shop', 'shop'],
  ['/subscriptions/a/b', '/subscriptions/a/b'],
  ['a b', "'a b'"],
  ["it's $(id)", "'it'\\''s $(id)'"],
])('%s is quoted as %s', (word, shell) => {
  expect(quoted(word)).toBe(shell)
})
