import { isNote } from '@postern/contract/diagnosis'
import { describe, expect, test } from 'vitest'
import type { HiddenUnknownAt } from './hidden-unknown.ts'
import { hiddenMembers } from './judge-hidden.ts'

const at = (clusterName: string, more: Partial<HiddenUnknownAt> = {}): HiddenUnknownAt => ({
  clusterName,
  why: 'NOT_TOLD',
  asks: { user: 'looker', source: 'ops' },
  ...more,
})
const never = at('Never', { asks: null })
const unread = at('Unread', { why: 'UNREAD' })
const judged = (...hiddenUnknown: readonly HiddenUnknownAt[]) => hiddenMembers({ hiddenUnknown })

describe('hidden members of a registered deployment', () => {
  test('are known', () => expect(judged()).toMatchObject({ status: 'OK', whatToDo: null }))

  test('are not, since a right was taken away: a warning says who is to be granted what, and where', () => {
    const found = judged(never, unread, at('Theirs'))
    expect(found).toMatchObject({ status: 'WARNING', found: expect.stringContaining('User looker may no longer') })
    expect(found.whatToDo).toContain(
      `db.getSiblingDB("ops").grantRolesToUser("looker", [{ role: 'clusterMonitor', db: 'admin' }])`,
    )
  })

  test('could not be asked for just now', () =>
    expect(judged(never, unread)).toMatchObject({ status: 'COULD_NOT_TELL', found: expect.stringContaining('Unread') }))

  test('are not, since nobody was ever given who may ask: a note', () => {
    const found = judged(never)
    expect(isNote(found)).toBe(true)
    expect(found.whatToDo).toContain('clusterMonitor')
  })
})
