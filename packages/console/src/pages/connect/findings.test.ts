import { expect, test } from 'vitest'
import { type Finding, shownFindings, verdictOf } from './findings.ts'

const finding = (id: Finding['id'], status: Finding['status']): Finding => ({
  id,
  status,
  found: '',
  why: null,
  whatToDo: null,
  command: null,
  follows: null,
})

test('what does not apply is not shown, and the order stays that of causes', () => {
  const findings = [
    finding('edges-heard', 'OK'),
    finding('leftovers', 'NOT_APPLICABLE'),
    finding('user-known', 'FAILED'),
  ]
  expect(shownFindings(findings).map(({ id }) => id)).toEqual(['edges-heard', 'user-known'])
})

test.each([
  { of: ['OK', 'OK'], says: 'All 2 checks are well, as far as the control plane sees.' },
  { of: ['OK', 'COULD_NOT_TELL'], says: 'Nothing failed; 1 of 2 checks are worth a look.' },
  { of: ['FAILED', 'COULD_NOT_TELL', 'OK'], says: '1 of 3 checks failed; the first one is the cause to begin with.' },
] as const)('$says', ({ of, says }) => {
  expect(verdictOf(of.map((status) => finding('edges-heard', status)))).toBe(says)
})
