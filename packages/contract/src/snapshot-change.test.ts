import { array, assert, constantFrom, property, record, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bodyText, changeBetween, textsOf, withChange } from './snapshot-change.ts'

const change = (before: object, after: object): string | null => changeBetween(textsOf(before), textsOf(after))
const item = (id: string, more: object = {}) => ({ id, ...more })
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => item(id))

describe('a change names', () => {
  test.each([
    {
      says: 'nothing, where nothing is other',
      before: { l: [a, b] },
      after: { l: [a, b] },
      is: { lists: {}, values: {} },
    },
    {
      says: 'what came',
      before: { l: [a, c] },
      after: { l: [a, b, c] },
      is: { lists: { l: [[0, 1], b, [1, 1]] }, values: {} },
    },
    {
      says: 'what went, by leaving it out',
      before: { l: [a, b, c] },
      after: { l: [a, c] },
      is: {
        lists: {
          l: [
            [0, 1],
            [2, 1],
          ],
        },
        values: {},
      },
    },
    {
      says: 'an order',
      before: { l: [a, b, c, d] },
      after: { l: [c, d, a, b] },
      is: {
        lists: {
          l: [
            [2, 2],
            [0, 2],
          ],
        },
        values: {},
      },
    },
    {
      says: 'only the list that is other',
      before: { k: [a], l: [] },
      after: { k: [a], l: [d] },
      is: { lists: { l: [d] }, values: {} },
    },
    {
      says: 'what is no list',
      before: { v: 'one', l: [a] },
      after: { v: 'two', l: [a] },
      is: { lists: {}, values: { v: 'two' } },
    },
  ])('$says', ({ before, after, is }) => {
    expect(JSON.parse(change(before, after) ?? '')).toEqual(is)
  })
})

test.each([
  { says: 'another field', before: { l: [] }, after: { l: [], m: [] } },
  { says: 'a list that was none', before: { l: 'x' }, after: { l: [] } },
])('there is no change to $says', ({ before, after }) => {
  expect(change(before, after)).toBeNull()
})

const items = array(record({ id: constantFrom('a', 'b', 'c', 'd', 'e'), says: constantFrom(1, 2) }), { maxLength: 8 })
const body = record({ endpoints: items, listeners: items, domain: string() })

test('a change laid upon what was before is what is after, to the letter', () => {
  assert(
    property(body, body, (before, after) => {
      const text = change(before, after)
      expect(text).not.toBeNull()
      const made = withChange(JSON.parse(JSON.stringify(before)), JSON.parse(text ?? ''))
      expect(JSON.stringify(made)).toBe(JSON.stringify(after))
    }),
  )
})

test('the text of texts is the text of the whole', () => {
  assert(
    property(body, (whole) => {
      expect(bodyText(textsOf(whole))).toBe(JSON.stringify(whole))
    }),
  )
})

test('what stays is the same object, so that nobody has to read it again', () => {
  const before = { l: [a, b] }
  expect((withChange(before, { lists: { l: [[1, 1], c] }, values: {} }).l as readonly unknown[])[0]).toBe(before.l[1])
})

describe('refused', () => {
  const fits = { lists: {}, values: {} }
  const overlapping = Array.from({ length: 2000 }, () => [0, 1000])
  const long = { l: Array.from({ length: 1000 }, () => a) }
  test.each<{ says: string; body: unknown; change: unknown }>([
    { says: 'no object', body: { l: [] }, change: null },
    { says: 'a whole that is none', body: [], change: fits },
    { says: 'no lists', body: { l: [] }, change: { values: {} } },
    { says: 'a list that is not there', body: { l: [] }, change: { lists: { m: [] }, values: {} } },
    {
      says: 'a list of a name that every object has',
      body: { l: [] },
      change: { lists: { toString: [] }, values: {} },
    },
    { says: 'a value that is not there', body: { l: [] }, change: { lists: {}, values: { m: 1 } } },
    { says: 'no list of pieces', body: { l: [] }, change: { lists: { l: {} }, values: {} } },
    { says: 'a run beyond the end', body: { l: [a] }, change: { lists: { l: [[0, 2]] }, values: {} } },
    { says: 'a run from before the beginning', body: { l: [a] }, change: { lists: { l: [[-1, 1]] }, values: {} } },
    { says: 'a run of no whole length', body: { l: [a] }, change: { lists: { l: [[0, 0.5]] }, values: {} } },
    { says: 'a run without a length', body: { l: [a] }, change: { lists: { l: [[0]] }, values: {} } },
    { says: 'more items than any whole has', body: long, change: { lists: { l: overlapping }, values: {} } },
  ])('$says', ({ body, change }) => {
    expect(() => withChange(body, change)).toThrow(RangeError)
  })
})
