// Who joins connections, by what is wished for and what is there.

import { expect, test } from 'vitest'
import { onreadJoin } from './onread.ts'
import { joinMethod, type Opened } from './open-relay.ts'
import type { RelayJoin } from './relay.ts'

const relay: RelayJoin = { ...onreadJoin, name: 'relay', carried: () => 0 }
const served: Opened = { relay }
const notBuilt: Opened = { built: false, why: 'it is not built' }
const broken: Opened = { built: true, why: 'its self-test failed' }

test.each([
  { says: 'of itself where it holds', wish: 'auto', there: served, by: 'relay', told: null },
  { says: 'of itself, and nobody built it', wish: 'auto', there: notBuilt, by: 'onread', told: 'debug' },
  { says: 'of itself, and it does not hold', wish: 'auto', there: broken, by: 'onread', told: 'warn' },
  {
    says: 'of itself with few descriptors',
    wish: 'auto',
    descriptors: 999,
    there: served,
    by: 'onread',
    told: 'debug',
  },
  {
    says: 'of itself where nobody counts them',
    wish: 'auto',
    descriptors: null,
    there: served,
    by: 'relay',
    told: null,
  },
  { says: 'asked for', wish: 'yes', descriptors: 200, there: served, by: 'relay', told: null },
  { says: 'asked for, and nobody built it', wish: 'yes', there: notBuilt, by: 'onread', told: 'warn' },
  { says: 'asked for, and it does not hold', wish: 'yes', there: broken, by: 'onread', told: 'warn' },
  { says: 'turned off', wish: 'no', there: served, by: 'onread', told: null },
] as const)('the relay $says: $by serves', async (row) => {
  const { wish, there, by, told } = row
  const lines: string[] = []
  const log = { warn: () => void lines.push('warn'), debug: () => void lines.push('debug') }
  const descriptors = 'descriptors' in row ? row.descriptors : 1_000
  const method = await joinMethod(wish, log, { open: async () => there, descriptors })
  expect(method.name).toBe(by)
  expect(lines).toEqual(told === null ? [] : [told])
})
