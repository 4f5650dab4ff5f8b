import { expect, test } from 'vitest'
import { unservedIn } from './unserved.ts'

const waits = { id: 'POSTERN_GATEWAY_LISTENERS', reason: 'the listener on 127.0.0.70 waits' }

test('a port that is taken is told, and what is wrong in a file of listeners takes no endpoint away', () => {
  const failed = [waits, { id: '40001', reason: 'in use' }]
  expect(unservedIn([{ feed: 'gateway', failed }])).toEqual(['The gateway cannot serve: in use.'])
  expect(unservedIn([{ feed: 'gateway', failed: [waits] }])).toEqual([])
})

test('nothing is claimed where it is not shown', () => {
  expect(unservedIn([{ feed: 'forwarder', failed: null }])).toEqual([])
})
