// Which primary is believed: the rules of the SDAM specification on elections, step-downs and sets that change their
// name, as cases of our own, told directly and through the rewriting.

import { describe, test } from 'vitest'
import { ghost, holds, mongos, primary, type Row, secondary, silence, standalone, term } from '../testing/sdam-table.ts'

const ab = { hosts: 'ab' }
const before6 = { maxWireVersion: 13 }

const elections: readonly Row[] = [
  {
    says: 'a new primary, with a newer election: the old one is unknown until it speaks',
    seeds: 'ab',
    steps: [
      {
        hear: [
          primary('a', { ...ab, setVersion: 1, electionId: term(1) }),
          primary('b', { ...ab, setVersion: 1, electionId: term(2) }),
        ],
        knows: 'ReplicaSetWithPrimary: a Unknown, b RSPrimary',
        also: { maxElectionId: term(2), maxSetVersion: 1 },
      },
      { hear: [secondary('a', ab)], knows: 'ReplicaSetWithPrimary: a RSSecondary, b RSPrimary' },
    ],
  },
  {
    says: 'a new primary without any election’s id is believed too',
    seeds: 'ab',
    steps: [{ hear: [primary('a', ab), primary('b', ab)], knows: 'ReplicaSetWithPrimary: a Unknown, b RSPrimary' }],
  },
  {
    says: 'an old primary that still speaks is not believed',
    seeds: 'ab',
    steps: [
      {
        hear: [
          primary('b', { ...ab, setVersion: 1, electionId: term(2) }),
          primary('a', { ...ab, setVersion: 1, electionId: term(1) }),
        ],
        knows: 'ReplicaSetWithPrimary: a Unknown, b RSPrimary',
        also: { maxElectionId: term(2) },
      },
    ],
  },
  {
    says: 'the same, although the new primary is silent meanwhile',
    seeds: 'ab',
    steps: [
      {
        hear: [
          primary('b', { ...ab, setVersion: 1, electionId: term(2) }),
          silence('b'),
          primary('a', { ...ab, setVersion: 1, electionId: term(1) }),
        ],
        knows: 'ReplicaSetNoPrimary: a Unknown, b Unknown',
        also: { maxElectionId: term(2) },
      },
      {
        hear: [primary('b', { ...ab, setVersion: 1, electionId: term(2) })],
        knows: 'ReplicaSetWithPrimary: a Unknown, b RSPrimary',
      },
    ],
  },
  {
    says: 'from wire version 17 on, the election counts before the configuration',
    seeds: 'ab',
    steps: [
      {
        hear: [
          primary('a', { ...ab, setVersion: 2, electionId: term(1) }),
          primary('b', { ...ab, setVersion: 1, electionId: term(2) }),
        ],
        knows: 'ReplicaSetWithPrimary: a Unknown, b RSPrimary',
        also: { maxElectionId: term(2), maxSetVersion: 1 },
      },
    ],
  },
  {
    says: 'before it, the configuration counts before the election',
    seeds: 'ab',
    steps: [
      {
        hear: [
          primary('a', { ...ab, ...before6, setVersion: 2, electionId: term(1) }),
          primary('b', { ...ab, ...before6, setVersion: 1, electionId: term(2) }),
        ],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown',
        also: { maxElectionId: term(1), maxSetVersion: 2 },
      },
    ],
  },
  {
    says: 'in one election the newer configuration wins',
    seeds: 'ab',
    steps: [
      {
        hear: [
          primary('a', { ...ab, setVersion: 1, electionId: term(1) }),
          primary('b', { ...ab, setVersion: 2, electionId: term(1) }),
        ],
        knows: 'ReplicaSetWithPrimary: a Unknown, b RSPrimary',
        also: { maxSetVersion: 2 },
      },
      {
        hear: [primary('a', { ...ab, setVersion: 1, electionId: term(1) })],
        knows: 'ReplicaSetWithPrimary: a Unknown, b RSPrimary',
      },
    ],
  },
  {
    says: 'before wire version 17, a primary without an election’s id is believed, whatever its configuration',
    seeds: 'ab',
    steps: [
      {
        hear: [primary('a', { ...ab, ...before6, setVersion: 2 }), primary('b', { ...ab, ...before6, setVersion: 1 })],
        knows: 'ReplicaSetWithPrimary: a Unknown, b RSPrimary',
        also: { maxSetVersion: 2, maxElectionId: null },
      },
    ],
  },
  {
    says: 'from wire version 17 on, a primary without an election’s id is older than one with it',
    seeds: 'ab',
    steps: [
      {
        hear: [primary('a', { ...ab, setVersion: 1, electionId: term(1) }), primary('b', { ...ab, setVersion: 2 })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown',
        also: { maxSetVersion: 1, maxElectionId: term(1) },
      },
    ],
  },
  {
    says: 'a member list may change within one configuration and one election',
    steps: [
      {
        hear: [primary('a', { hosts: 'ab', setVersion: 1, electionId: term(1) })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown',
      },
      {
        hear: [primary('a', { hosts: 'ac', setVersion: 1, electionId: term(1) })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, c Unknown',
      },
    ],
  },
]

const ends: readonly Row[] = [
  {
    says: 'a primary that steps down: nobody is primary until one is',
    seeds: 'ab',
    steps: [
      { hear: [primary('a', ab), secondary('b', ab)], knows: 'ReplicaSetWithPrimary: a RSPrimary, b RSSecondary' },
      { hear: [secondary('a', ab)], knows: 'ReplicaSetNoPrimary: a RSSecondary, b RSSecondary' },
      { hear: [primary('b', ab)], knows: 'ReplicaSetWithPrimary: a RSSecondary, b RSPrimary' },
    ],
  },
  {
    says: 'a primary that is silent is unknown, and its pool begins anew',
    seeds: 'ab',
    steps: [
      {
        hear: [primary('a', ab), secondary('b', ab), silence('a')],
        knows: 'ReplicaSetNoPrimary: a Unknown, b RSSecondary',
        of: { a: { pool: 1 }, b: { pool: 0 } },
      },
    ],
  },
  {
    says: 'a primary that becomes a ghost stays, a standalone or a router goes',
    seeds: 'ab',
    steps: [
      { hear: [primary('a', ab), ghost('a')], knows: 'ReplicaSetNoPrimary: a RSGhost, b Unknown' },
      { hear: [primary('a', ab), standalone('a')], knows: 'ReplicaSetNoPrimary: b Unknown' },
      { hear: [primary('b', ab), mongos('b')], knows: 'ReplicaSetNoPrimary: a Unknown' },
    ],
  },
  {
    says: 'a primary of a set with another name than the string’s goes',
    seeds: 'ab',
    steps: [
      { hear: [primary('a', { ...ab, setName: 'rs1' })], knows: 'ReplicaSetNoPrimary: b Unknown' },
      { hear: [primary('b', { ...ab, setName: 'rs0' })], knows: 'ReplicaSetWithPrimary: a Unknown, b RSPrimary' },
    ],
  },
  {
    says: 'a primary that changes its set’s name goes, one that steps down with it too',
    seeds: 'ab',
    steps: [
      { hear: [primary('a', ab), primary('a', { ...ab, setName: 'rs1' })], knows: 'ReplicaSetNoPrimary: b Unknown' },
      {
        hear: [primary('b', { hosts: 'b' }), secondary('b', { hosts: 'b', setName: 'rs1' })],
        knows: 'ReplicaSetNoPrimary: ',
      },
    ],
  },
  {
    says: 'a primary that steps down and calls itself by another name goes',
    seeds: 'ab',
    steps: [
      {
        hear: [primary('a', { ...ab, me: 'b' }), secondary('a', { ...ab, me: 'b' })],
        knows: 'ReplicaSetNoPrimary: b Unknown',
      },
    ],
  },
]

describe('a primary that speaks', () => {
  test.each(elections)('$says', holds)
})
describe('a primary that ends', () => {
  test.each(ends)('$says', holds)
})
