// What holds for the whole deployment: sessions, wire versions, and the topologies beside a replica set, as cases of our
// own from the SDAM specification, told directly and through the rewriting.

import { describe, test } from 'vitest'
import {
  arbiter,
  ghost,
  hidden,
  holds,
  mongos,
  primary,
  type Row,
  secondary,
  silence,
  standalone,
} from '../testing/sdam-table.ts'

const ab = { hosts: 'ab' }
const abc = { hosts: 'ab', arbiters: 'c' }

const sessions: readonly Row[] = [
  {
    says: 'the shortest life of a session is the deployment’s; an arbiter’s, or a hidden member’s, does not count',
    seeds: 'abcd',
    steps: [
      {
        hear: [hidden('d', { ...abc, logicalSessionTimeoutMinutes: 1 })],
        knows: 'ReplicaSetNoPrimary: a Unknown, b Unknown, c Unknown, d RSOther',
        also: { logicalSessionTimeoutMinutes: null },
      },
      {
        hear: [
          primary('a', { ...abc, logicalSessionTimeoutMinutes: 30 }),
          secondary('b', { ...abc, logicalSessionTimeoutMinutes: 20 }),
          arbiter('c', { ...abc, logicalSessionTimeoutMinutes: 10 }),
        ],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b RSSecondary, c RSArbiter',
        also: { logicalSessionTimeoutMinutes: 20 },
      },
    ],
  },
  {
    says: 'one data-bearing member without sessions means none at all',
    seeds: 'ab',
    steps: [
      {
        hear: [primary('a', ab), secondary('b', { ...ab, logicalSessionTimeoutMinutes: null })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b RSSecondary',
        also: { logicalSessionTimeoutMinutes: null },
      },
      {
        hear: [silence('b')],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown',
        also: { logicalSessionTimeoutMinutes: 30 },
      },
    ],
  },
]

const wire: readonly Row[] = [
  {
    says: 'a member that is too old for the driver',
    seeds: 'ab',
    steps: [
      {
        hear: [primary('a', ab), secondary('b', { ...ab, maxWireVersion: 5 })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b RSSecondary',
        also: { compatible: false },
      },
    ],
  },
  {
    says: 'a member that is too new for the driver',
    steps: [
      {
        hear: [primary('a', { ...ab, minWireVersion: 999, maxWireVersion: 1000 })],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown',
        also: { compatible: false },
      },
    ],
  },
  {
    says: 'an arbiter that is too old counts too',
    seeds: 'ac',
    steps: [
      {
        hear: [
          primary('a', { hosts: 'a', arbiters: 'c' }),
          arbiter('c', { hosts: 'a', arbiters: 'c', maxWireVersion: 5 }),
        ],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, c RSArbiter',
        also: { compatible: false },
      },
    ],
  },
  {
    says: 'a member of which nothing is known is no obstacle',
    seeds: 'ab',
    steps: [
      {
        hear: [primary('a', ab), silence('b')],
        knows: 'ReplicaSetWithPrimary: a RSPrimary, b Unknown',
        also: { compatible: true },
      },
    ],
  },
]

const single = 'directConnection=true'
const directly: readonly Row[] = [
  ...[
    { role: 'a primary', hear: primary('a', { hosts: 'bc', me: 'b', primary: 'b' }), is: 'RSPrimary' },
    { role: 'a secondary', hear: secondary('a', { hosts: 'bc', me: 'b', primary: 'b' }), is: 'RSSecondary' },
    { role: 'an arbiter', hear: arbiter('a', { hosts: 'b', arbiters: 'a' }), is: 'RSArbiter' },
    { role: 'a hidden member', hear: hidden('a', { hosts: 'b' }), is: 'RSOther' },
    { role: 'a ghost', hear: ghost('a'), is: 'RSGhost' },
    { role: 'a router', hear: mongos('a'), is: 'Mongos' },
    { role: 'a standalone', hear: standalone('a'), is: 'Standalone' },
    { role: 'nobody', hear: silence('a'), is: 'Unknown' },
  ].map(({ role, hear, is }) => ({
    says: `a direct connection to ${role}: no other member is looked for, and no name of its own is asked`,
    options: single,
    steps: [{ hear: [hear], knows: `Single: a ${is}` }],
  })),
  {
    says: 'a direct connection to a member of another set than the string names',
    options: `${single}&replicaSet=rs0`,
    steps: [{ hear: [primary('a', { ...ab, setName: 'rs1' })], knows: 'Single: a Unknown' }],
  },
]

const others: readonly Row[] = [
  {
    says: 'routers: each seed by itself, none names another',
    seeds: 'ab',
    options: '',
    steps: [
      { hear: [mongos('a')], knows: 'Sharded: a Mongos, b Unknown', also: { logicalSessionTimeoutMinutes: 30 } },
      { hear: [mongos('b'), silence('a')], knows: 'Sharded: a Unknown, b Mongos' },
    ],
  },
  {
    says: 'what is no router goes',
    seeds: 'abc',
    options: '',
    steps: [{ hear: [mongos('a'), primary('b', ab), standalone('c')], knows: 'Sharded: a Mongos' }],
  },
  {
    says: 'a standalone alone, and one among several seeds',
    options: '',
    steps: [{ hear: [standalone('a')], knows: 'Single: a Standalone' }],
  },
  {
    says: 'one of several seeds that is a standalone goes',
    seeds: 'ab',
    options: '',
    steps: [{ hear: [standalone('a')], knows: 'Unknown: b Unknown' }],
  },
  {
    says: 'behind a load balancer nothing is asked',
    options: 'loadBalanced=true',
    steps: [{ hear: [], knows: 'LoadBalanced: a LoadBalancer' }],
  },
]

describe('sessions', () => {
  test.each(sessions)('$says', holds)
})
describe('wire versions', () => {
  test.each(wire)('$says', holds)
})
describe('direct connections', () => {
  test.each(directly)('$says', holds)
})
describe('other topologies', () => {
  test.each(others)('$says', holds)
})
