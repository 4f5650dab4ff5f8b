// Edges of other releases: what they say that they read, what they are answered in, and the steps between.

import { type Feed, snapshotSchemas } from '@postern/contract/snapshot'
import { expect, test } from 'vitest'
import { commonSchema, parseSchemas, type StepDown, writableSchemas, writtenIn } from './schema.ts'

test.each([
  { says: 'an edge of the first release says nothing', header: null, reads: [1] },
  { says: 'one schema', header: '2', reads: [2] },
  { says: 'several, as the edge writes them', header: '1, 2', reads: [1, 2] },
  { says: 'what is no list', header: 'newest', reads: [1] },
  { says: 'more than anybody reads', header: Array.from({ length: 40 }, () => '1').join(','), reads: [1] },
])('$says', ({ header, reads }) => {
  expect(parseSchemas(header)).toEqual(reads)
})

test.each([
  { says: 'the same release', reads: [1, 2], stored: 2, known: [1, 2], schema: 2 },
  { says: 'an older edge', reads: [1], stored: 2, known: [1, 2], schema: 1 },
  { says: 'a newer edge', reads: [2, 3], stored: 2, known: [1, 2], schema: 2 },
  { says: 'an edge that is too old', reads: [1], stored: 3, known: [2, 3], schema: null },
  { says: 'an edge that is too new', reads: [3, 4], stored: 2, known: [1, 2], schema: null },
  { says: 'a whole of the release before, not yet published anew', reads: [1, 2], stored: 1, known: [1, 2], schema: 1 },
  { says: 'a whole that a newer control plane published', reads: [2, 3], stored: 3, known: [1, 2], schema: 3 },
  { says: 'the same, for an edge of our own release', reads: [1, 2], stored: 3, known: [1, 2], schema: null },
])('$says is answered in $schema', ({ reads, stored, known, schema }) => {
  expect(commonSchema(reads, writableSchemas(stored, known))).toBe(schema)
})

const two = { schema: 2, epoch: 'E', n: 7, body: { listeners: [], endpoints: [] } }

test('the first release’s whole has three fields', () => {
  expect(writtenIn(1, two, { feed: 'forwarder' })).toEqual({ epoch: 'E', n: 7, body: { listeners: [], endpoints: [] } })
})

test('the same schema is the same whole', () => {
  expect(writtenIn(2, two, { feed: 'forwarder' })).toEqual(two)
})

test('an edge from before the policies is told to let nobody in where there is one; the others are as they were', () => {
  const free = { id: 'e1', status: 'AVAILABLE' }
  const bound = { id: 'e2', status: 'AVAILABLE', policy: { aRuleOfTomorrow: true } }
  const three = { schema: 3, epoch: 'E', n: 7, body: { listeners: [], endpoints: [free, bound], clusters: [] } }
  const refused = { listeners: [], endpoints: [free, { id: 'e2', status: 'REFUSED' }], clusters: [] }
  expect(writtenIn(2, three, { feed: 'gateway' })).toEqual({ schema: 2, epoch: 'E', n: 7, body: refused })
  expect(writtenIn(1, three, { feed: 'gateway' })).toEqual({ epoch: 'E', n: 7, body: refused })
  expect(writtenIn(3, three, { feed: 'gateway' })).toEqual(three)
})

test('every schema that a release knows can be written from its newest', () => {
  const newest = Math.max(...snapshotSchemas)
  for (const schema of snapshotSchemas) writtenIn(schema, { ...two, schema: newest }, { feed: 'gateway' })
})

test('steps follow each other, each feed by its own', () => {
  const rename = (feed: Feed, body: unknown) => (feed === 'dns' ? { zone: (body as { domain: string }).domain } : body)
  const steps: readonly StepDown[] = [
    { from: 3, down: (feed, whole) => ({ ...whole, schema: 2, body: rename(feed, whole.body) }) },
    { from: 2, down: (_feed, { epoch, n, body }) => ({ epoch, n, body }) },
  ]
  const three = { schema: 3, epoch: 'E', n: 7, body: { domain: 'a.example' } }
  expect(writtenIn(1, three, { feed: 'dns', steps })).toEqual({ epoch: 'E', n: 7, body: { zone: 'a.example' } })
  expect(writtenIn(2, three, { feed: 'gateway', steps })).toEqual({ ...three, schema: 2 })
  expect(() => writtenIn(1, three, { feed: 'dns', steps: [] })).toThrow('from schema 3 to 2')
})
