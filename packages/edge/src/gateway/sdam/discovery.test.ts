// Who is found, and as what: the rules of the SDAM specification on roles, lists of members and seeds, as cases of our
// own. What the driver knows through the rewriting is what it knows without, under the endpoint's names.

import { describe, test } from 'vitest'
import {
  address,
  arbiter,
  ghost,
  hidden,
  holds,
  mongos,
  primary,
  type Row,
  recovering,
  secondary,
  silence,
  standalone,
} from '../testing/sdam-table.ts'

const roles: readonly Row[] = [
  {
    says: 'a primary names the other members',
    steps: [
      { hear: [primary('a', { hosts: 'abc' })], knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown, c Unknown' },
      {
        hear: [secondary('b', { hosts: 'abc' }), secondary('c', { hosts: 'abc' })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b RSSecondary, c RSSecondary',
      },
    ],
  },
  {
    says: 'without a set’s name in the string, the first member tells it',
    options: '',
    steps: [
      {
        hear: [primary('a', { hosts: 'ab' })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown',
        also: { setName: 'rs0' },
      },
    ],
  },
  {
    says: 'a secondary names the primary, which is then asked itself',
    steps: [
      {
        hear: [secondary('b', { hosts: 'ab', primary: 'a', me: 'b' })],
        knows: 'ReplicaSetNoPrimary: a Unknown, b RSSecondary',
      },
      {
        hear: [primary('a', { hosts: 'ab', primary: 'a', me: 'a' })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b RSSecondary',
      },
    ],
    seeds: 'b',
  },
  {
    says: 'passive members and arbiters are members too',
    steps: [
      {
        hear: [primary('a', { hosts: 'a', passives: 'b', arbiters: 'c' })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown, c Unknown',
      },
      {
        hear: [
          secondary('b', { hosts: 'a', passives: 'b', arbiters: 'c', passive: true }),
          arbiter('c', { hosts: 'a', passives: 'b', arbiters: 'c' }),
        ],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b RSSecondary, c RSArbiter',
      },
    ],
  },
  {
    says: 'an arbiter alone finds the others',
    steps: [
      { hear: [arbiter('a', { hosts: 'b', arbiters: 'a' })], knows: 'ReplicaSetNoPrimary: a RSArbiter, b Unknown' },
    ],
  },
  {
    says: 'a hidden member is in nobody’s list and finds the others',
    steps: [{ hear: [hidden('c', { hosts: 'ab' })], knows: 'ReplicaSetNoPrimary: a Unknown, b Unknown, c RSOther' }],
    seeds: 'c',
  },
  {
    says: 'a hidden member goes once the primary has spoken',
    seeds: 'ac',
    steps: [
      {
        hear: [hidden('c', { hosts: 'ab' }), primary('a', { hosts: 'ab' })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown',
      },
    ],
  },
  {
    says: 'a member that recovers is neither primary nor secondary',
    steps: [{ hear: [recovering('a', { hosts: 'ab' })], knows: 'ReplicaSetNoPrimary: a RSOther, b Unknown' }],
  },
  {
    says: 'a member without a configuration is a ghost: it finds nobody and stays',
    seeds: 'ab',
    steps: [{ hear: [ghost('a')], knows: 'ReplicaSetNoPrimary: a RSGhost, b Unknown' }],
  },
  {
    says: 'a member that says ok: 0 is unknown, whatever else it says',
    seeds: 'ab',
    steps: [
      {
        hear: [primary('a', { hosts: 'ab' }), secondary('b', { hosts: 'ab', ok: 0 })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown',
      },
    ],
  },
  {
    says: 'the old spelling of hello',
    steps: [
      {
        hear: [
          {
            from: address('a'),
            hello: { ok: 1, ismaster: true, setName: 'rs0', hosts: [address('a')], maxWireVersion: 21 },
          },
        ],
        knows: 'ReplicaSetWithPrimary: a RSPrimary',
      },
    ],
  },
  {
    says: 'tags are as the member has them, also where they look like an address',
    steps: [
      {
        hear: [primary('a', { hosts: 'a', tags: { dc: 'west', twin: 'z:1' } })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary',
        of: { a: { tags: { dc: 'west', twin: 'z:1' } } },
      },
    ],
  },
]

const lists: readonly Row[] = [
  {
    says: 'a seed that is no member goes, members that were no seeds come',
    seeds: 'x',
    steps: [{ hear: [primary('x', { hosts: 'bc' })], knows: 'ReplicaSetWithPrimary: b Unknown, c Unknown' }].map(
      (step) => ({
        ...step,
        knows: 'ReplicaSetNoPrimary: b Unknown, c Unknown',
      }),
    ),
  },
  {
    says: 'capitals in a member’s name are the same name',
    steps: [
      {
        hear: [primary('a', { hosts: 'AB', me: 'A', primary: 'A' }), secondary('b', { hosts: 'AB', me: 'B' })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b RSSecondary',
      },
    ],
  },
  {
    says: 'a member under an IPv6 address',
    steps: [
      {
        hear: [
          { ...primary('a'), hello: { ...primary('a').hello, hosts: [address('a'), '[::1]:27017'] } },
          { ...secondary('a', { hosts: 'a' }), from: '[::1]:27017' },
        ],
        knows: 'ReplicaSetWithPrimary: [::1] RSSecondary, a RSPrimary',
      },
    ],
  },
  {
    says: 'a new configuration: one member came, one went',
    steps: [
      { hear: [primary('a', { hosts: 'ab' })], knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown' },
      { hear: [primary('a', { hosts: 'ac' })], knows: 'ReplicaSetWithPrimary: a RSPrimary, c Unknown' },
    ],
  },
  {
    says: 'an answer from a member that went is late and does not count',
    steps: [
      {
        hear: [primary('a', { hosts: 'ab' }), primary('a', { hosts: 'a' }), secondary('b', { hosts: 'ab' })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary',
      },
    ],
  },
  {
    says: 'a secondary’s list adds members, and removes none',
    seeds: 'ab',
    steps: [
      { hear: [secondary('a', { hosts: 'ac' })], knows: 'ReplicaSetNoPrimary: a RSSecondary, b Unknown, c Unknown' },
    ],
  },
  {
    says: 'a secondary that lists more than the primary does adds nobody',
    seeds: 'ab',
    steps: [
      {
        hear: [primary('a', { hosts: 'ab' }), secondary('b', { hosts: 'abc' })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b RSSecondary',
      },
    ],
  },
  {
    says: 'a secondary that calls itself by another name goes, and what it listed stays',
    steps: [{ hear: [secondary('a', { hosts: 'bc', me: 'b' })], knows: 'ReplicaSetNoPrimary: b Unknown, c Unknown' }],
  },
  {
    says: 'a secondary that calls itself by another name goes, with a primary there',
    seeds: 'ab',
    steps: [
      {
        hear: [primary('a', { hosts: 'abc', me: 'a' }), secondary('b', { hosts: 'abc', me: 'c' })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, c Unknown',
      },
    ],
  },
  {
    says: 'a primary that calls itself by another name stays',
    steps: [{ hear: [primary('a', { hosts: 'ab', me: 'b' })], knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown' }],
  },
  {
    says: 'a standalone and a router among a set’s seeds go',
    seeds: 'abc',
    steps: [
      {
        hear: [primary('a', { hosts: 'abc' }), standalone('b'), mongos('c')],
        knows: 'ReplicaSetWithPrimary: a RSPrimary',
      },
    ],
  },
  {
    says: 'a set of another name goes, with no primary and with one',
    seeds: 'ab',
    steps: [
      { hear: [secondary('b', { hosts: 'ab', setName: 'rs1' })], knows: 'ReplicaSetNoPrimary: a Unknown' },
      { hear: [primary('a', { hosts: 'ab' })], knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown' },
      { hear: [secondary('b', { hosts: 'ab', setName: 'rs1' })], knows: 'ReplicaSetWithPrimary: a RSPrimary' },
    ],
  },
]

/** Nobody can dial a member that the snapshot does not know: it is missing, as one that its set does not have. */
const leftOut: readonly Row[] = [
  {
    says: 'a member in the primary’s list',
    leftOut: 'c',
    steps: [
      {
        hear: [primary('a', { hosts: 'abc', me: 'a', primary: 'a' }), secondary('b', { hosts: 'abc', me: 'b' })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b RSSecondary',
      },
    ],
  },
  {
    says: 'a passive member and an arbiter',
    leftOut: 'bc',
    steps: [
      {
        hear: [primary('a', { hosts: 'a', passives: 'b', arbiters: 'c' })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary',
      },
    ],
  },
  {
    says: 'the primary itself, named by a secondary',
    leftOut: 'b',
    steps: [
      {
        hear: [secondary('a', { hosts: 'ab', me: 'a', primary: 'b' })],
        knows: 'ReplicaSetNoPrimary: a RSSecondary',
        of: { a: { primary: null } },
      },
    ],
  },
  {
    says: 'the name that a secondary calls itself by: it stays, and says no name',
    leftOut: 'c',
    steps: [
      {
        hear: [primary('a', { hosts: 'ab' }), secondary('b', { hosts: 'ab', me: 'c' })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b RSSecondary',
        of: { b: { me: null } },
      },
    ],
  },
  {
    says: 'the only seed’s neighbour answers nothing, and nobody waits for it',
    seeds: 'ab',
    leftOut: 'b',
    steps: [{ hear: [silence('b'), primary('a', { hosts: 'ab' })], knows: 'ReplicaSetWithPrimary: a RSPrimary' }],
  },
]

describe('roles', () => {
  test.each(roles)('$says', holds)
})
describe('lists and seeds', () => {
  test.each(lists)('$says', holds)
})
describe('a member that the snapshot does not know', () => {
  test.each(leftOut)('$says', holds)
})
