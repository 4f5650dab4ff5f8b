import { expect, test } from 'vitest'
import { refusalOf } from './action.ts'

const idle = { state: 'IDLE', tier: 'M10', terminationProtection: false, paused: false, registered: false }

test.each([
  { says: 'a dedicated cluster is paused', action: 'pause', of: idle, why: undefined },
  { says: 'an M0 is not', action: 'pause', of: { ...idle, tier: 'M0' }, why: 'A M0 cluster cannot be paused.' },
  {
    says: 'a registered deployment is not',
    action: 'pause',
    of: { ...idle, tier: '', registered: true },
    why: 'It is a registered deployment: it runs, or stands still, where it is.',
  },
  {
    says: 'termination protection holds',
    action: 'terminate',
    of: { ...idle, terminationProtection: true },
    why: 'Its termination protection is on: Edit turns it off.',
  },
  {
    says: 'what is protected can be edited',
    action: 'edit',
    of: { ...idle, terminationProtection: true },
    why: undefined,
  },
  {
    says: 'what is going is left alone',
    action: 'edit',
    of: { ...idle, state: 'DELETING' },
    why: 'It is being deleted.',
  },
] as const)('$says', ({ action, of, why }) => {
  expect(refusalOf(action, of)).toBe(why)
})
