import { createHash } from 'node:crypto'
import { changeBetween, hashedText, textsOf } from '@postern/contract/snapshot-change'
import { describe, expect, test } from 'vitest'
import { ChangeError, type RawWhole, rawWhole } from './raw-whole.ts'
import { SnapshotError } from './shape.ts'

const item = (id: string) => ({ id, unknown: 'to this release' })
const first = { listeners: [item('a'), item('b')] }
const second = { listeners: [item('a'), item('c'), item('b')] }
const third = { listeners: [item('c')] }

const wholeText = (n: number, body: object): string => JSON.stringify({ schema: 2, epoch: 'E', n, body })
const held = (n: number, body: object): { mark: { epoch: string; n: number }; raw: RawWhole } => ({
  mark: { epoch: 'E', n },
  raw: rawWhole(wholeText(n, body), null),
})
const hashOf = (body: object): string =>
  createHash('sha256')
    .update(hashedText(2, JSON.stringify(body)))
    .digest('hex')
const between = (before: object, after: object): unknown =>
  JSON.parse(changeBetween(textsOf(before), textsOf(after)) ?? '')
const changes = (more: object): string =>
  JSON.stringify({
    schema: 2,
    epoch: 'E',
    n: 6,
    after: 5,
    hash: hashOf(second),
    changes: [between(first, second)],
    ...more,
  })

test('a whole is what it is', () => {
  const json = wholeText(5, first)
  expect(rawWhole(json, null)).toEqual({ value: JSON.parse(json), json })
})

test('changes of what is held are the whole that was published, to the letter', () => {
  expect(rawWhole(changes({}), held(5, first))).toEqual({
    value: JSON.parse(wholeText(6, second)),
    json: wholeText(6, second),
  })
})

test('so are several, one upon the other', () => {
  const both = { n: 7, hash: hashOf(third), changes: [between(first, second), between(second, third)] }
  expect(rawWhole(changes(both), held(5, first)).json).toBe(wholeText(7, third))
})

describe('the whole must be asked for where', () => {
  test.each([
    { says: 'nothing is held', base: null, more: {} },
    { says: 'another number is held', base: held(4, first), more: {} },
    { says: 'they are of another epoch', base: held(5, first), more: { epoch: 'F' } },
    { says: 'what is held is something else under this number', base: held(5, third), more: {} },
    {
      says: 'something of it was altered',
      base: held(5, first),
      more: { changes: [between(first, { listeners: [] })] },
    },
    { says: 'one of them is missing', base: held(5, first), more: { n: 7, hash: hashOf(third) } },
    { says: 'they come in another schema', base: held(5, first), more: { schema: 3 } },
    { says: 'they are no list', base: held(5, first), more: { changes: {} } },
    {
      says: 'they keep what is not there',
      base: held(5, first),
      more: { changes: [{ lists: { listeners: [[0, 9]] }, values: {} }] },
    },
  ])('$says', ({ base, more }) => {
    expect(() => rawWhole(changes(more), base)).toThrow(ChangeError)
  })
})

test('what is no JSON is refused as any snapshot', () => {
  expect(() => rawWhole('{', null)).toThrow(SnapshotError)
})
