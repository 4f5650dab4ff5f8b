// From one data set back to another: after the changes both hold the same, and what was the same is not touched.

import { serialize } from 'bson'
import { describe, expect, test } from 'vitest'
import { changesBack } from './changes-back.ts'
import { DataSet } from './data-set.ts'
import type { Change, IndexSpec, UserRecord } from './record.ts'

const put = (ns: string, document: object): Change => ({ kind: 'put', ns, raw: serialize(document) })
const index = (name: string, field: string): IndexSpec => ({
  name,
  key: { [field]: 1 },
  unique: true,
  sparse: false,
  given: { name },
})
const user = (name: string, role: string): UserRecord => ({
  id: `admin.${name}`,
  user: name,
  db: 'admin',
  uuid: name,
  roles: [{ role, db: 'admin' }],
  verifier: { iterations: 1 } as unknown as UserRecord['verifier'],
})

const seed: readonly Change[] = [
  { kind: 'create', ns: 'shop.items', uuid: 'u1' },
  put('shop.items', { _id: 1, sku: 'a' }),
  put('shop.items', { _id: 2, sku: 'b' }),
  { kind: 'index', ns: 'shop.items', spec: index('sku_1', 'sku') },
  { kind: 'user', user: user('app', 'readWrite') },
]
const setOf = (changes: readonly Change[]): DataSet => {
  const set = new DataSet()
  for (const change of changes) set.apply(change)
  return set
}
const shown = (set: DataSet) => ({
  users: [...set.users.values()],
  roles: [...set.roles.keys()],
  collections: set.collections().map(({ ns, uuid, documents, indexes }) => ({
    ns,
    uuid,
    documents: [...documents.values()].map(({ raw }) => Buffer.from(raw).toString('hex')).sort(),
    indexes: indexes.map(({ name }) => name).sort(),
  })),
})
const remove = (id: number): Change => {
  const [key] = [
    ...(setOf([{ kind: 'create', ns: 'x.y', uuid: 'u' }, put('x.y', { _id: id })])
      .collection('x.y')
      ?.documents.keys() ?? []),
  ]
  return { kind: 'delete', ns: 'shop.items', key: key ?? '' }
}

describe('what happened since, and how many changes take it back', () => {
  const cases: readonly { says: string; since: readonly Change[]; back: number }[] = [
    { says: 'nothing', since: [], back: 0 },
    { says: 'a document more', since: [put('shop.items', { _id: 3, sku: 'c' })], back: 1 },
    { says: 'a document changed', since: [put('shop.items', { _id: 1, sku: 'z' })], back: 2 },
    { says: 'a document gone', since: [remove(1)], back: 1 },
    { says: 'written again as it was', since: [put('shop.items', { _id: 1, sku: 'a' })], back: 0 },
    {
      says: 'two that have each other’s unique value',
      since: [remove(1), put('shop.items', { _id: 2, sku: 'a' }), put('shop.items', { _id: 1, sku: 'b' })],
      back: 4,
    },
    { says: 'an index gone', since: [{ kind: 'dropIndex', ns: 'shop.items', name: 'sku_1' }], back: 1 },
    { says: 'an index more', since: [{ kind: 'index', ns: 'shop.items', spec: index('n_1', 'n') }], back: 1 },
    { says: 'a collection more', since: [{ kind: 'create', ns: 'shop.carts', uuid: 'u2' }], back: 1 },
    { says: 'the collection gone', since: [{ kind: 'drop', ns: 'shop.items' }], back: 4 },
    {
      says: 'another one under its name',
      since: [
        { kind: 'drop', ns: 'shop.items' },
        { kind: 'create', ns: 'shop.items', uuid: 'u9' },
      ],
      back: 5,
    },
    { says: 'a user more', since: [{ kind: 'user', user: user('eve', 'root') }], back: 1 },
    { says: 'a user with other rights', since: [{ kind: 'user', user: user('app', 'root') }], back: 1 },
    { says: 'the user gone', since: [{ kind: 'dropUser', id: 'admin.app' }], back: 1 },
  ]
  test.each(cases)('$says: $back', ({ since, back }) => {
    const kept = setOf(seed)
    const now = kept.copy()
    for (const change of since) now.apply(change)
    const changes = changesBack(now, kept)
    for (const change of changes) now.apply(change)
    expect(shown(now)).toEqual(shown(kept))
    expect(changes).toHaveLength(back)
  })
})

test('after the way back a unique index still guards', () => {
  const kept = setOf(seed)
  const now = kept.copy()
  now.apply(put('shop.items', { _id: 1, sku: 'z' }))
  for (const change of changesBack(now, kept)) now.apply(change)
  expect(() => now.collection('shop.items')?.checkPut({ _id: 9, sku: 'a' })).toThrow(/duplicate/i)
})
