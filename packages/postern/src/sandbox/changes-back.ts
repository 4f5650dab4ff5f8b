// From a data set as it is to one as it was kept: the changes in between, for the journal like any others. What did not
// change is not touched. Terms only rise, and what was answered to a retryable write stays answered.

import { isDeepStrictEqual } from 'node:util'
import type { Collection } from './collection.ts'
import type { DataSet } from './data-set.ts'
import type { Change } from './record.ts'

export function changesBack(now: DataSet, kept: DataSet): readonly Change[] {
  return [
    ...missing(now.roles, kept.roles).map((id): Change => ({ kind: 'dropRole', id })),
    ...differing(kept.roles, now.roles).map((role): Change => ({ kind: 'role', role })),
    ...missing(now.users, kept.users).map((id): Change => ({ kind: 'dropUser', id })),
    ...differing(kept.users, now.users).map((user): Change => ({ kind: 'user', user })),
    ...now.collections().flatMap((collection): readonly Change[] => {
      const before = kept.collection(collection.ns)
      return before?.uuid === collection.uuid ? inside(collection, before) : [{ kind: 'drop', ns: collection.ns }]
    }),
    ...kept
      .collections()
      .filter(({ ns, uuid }) => now.collection(ns)?.uuid !== uuid)
      .flatMap(whole),
  ]
}

/** Names that only the first has. */
const missing = (from: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): readonly string[] =>
  [...from.keys()].filter((key) => !other.has(key))

/** What the second has otherwise, or not at all. */
const differing = <Value>(from: ReadonlyMap<string, Value>, other: ReadonlyMap<string, Value>): readonly Value[] =>
  [...from].flatMap(([key, value]) => (isDeepStrictEqual(value, other.get(key)) ? [] : [value]))

const whole = ({ ns, uuid, documents, indexes }: Collection): readonly Change[] => [
  { kind: 'create', ns, uuid },
  ...[...documents.values()].map(({ raw }): Change => ({ kind: 'put', ns, raw })),
  ...indexes.filter(({ name }) => name !== '_id_').map((spec): Change => ({ kind: 'index', ns, spec })),
]

/** Whatever is in the way of a unique index goes first. */
const inside = (now: Collection, kept: Collection): readonly Change[] => {
  const { ns } = kept
  const strange = now.indexes.filter((spec) => !kept.indexes.some((other) => isDeepStrictEqual(other, spec)))
  const lost = kept.indexes.filter((spec) => !now.indexes.some((other) => isDeepStrictEqual(other, spec)))
  const isSame = (key: string): boolean => {
    const [one, other] = [now.documents.get(key)?.raw, kept.documents.get(key)?.raw]
    return one === other || (one !== undefined && other !== undefined && Buffer.compare(one, other) === 0)
  }
  const gone = [...now.documents.keys()].filter((key) => !isSame(key))
  const back = [...kept.documents].filter(([key]) => !isSame(key))
  return [
    ...strange.map(({ name }): Change => ({ kind: 'dropIndex', ns, name })),
    ...gone.map((key): Change => ({ kind: 'delete', ns, key })),
    ...back.map(([, { raw }]): Change => ({ kind: 'put', ns, raw })),
    ...lost.map((spec): Change => ({ kind: 'index', ns, spec })),
  ]
}
