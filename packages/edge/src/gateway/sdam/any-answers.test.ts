// Rewriting commutes with discovery: whatever the members answer, in whatever order, the driver knows the same through
// the gateway as without it, under the endpoint's names. The cases with a name are in the files beside this one.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { budget } from '../testing/chunks.ts'
import { type Story, tellDriver } from '../testing/driver-discovery.ts'
import { address, term } from '../testing/sdam-table.ts'
import { direct, inNamesOf, namesOf, throughEndpoint } from '../testing/through-endpoint.ts'

const own = ['a', 'b', 'c'].map(address)
const uri = `mongodb://${own.join(',')}/?replicaSet=rs0`

const name = fc.constantFrom(...own)
const some = fc.subarray(own)
const details = fc.record(
  {
    hosts: some,
    passives: some,
    arbiters: some,
    primary: name,
    me: name,
    setName: fc.constantFrom('rs0', 'rs0', 'rs0', 'other'),
    setVersion: fc.integer({ min: 1, max: 3 }),
    electionId: fc.integer({ min: 1, max: 3 }).map(term),
    maxWireVersion: fc.constantFrom(13, 21),
  },
  { requiredKeys: ['hosts', 'setName', 'maxWireVersion'] },
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
  from: name,
  hello: fc.option(
    fc.tuple(role, details).map(([one, other]) => ({ ok: 1, minWireVersion: 0, ...one, ...other })),
    { freq: 8 },
  ),
})

test('whatever the members answer, the driver knows the same as without a gateway, under other names', () => {
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 8 }), (answers) => {
      const story: Story = { uri, steps: answers.map((heard) => [heard]) }
      const names = namesOf(story)
      const known = tellDriver(direct(story)).map((each) => inNamesOf(each, names))
      expect(tellDriver(throughEndpoint(story, names))).toEqual(known)
    }),
    { ...budget, numRuns: 300 },
  )
})
