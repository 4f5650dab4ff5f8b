import { describe, expect, test } from 'vitest'
import { type AccessWant, nextAccessStep, type Target, untilExpiry } from './next-step.ts'

const target = (clusterId: string, more: Partial<Target> = {}): Target => ({
  clusterId,
  manageable: true,
  inScope: true,
  waitsFor: null,
  ...more,
})
const want = (more: Partial<AccessWant> = {}): AccessWant => ({
  gone: false,
  managed: true,
  wish: 3,
  applied: new Map(),
  targets: [target('a'), target('b')],
  leaving: new Set(),
  deleteAfter: null,
  ...more,
})
const has = (...clusters: readonly [string, number][]) => new Map(clusters)

describe('what a database user still needs', () => {
  test.each([
    { says: 'every cluster at first', of: want(), step: { do: 'apply', put: ['a', 'b'], drop: [] } },
    {
      says: 'only the cluster that has an older wish',
      of: want({ applied: has(['a', 3], ['b', 2]) }),
      step: { do: 'apply', put: ['b'], drop: [] },
    },
    { says: 'nothing when all have it', of: want({ applied: has(['a', 3], ['b', 3]) }), step: { do: 'ready' } },
    {
      says: 'only the cluster whose custom role is there',
      of: want({ targets: [target('a', { waitsFor: 'mine' }), target('b')] }),
      step: { do: 'apply', put: ['b'], drop: [] },
    },
    {
      says: 'to wait where a custom role is not there yet',
      of: want({ applied: has(['b', 3]), targets: [target('a', { waitsFor: 'mine' }), target('b')] }),
      step: { do: 'wait', for: 'mine' },
    },
    {
      says: 'not to wait for a role on its way out',
      of: want({ gone: true, targets: [target('a', { waitsFor: 'mine' })] }),
      step: { do: 'forget' },
    },
    {
      says: 'to stay known, when it is to go, while a registered deployment that has it is on its way out',
      of: want({ gone: true, applied: has(['c', 3]), leaving: new Set(['c']), targets: [] }),
      step: { do: 'ready' },
    },
    {
      says: 'to be forgotten once that deployment is',
      of: want({ gone: true, applied: has(['c', 3]), targets: [] }),
      step: { do: 'forget' },
    },
    { says: 'nothing in a project without clusters', of: want({ targets: [] }), step: { do: 'ready' } },
    {
      says: 'nothing of a cluster out of scope',
      of: want({ targets: [target('a', { inScope: false })] }),
      step: { do: 'ready' },
    },
    {
      says: 'to leave a cluster that went out of scope',
      of: want({ applied: has(['a', 3]), targets: [target('a', { inScope: false })] }),
      step: { do: 'apply', put: [], drop: ['a'] },
    },
    {
      says: 'nothing of a cluster that is being made',
      of: want({ targets: [target('a', { manageable: false })] }),
      step: { do: 'ready' },
    },
    {
      says: 'to leave every cluster when it is to go',
      of: want({ gone: true, applied: has(['a', 3], ['b', 2]) }),
      step: { do: 'apply', put: [], drop: ['a', 'b'] },
    },
    { says: 'to be forgotten once it is nowhere', of: want({ gone: true }), step: { do: 'forget' } },
    {
      says: 'to be forgotten when the cluster that had it is gone itself',
      of: want({ gone: true, applied: has(['z', 3]) }),
      step: { do: 'forget' },
    },
    {
      says: 'to be remembered while a cluster that has it cannot be reached',
      of: want({ gone: true, applied: has(['a', 3]), targets: [target('a', { manageable: false })] }),
      step: { do: 'ready' },
    },
    { says: 'nothing without a password', of: want({ managed: false }), step: { do: 'not managed' } },
    {
      says: 'to be forgotten without a password too',
      of: want({ managed: false, gone: true }),
      step: { do: 'forget' },
    },
  ])('$says', ({ of, step }) => expect(nextAccessStep(of)).toEqual(step))
})

describe('until a temporary user goes', () => {
  test.each([
    { says: 'never', of: want(), ms: null },
    { says: 'in a second', of: want({ deleteAfter: 2000 }), ms: 1000 },
    { says: 'now, when it is over', of: want({ deleteAfter: 500 }), ms: 0 },
    { says: 'a day at a time', of: want({ deleteAfter: 9e12 }), ms: 86_400_000 },
    { says: 'nothing more once it goes', of: want({ deleteAfter: 500, gone: true }), ms: null },
  ])('$says', ({ of, ms }) => expect(untilExpiry(of, 1000)).toBe(ms))
})
