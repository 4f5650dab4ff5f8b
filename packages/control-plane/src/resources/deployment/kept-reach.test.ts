import { expect, test } from 'vitest'
import type { HiddenUnknown, Reach } from '../../engines/engine.ts'
import type { Discovered } from './discover.ts'
import { keptReach } from './kept-reach.ts'

const who = { user: 'looker', password: 'looks only', source: 'admin' }
const given: Reach = { hosts: ['a:1'], admin: who, monitor: null, tls: null }
const set = (hidden: HiddenUnknown | null): Discovered => ({
  kind: 'replicaSet',
  setName: 'rs',
  hasPrimary: true,
  version: '8.0.4',
  members: [],
  hidden,
})
const routers: Discovered = { kind: 'routers', version: '8.0.4', members: [] }

test.each<{ says: string; found: Discovered; manages?: true; admin: Reach['admin']; monitor: Reach['monitor'] }>([
  { says: 'who manages users is kept for it', found: set('NOT_TOLD'), manages: true, admin: who, monitor: null },
  { says: 'who may look is kept for that', found: set(null), admin: null, monitor: who },
  { says: 'who could not look just now is kept too', found: set('UNREAD'), admin: null, monitor: who },
  { says: 'who may not look is not', found: set('NOT_TOLD'), admin: null, monitor: null },
  { says: 'routers have no hidden members to show', found: routers, admin: null, monitor: null },
])('$says', ({ found, manages = false, admin, monitor }) => {
  expect(keptReach(given, { found, manages })).toEqual({ ...given, admin, monitor })
})
