import type { ForwarderListener } from '@postern/contract/snapshot'
import { expect, test } from 'vitest'
import { planForwarder } from './plan.ts'

const a: ForwarderListener = {
  id: 'a',
  provider: 'AWS',
  linkId: 'vpce-1',
  hosts: ['127.0.0.1', '::1'],
  port: 1024,
  gatewayPort: 30_000,
}
const b: ForwarderListener = { ...a, id: 'b', port: 1025 }

const rows: readonly {
  readonly says: string
  readonly bound: readonly ForwarderListener[]
  readonly wanted: readonly ForwarderListener[]
  readonly close: readonly string[]
  readonly open: readonly ForwarderListener[]
}[] = [
  { says: 'new listeners are opened', bound: [], wanted: [a, b], close: [], open: [a, b] },
  { says: 'the same snapshot again changes nothing', bound: [a, b], wanted: [a, b], close: [], open: [] },
  { says: 'what is gone is closed', bound: [a, b], wanted: [b], close: ['a'], open: [] },
  {
    says: 'another identity on the same port starts anew',
    bound: [a],
    wanted: [{ ...a, linkId: 'vpce-2' }],
    close: ['a'],
    open: [{ ...a, linkId: 'vpce-2' }],
  },
  {
    says: 'another gateway port starts anew',
    bound: [a],
    wanted: [{ ...a, gatewayPort: 30_001 }],
    close: ['a'],
    open: [{ ...a, gatewayPort: 30_001 }],
  },
  {
    says: 'one address less starts anew',
    bound: [a],
    wanted: [{ ...a, hosts: ['127.0.0.1'] }],
    close: ['a'],
    open: [{ ...a, hosts: ['127.0.0.1'] }],
  },
  {
    says: 'a new id may take the place of an old one at once',
    bound: [a],
    wanted: [{ ...a, id: 'c' }],
    close: ['a'],
    open: [{ ...a, id: 'c' }],
  },
]

test.each(rows)('$says', ({ bound, wanted, close, open }) => {
  expect(planForwarder(new Map(bound.map((each) => [each.id, each])), wanted)).toEqual({ close, open })
})
