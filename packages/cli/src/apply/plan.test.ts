import { describe, expect, test } from 'vitest'
import type { ProjectWish } from './form.ts'
import { compare, type Kind, type Site } from './kind.ts'
import { type Item, isEmpty, planOf } from './plan.ts'

// What is done, from what the file says and what is there. `things` stand for a kind: each is a name and a size.

interface Thing {
  readonly name: string
  readonly size?: number
  readonly leaving?: true
}
interface Shop extends ProjectWish {
  readonly things?: readonly Thing[]
}

const thingKind: Kind<Thing, Thing> = {
  noun: 'thing',
  wishes: (project: Shop) => project.things,
  keyOf: ({ name }) => name,
  keyOfFound: ({ name }) => name,
  look: async () => [],
  isLeaving: ({ leaving }) => leaving === true,
  changes: (wish, found) => compare([['size', wish.size, found.size]]),
  isPruned: (_, { wish }) => (wish as Shop).things !== undefined,
  make: async () => {},
  change: async () => {},
  remove: async () => {},
}
const partKind: Kind<Thing, Thing> = {
  ...thingKind,
  noun: 'part',
  changes: (wish, found) => compare([['size', wish.size, found.size, 'fixed']]),
}
const kinds = [thingKind, partKind]

const itemsOf = (
  things: readonly Thing[] | undefined,
  there: { readonly thing?: readonly Thing[]; readonly part?: readonly Thing[] } | null,
  prune = false,
): readonly string[] => {
  const wish: Shop = { name: 'Shop', ...(things && { things }) }
  const site: Site = { wish, groupId: 'g', services: new Map(), consumers: new Map() }
  const found = new Map<Kind, readonly unknown[]>([
    [thingKind, there?.thing ?? []],
    [partKind, there?.part ?? []],
  ])
  const [plan] = planOf([{ site, project: there && { changes: [] }, found }], kinds, { prune, passwords: false })
  return (plan?.items ?? []).map(told)
}
const told = ({ action, kind, key, changes, after }: Item): string =>
  [
    action,
    kind?.noun ?? 'project',
    key,
    ...changes.map(({ field, before, after: then }) => `${field} ${before}>${then}`),
    after,
  ]
    .filter(Boolean)
    .join(' ')

const kept = 'keep project Shop'

describe('a plan', () => {
  test.each<readonly [says: string, ...args: Parameters<typeof itemsOf>, expected: readonly string[]]>([
    [
      'makes a project and all that is in it',
      [{ name: 'a' }],
      null,
      false,
      ['create project Shop', 'create thing a', 'create part a'],
    ],
    [
      'leaves alone what is as it should be',
      [{ name: 'a', size: 1 }],
      { thing: [{ name: 'a', size: 1 }], part: [{ name: 'a', size: 1 }] },
      false,
      [kept, 'keep thing a', 'keep part a'],
    ],
    [
      'leaves fields alone that the file says nothing of',
      [{ name: 'a' }],
      { thing: [{ name: 'a', size: 1 }], part: [{ name: 'a', size: 2 }] },
      false,
      [kept, 'keep thing a', 'keep part a'],
    ],
    [
      'changes what differs, and says from what to what',
      [{ name: 'a', size: 2 }],
      { thing: [{ name: 'a', size: 1 }], part: [{ name: 'a', size: 2 }] },
      false,
      [kept, 'change thing a size 1>2', 'keep part a'],
    ],
    [
      'is blocked by what is fixed when it is made',
      [{ name: 'a', size: 2 }],
      { thing: [{ name: 'a', size: 2 }], part: [{ name: 'a' }] },
      false,
      [kept, 'keep thing a', 'blocked part a size none>2'],
    ],
    [
      'makes anew what is on its way out, once it is gone',
      [{ name: 'a' }],
      { thing: [{ name: 'a', leaving: true }], part: [{ name: 'a' }] },
      false,
      [kept, 'create thing a leaving', 'keep part a'],
    ],
    ['deletes nothing by itself', [], { thing: [{ name: 'a' }] }, false, [kept]],
    [
      'deletes last what the lists do not hold, in the other order',
      [],
      { thing: [{ name: 'a' }], part: [{ name: 'b' }] },
      true,
      [kept, 'delete part b', 'delete thing a'],
    ],
    ['deletes nothing where the file has no list', undefined, { thing: [{ name: 'a' }] }, true, [kept]],
    ['does not delete what is going anyway', [], { thing: [{ name: 'a', leaving: true }] }, true, [kept]],
  ])('%s', (_, things, there, prune, expected) => {
    expect(itemsOf(things, there, prune)).toEqual(expected)
  })
  test('is empty when everything is left alone', () => {
    const site: Site = { wish: { name: 'Shop' }, groupId: 'g', services: new Map(), consumers: new Map() }
    const plan = (changes: readonly { field: string; before: string; after: string }[]) =>
      planOf([{ site, project: { changes }, found: new Map() }], kinds, { prune: true, passwords: true })
    expect(isEmpty(plan([]))).toBe(true)
    expect(isEmpty(plan([{ field: 'tags', before: 'none', after: 'env=test' }]))).toBe(false)
  })
})

describe('fields', () => {
  test.each<readonly [says: string, wished: unknown, there: unknown, expected: string]>([
    ['not said', undefined, 'x', ''],
    ['equal lists in another order', ['b', 'a'], ['a', 'b'], ''],
    ['equal labels in another order', { b: '1', a: '2' }, { a: '2', b: '1' }, ''],
    ['an empty list where nothing is', [], undefined, ''],
    ['an empty text where nothing is', '', null, ''],
    ['numbers', 3, 5, '5>3'],
    ['switches', false, undefined, 'none>false'],
    ['lists', ['a', 'b'], ['a'], 'a>a, b'],
    ['labels', { a: '1' }, {}, 'none>a=1'],
  ])('%s', (_, wished, there, expected) => {
    const [change] = compare([['field', wished, there]])
    expect(change === undefined ? '' : `${change.before}>${change.after}`).toBe(expected)
  })
})
