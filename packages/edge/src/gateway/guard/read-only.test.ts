// Read-only endpoints: which commands and stages go on to the member, and which are answered in its place.

import type { Document } from 'bson'
import { describe, expect, test } from 'vitest'
import { aggregate, msg, once, readOnly } from '../testing/guarded-requests.ts'

describe('read-only: what goes through', () => {
  test.each<{ command: Document }>([
    { command: { hello: 1 } },
    { command: { ping: 1 } },
    { command: { buildInfo: 1 } },
    { command: { find: 'c', filter: { a: 1 } } },
    { command: { getMore: 1n, collection: 'c' } },
    { command: { killCursors: 'c', cursors: [] } },
    { command: { count: 'c' } },
    { command: { distinct: 'c', key: 'a' } },
    { command: { listDatabases: 1 } },
    { command: { listCollections: 1 } },
    { command: { endSessions: [] } },
    { command: { commitTransaction: 1 } },
    { command: { explain: { find: 'c' }, verbosity: 'queryPlanner' } },
    { command: { explain: aggregate({ $match: {} }) } },
    { command: aggregate() },
    { command: aggregate({ $match: { a: 1 } }, { $group: { _id: '$a' } }, { $sort: { _id: 1 } }) },
    { command: aggregate({ $lookup: { from: 'd', as: 'd', pipeline: [{ $match: {} }] } }) },
    { command: aggregate({ $lookup: { from: 'd', as: 'd', localField: 'a', foreignField: 'b' } }) },
    { command: aggregate({ $unionWith: 'd' }) },
    { command: aggregate({ $unionWith: { coll: 'd', pipeline: [{ $project: { a: 1 } }] } }) },
    { command: aggregate({ $facet: { one: [{ $count: 'n' }], two: [{ $limit: 1 }] } }) },
    { command: aggregate({ $changeStream: {} }) },
    { command: aggregate({ $match: { $out: 1, insert: { $merge: 1 } } }) },
  ])('$command', ({ command }) => {
    expect(once(readOnly, msg(command))).toBe('passes')
  })
})

describe('read-only: what is refused', () => {
  const nested = (depth: number): Document =>
    depth === 0 ? { $match: {} } : { $unionWith: { coll: 'c', pipeline: [nested(depth - 1)] } }
  test.each<{ command: Document }>([
    { command: { insert: 'c', documents: [{ a: 1 }] } },
    { command: { update: 'c', updates: [] } },
    { command: { delete: 'c', deletes: [] } },
    { command: { findAndModify: 'c' } },
    { command: { findandmodify: 'c' } },
    { command: { bulkWrite: 1, ops: [] } },
    { command: { mapReduce: 'c', out: 'd' } },
    { command: { create: 'c' } },
    { command: { drop: 'c' } },
    { command: { dropDatabase: 1 } },
    { command: { createIndexes: 'c', indexes: [] } },
    { command: { renameCollection: 'a.b', to: 'a.c' } },
    { command: { createUser: 'x' } },
    { command: { applyOps: [] } },
    { command: { validate: 'c', repair: true } },
    { command: { killOp: 1 } },
    { command: { setParameter: 1 } },
    { command: { profile: 2 } },
    { command: { shutdown: 1 } },
    { command: { commandOfTomorrow: 1 } },
    { command: { FIND: 'c' } },
    { command: { constructor: 1 } },
    { command: { '': 1 } },
    { command: { explain: { update: 'c' } } },
    { command: { explain: { explain: { find: 'c' } } } },
    { command: { explain: 'c' } },
    { command: { explain: aggregate({ $out: 'd' }) } },
    { command: aggregate({ $out: 'd' }) },
    { command: aggregate({ $match: {} }, { $merge: { into: 'd' } }) },
    { command: aggregate({ $lookup: { from: 'd', as: 'd', pipeline: [{ $out: 'e' }] } }) },
    { command: aggregate({ $unionWith: { coll: 'd', pipeline: [{ $merge: 'e' }] } }) },
    { command: aggregate({ $facet: { one: [{ $count: 'n' }], two: [{ $out: 'e' }] } }) },
    { command: aggregate({ $facet: { one: { $out: 'e' } } }) },
    { command: aggregate({ $lookup: { from: 'd', as: 'd', pipeline: { 0: { $out: 'e' } } } }) },
    { command: aggregate({ $lookup: 'd' }) },
    { command: aggregate({ $unionWith: 1 }) },
    { command: aggregate({ $match: {}, $out: 'd' }) },
    { command: aggregate({}) },
    { command: aggregate({ $stageOfTomorrow: 1 }) },
    { command: aggregate({ $_internalInhibitOptimization: {} }) },
    { command: aggregate(nested(30)) },
    { command: { aggregate: 'c', pipeline: { 0: { $out: 'd' } } } },
    { command: { aggregate: 'c', pipeline: [['$out']] } },
    { command: { aggregate: 'c' } },
  ])('$command', ({ command }) => {
    expect(once(readOnly, msg(command))).toBe('READ_ONLY')
  })
})
