// What makes a server unknown, and what does not: the rules of the SDAM specification on errors of an application's
// connections and on topology versions, as cases of our own. Errors pass the gateway as they come; what they are judged
// against went through its rewriting.

import { describe, test } from 'vitest'
import { fault, holds, primary, type Row, secondary, silence, topologyVersion } from '../testing/sdam-table.ts'

const both = 'ReplicaSetWithPrimary: a RSPrimary, b RSSecondary'
const lost = 'ReplicaSetNoPrimary: a Unknown, b RSSecondary'

const found = [
  primary('a', { hosts: 'ab', topologyVersion: topologyVersion(5) }),
  secondary('b', { hosts: 'ab', topologyVersion: topologyVersion(5, 2) }),
]

const refusal = (code: number, more: object = {}) =>
  fault('a', { fault: 'command', handshaken: true, answer: { ok: 0, errmsg: 'no', code, ...more } })

/** Every code that says that a member is not what it was taken for. */
const steppedDown = [
  { code: 10107, name: 'NotWritablePrimary' },
  { code: 13435, name: 'NotPrimaryNoSecondaryOk' },
  { code: 10058, name: 'LegacyNotPrimary' },
  { code: 13436, name: 'NotPrimaryOrSecondary' },
  { code: 189, name: 'PrimarySteppedDown' },
  { code: 11602, name: 'InterruptedDueToReplStateChange' },
]
const shuttingDown = [
  { code: 91, name: 'ShutdownInProgress' },
  { code: 11600, name: 'InterruptedAtShutdown' },
]

const codes: readonly Row[] = [
  ...steppedDown.map(({ code, name }) => ({
    says: `${name} makes the server unknown and keeps its pool`,
    seeds: 'ab',
    steps: [{ hear: [...found, refusal(code)], knows: lost, of: { a: { pool: 0 } } }],
  })),
  ...shuttingDown.map(({ code, name }) => ({
    says: `${name} makes the server unknown and clears its pool`,
    seeds: 'ab',
    steps: [{ hear: [...found, refusal(code)], knows: lost, of: { a: { pool: 1 } } }],
  })),
  {
    says: 'any other refusal says nothing about the server',
    seeds: 'ab',
    steps: [{ hear: [...found, refusal(13), refusal(11000)], knows: both, of: { a: { pool: 0 } } }],
  },
]

const versions: readonly Row[] = [
  {
    says: 'an error of an older state, or of the state that is known, is stale',
    seeds: 'ab',
    steps: [
      {
        hear: [
          ...found,
          refusal(10107, { topologyVersion: topologyVersion(4) }),
          refusal(91, { topologyVersion: topologyVersion(5) }),
        ],
        knows: both,
        of: { a: { pool: 0 } },
      },
    ],
  },
  {
    says: 'an error of a newer state counts, and its state is remembered',
    seeds: 'ab',
    steps: [
      {
        hear: [...found, refusal(10107, { topologyVersion: topologyVersion(6) })],
        knows: lost,
        of: { a: { topologyVersion: topologyVersion(6) } },
      },
      { hear: [found[0] ?? silence('a')], knows: lost },
      { hear: [primary('a', { hosts: 'ab', topologyVersion: topologyVersion(7) })], knows: both },
    ],
  },
  {
    says: 'an error of another process counts, whatever its counter',
    seeds: 'ab',
    steps: [{ hear: [...found, refusal(10107, { topologyVersion: topologyVersion(1, 9) })], knows: lost }],
  },
  {
    says: 'an older answer to hello is not taken, one of the same state is',
    seeds: 'ab',
    steps: [
      { hear: [...found, secondary('a', { hosts: 'ab', topologyVersion: topologyVersion(4) })], knows: both },
      {
        hear: [secondary('a', { hosts: 'ab', topologyVersion: topologyVersion(5) })],
        knows: 'ReplicaSetNoPrimary: a RSSecondary, b RSSecondary',
      },
    ],
  },
  {
    says: 'silence forgets the state: whatever is said next is taken',
    seeds: 'ab',
    steps: [
      { hear: [...found, silence('a')], knows: lost, of: { a: { topologyVersion: null, pool: 1 } } },
      { hear: [primary('a', { hosts: 'ab', topologyVersion: topologyVersion(1) })], knows: both },
    ],
  },
]

const network: readonly Row[] = [
  {
    says: 'a connection that breaks makes the server unknown and clears its pool',
    seeds: 'ab',
    steps: [
      { hear: [...found, fault('a', { fault: 'network', handshaken: true })], knows: lost, of: { a: { pool: 1 } } },
      { hear: [...found], knows: both, of: { a: { pool: 1 } } },
    ],
  },
  {
    says: 'an operation that takes too long says nothing about the server',
    seeds: 'ab',
    steps: [
      { hear: [...found, fault('a', { fault: 'timeout', handshaken: true })], knows: both, of: { a: { pool: 0 } } },
    ],
  },
  {
    says: 'a connection that cannot be made says that the server is busy, not that it is gone',
    seeds: 'ab',
    steps: [
      {
        hear: [
          ...found,
          fault('a', { fault: 'network', handshaken: false }),
          fault('a', { fault: 'timeout', handshaken: false }),
        ],
        knows: both,
        of: { a: { pool: 0 } },
      },
    ],
  },
  {
    says: 'an error of a connection from before the pool was cleared is stale',
    seeds: 'ab',
    steps: [
      {
        hear: [...found, fault('a', { fault: 'network', handshaken: true }), ...found],
        knows: both,
        of: { a: { pool: 1 } },
      },
      {
        hear: [
          fault('a', { fault: 'network', handshaken: true, generation: 0 }),
          fault('a', { fault: 'command', handshaken: true, generation: 0, answer: { ok: 0, code: 91 } }),
        ],
        knows: both,
        of: { a: { pool: 1 } },
      },
    ],
  },
  {
    says: 'an error of a server that went meanwhile is nobody’s',
    seeds: 'ab',
    steps: [
      {
        hear: [...found, primary('a', { hosts: 'a' }), fault('b', { fault: 'network', handshaken: true })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary',
      },
    ],
  },
]

describe('a command that is refused', () => {
  test.each(codes)('$says', holds)
})
describe('states in order', () => {
  test.each(versions)('$says', holds)
})
describe('the network', () => {
  test.each(network)('$says', holds)
})
