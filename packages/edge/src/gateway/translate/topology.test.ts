// Rewriting commutes with discovery: whatever the members answer, in whatever order, the topology that the official
// driver's own SDAM code makes of the rewritten answers is the one that it makes of the members' answers, with each
// member's address replaced by the endpoint's. Beside it the known cases, in words.

import { createRequire } from 'node:module'
import { BSON, type Document, ObjectId } from 'bson'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { budget } from '../testing/chunks.ts'
import { type HelloNames, rewriteHello } from './hello.ts'

interface Topology {
  readonly type: string
  readonly servers: ReadonlyMap<string, { readonly type: string }>
  update(server: object): Topology
}

const load = createRequire(import.meta.url)
const { ServerDescription } = load('mongodb/lib/sdam/server_description.js') as {
  ServerDescription: new (address: string, hello?: Document) => object
}
const { TopologyDescription } = load('mongodb/lib/sdam/topology_description.js') as {
  TopologyDescription: new (type: string, servers: Map<string, object>, setName: string) => Topology
}

const own = ['a.internal:27017', 'b.internal:27017', 'c.internal:27017'] as const
const told: ReadonlyMap<string, string> = new Map(own.map((name, index) => [name, `pl-0.test:${1024 + index}`]))
const names: HelloNames = { advertised: (name) => told.get(name) ?? null, compressors: new Set() }

interface Answer {
  readonly from: number
  /** null: the member did not answer. */
  readonly hello: Document | null
}

/** What a driver that was given `seeds` knows after these answers: its topology's type, and its servers' types. */
function discover(seeds: readonly string[], answers: readonly Answer[], address: (index: number) => string): Document {
  const unknown = new Map(seeds.map((seed) => [seed, new ServerDescription(seed)]))
  const first: Topology = new TopologyDescription('ReplicaSetNoPrimary', unknown, 'rs0')
  const last = answers.reduce((topology, { from, hello }) => {
    const known = topology.servers.has(address(from)) // an answer of a server that was removed meanwhile does not count
    return known ? topology.update(new ServerDescription(address(from), hello ?? undefined)) : topology
  }, first)
  return { type: last.type, servers: Object.fromEntries([...last.servers].map(([name, { type }]) => [name, type])) }
}

const ownAddress = (index: number): string => own[index] ?? ''
const toldAddress = (index: number): string => told.get(ownAddress(index)) ?? ''
const rewritten = ({ from, hello }: Answer): Answer => ({
  from,
  hello: hello && BSON.deserialize(rewriteHello(Buffer.from(BSON.serialize(hello)), names).document),
})
const throughGateway = (answers: readonly Answer[]): Document =>
  discover(
    own.map((_, index) => toldAddress(index)),
    answers.map(rewritten),
    toldAddress,
  )

const common = { ok: 1, setName: 'rs0', minWireVersion: 0, maxWireVersion: 21 }
const primary = (from: number, more: Document = {}): Answer => ({
  from,
  hello: {
    ...common,
    isWritablePrimary: true,
    hosts: [...own],
    me: own[from],
    primary: own[from],
    setVersion: 1,
    electionId: new ObjectId('000000000000000000000001'),
    ...more,
  },
})
const secondary = (from: number, more: Document = {}): Answer => ({
  from,
  hello: { ...common, secondary: true, hosts: [...own], me: own[from], primary: own[0], setVersion: 1, ...more },
})
const [A, B, C] = [0, 1, 2].map(toldAddress) as [string, string, string]

test.each([
  {
    says: 'a primary and two secondaries',
    answers: [primary(0), secondary(1), secondary(2)],
    servers: { [A]: 'RSPrimary', [B]: 'RSSecondary', [C]: 'RSSecondary' },
  },
  {
    says: 'a step-down: the newer electionId makes the old primary unknown',
    answers: [primary(0), secondary(1), primary(1, { electionId: new ObjectId('000000000000000000000002') })],
    servers: { [A]: 'Unknown', [B]: 'RSPrimary', [C]: 'Unknown' },
  },
  {
    says: 'a stale primary, heard of after the new one',
    answers: [primary(1, { electionId: new ObjectId('000000000000000000000002') }), primary(0)],
    servers: { [A]: 'Unknown', [B]: 'RSPrimary', [C]: 'Unknown' },
  },
  {
    says: 'a member that was removed from the set',
    answers: [primary(0), secondary(1), secondary(2), primary(0, { hosts: own.slice(0, 2), setVersion: 2 })],
    servers: { [A]: 'RSPrimary', [B]: 'RSSecondary' },
  },
  {
    says: 'a member among the passives, another an arbiter',
    answers: [
      primary(0, { hosts: own.slice(0, 1), passives: own.slice(1, 2), arbiters: own.slice(2) }),
      { from: 2, hello: { ...common, arbiterOnly: true, hosts: own.slice(0, 1), arbiters: own.slice(2), me: own[2] } },
    ],
    servers: { [A]: 'RSPrimary', [B]: 'Unknown', [C]: 'RSArbiter' },
  },
  {
    says: 'a secondary that calls itself by another member’s name: it is removed',
    answers: [primary(0), secondary(1, { me: own[2] })],
    servers: { [A]: 'RSPrimary', [C]: 'Unknown' },
  },
  {
    says: 'a primary that calls itself by another member’s name: it stays',
    answers: [primary(0, { me: own[2] })],
    servers: { [A]: 'RSPrimary', [B]: 'Unknown', [C]: 'Unknown' },
  },
  {
    says: 'a member of another set',
    answers: [primary(0), secondary(1, { setName: 'other' })],
    servers: { [A]: 'RSPrimary', [C]: 'Unknown' },
  },
  {
    says: 'a member that is gone',
    answers: [primary(0), secondary(1), { from: 1, hello: null }],
    servers: { [A]: 'RSPrimary', [B]: 'Unknown', [C]: 'Unknown' },
  },
])('$says', ({ answers, servers }) => {
  expect(throughGateway(answers).servers).toEqual(servers)
})

test('whatever the members answer, the driver knows the same as without a gateway, under other names', () => {
  const name = fc.constantFrom(...own)
  const some = fc.subarray([...own])
  const details = fc.record(
    {
      hosts: some,
      passives: some,
      arbiters: some,
      primary: name,
      me: name,
      setName: fc.constantFrom('rs0', 'rs0', 'rs0', 'other'),
      setVersion: fc.integer({ min: 1, max: 3 }),
      electionId: fc.integer({ min: 1, max: 3 }).map((term) => new ObjectId(String(term).padStart(24, '0'))),
    },
    { requiredKeys: ['hosts', 'setName'] },
  )
  const role = fc.constantFrom(
    { isWritablePrimary: true },
    { ismaster: true },
    { secondary: true },
    { arbiterOnly: true },
    { hidden: true },
    { isreplicaset: true },
  )
  const answer = fc.record({
    from: fc.nat(2),
    hello: fc.option(
      fc.tuple(role, details).map(([one, other]) => ({ ...common, ...one, ...other })),
      { freq: 8 },
    ),
  })
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 8 }), (answers) => {
      const { type, servers } = discover([...own], answers, ownAddress)
      const renamed = Object.entries(servers as Record<string, string>).map(([address, kind]) => [
        told.get(address),
        kind,
      ])
      expect(throughGateway(answers)).toEqual({ type, servers: Object.fromEntries(renamed) })
    }),
    { ...budget, numRuns: 1000 },
  )
})
