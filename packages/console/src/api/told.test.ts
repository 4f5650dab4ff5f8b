import { ApiError } from '@postern/contract/client'
import { expect, test } from 'vitest'
import { stillTold } from './told.ts'

const refusal = (...names: readonly string[]) =>
  new ApiError(400, {
    error: 400,
    errorCode: 'INVALID_ATTRIBUTE',
    detail: 'Invalid.',
    badRequestDetail: { fields: names.map((field) => ({ field, description: `${field} is wrong` })) },
  })
const told = (error: unknown) => (error instanceof ApiError ? error.fields.map(({ field }) => field) : error)

test.each([
  { says: 'nothing is changed', names: ['name'], sent: { name: 'a' }, now: { name: 'a' }, left: ['name'] },
  { says: 'the field is changed', names: ['name'], sent: { name: 'a' }, now: { name: 'b' }, left: null },
  { says: 'another field is changed', names: ['a'], sent: { a: 1, b: 1 }, now: { a: 1, b: 2 }, left: ['a'] },
  { says: 'one of two is changed', names: ['a', 'b'], sent: { a: 1, b: 1 }, now: { a: 1, b: 2 }, left: ['a'] },
  { says: 'far down', names: ['l[0].c.d'], sent: { l: [{ c: { d: 1 } }] }, now: { l: [{ c: { d: 2 } }] }, left: null },
  { says: 'beside it', names: ['l[0].c'], sent: { l: [{ c: 1 }, 1] }, now: { l: [{ c: 1 }, 2] }, left: ['l[0].c'] },
  { says: 'a list itself', names: ['[0].cidr'], sent: [{ cidr: 'x' }], now: [{ cidr: 'y' }], left: null },
  { says: 'a way that ends in a list', names: ['roles.org'], sent: { roles: ['a'] }, now: { roles: [] }, left: null },
  { says: 'what is missing there now', names: ['l[1]'], sent: { l: [1, 2] }, now: { l: [1] }, left: null },
  { says: 'a name that the form has not', names: ['x'], sent: { a: 1 }, now: { a: 2 }, left: null },
  { says: 'the same, unchanged', names: ['x'], sent: { a: 1 }, now: { a: 1 }, left: ['x'] },
  { says: 'a name that every object has', names: ['toString'], sent: { a: 1 }, now: { a: 2 }, left: null },
])('$says: $left', ({ names, sent, now, left }) => {
  expect(told(stillTold(refusal(...names), sent, now))).toEqual(left)
})

test('what is left of a refusal is the same one otherwise', () => {
  const error = stillTold(refusal('a', 'b'), { a: 1, b: 1 }, { a: 1, b: 2 })
  expect(error).toMatchObject({ status: 400, errorCode: 'INVALID_ATTRIBUTE', detail: 'Invalid.' })
})

test.each([
  { says: 'a refusal that names no field', error: refusal() },
  { says: 'no answer', error: new TypeError('failed to fetch') },
  { says: 'no error', error: null },
])('$says holds until it is tried again', ({ error }) => {
  expect(stillTold(error, { a: 1 }, { a: 2 })).toBe(error)
})
