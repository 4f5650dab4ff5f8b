// Path, query and body: what becomes of wrong ones.

import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parseBody, parseManner, parsePaging, parseParams, parseQuery } from './input.ts'

const failure = (work: () => unknown) => {
  try {
    return { answered: work() }
  } catch (error) {
    return error
  }
}
const query = (text: string) => new URLSearchParams(text)

describe('a path parameter', () => {
  test.each([
    { says: 'is decoded once', raw: { x: 'a%252Fb%20c' }, params: { x: 'a%2Fb c' } },
    { says: 'keeps its plus sign', raw: { x: 'a+b' }, params: { x: 'a+b' } },
    {
      says: 'may hold slashes',
      raw: { endpointId: '%2Fsubscriptions%2Fx' },
      params: { endpointId: '/subscriptions/x' },
    },
    { says: 'may be dots: nothing here is a file', raw: { x: '%2e%2e' }, params: { x: '..' } },
  ])('$says', ({ raw, params }) => {
    expect(parseParams(raw)).toEqual(params)
  })
  test.each([
    { says: 'a broken escape', raw: { x: '%zz' } },
    { says: 'half of an escape', raw: { x: 'a%2' } },
    { says: 'bytes that are no text', raw: { x: '%ff%fe' } },
    { says: 'NUL, which no store holds', raw: { x: 'a%00b' } },
    { says: 'an id that is too short', raw: { groupId: '0123456789abcdef0123456' } },
    { says: 'an id in capitals', raw: { groupId: '0123456789ABCDEF01234567' } },
    { says: 'an id with something behind it', raw: { orgId: '0123456789abcdef01234567%0a' } },
    { says: 'a cloud that is none', raw: { cloudProvider: 'aws' } },
  ])('is refused: $says', ({ raw }) => {
    const [parameter, value] = Object.entries(raw)[0] ?? []
    expect(failure(() => parseParams(raw))).toMatchObject({
      code: 'PATH_PARAM_PARSE_ERROR',
      status: 400,
      parameters: [parameter, value],
    })
  })
})

describe('paging', () => {
  test('has defaults', () => {
    expect(parsePaging(query(''))).toEqual({ pageNum: 1, itemsPerPage: 100, includeCount: true })
  })
  test('is read', () => {
    expect(parsePaging(query('pageNum=3&itemsPerPage=500&includeCount=false'))).toEqual({
      pageNum: 3,
      itemsPerPage: 500,
      includeCount: false,
    })
  })
  test.each([
    'pageNum=0',
    'pageNum=-1',
    'pageNum=1.5',
    'pageNum=1e3',
    'pageNum=99999999999999999999',
    'itemsPerPage=0',
    'itemsPerPage=501',
    'itemsPerPage=ten',
    'includeCount=yes',
  ])('is refused: %s', (text) => {
    const [parameter] = text.split('=')
    expect(failure(() => parsePaging(query(text)))).toMatchObject({
      code: 'QUERY_PARAM_PARSE_ERROR',
      parameters: [parameter, text.split('=')[1]],
    })
  })
})

test('pretty and envelope are read, and refused when they are neither true nor false', () => {
  expect(parseManner(query('pretty=TRUE'))).toEqual({ pretty: true, envelope: false })
  expect(failure(() => parseManner(query('envelope=1')))).toMatchObject({ code: 'QUERY_PARAM_PARSE_ERROR' })
})

test("an operation's own query names the parameter that does not fit", () => {
  const schema = z.object({ name: z.string().max(3).optional() })
  expect(parseQuery(schema, query('name=abc&unknown=1'))).toEqual({ name: 'abc' })
  expect(failure(() => parseQuery(schema, query('name=abcd')))).toMatchObject({ parameters: ['name', 'abcd'] })
})

describe('a body', () => {
  const schema = z.object({
    name: z.string(),
    specs: z.array(z.object({ region: z.enum(['US_EAST_1']), count: z.number().optional() })).optional(),
  })
  test.each([
    {
      says: 'a required field is absent',
      body: {},
      error: { code: 'MISSING_ATTRIBUTE', parameters: ['name'], fields: [{ field: 'name' }] },
    },
    {
      says: 'a field has another type',
      body: { name: 1 },
      error: { code: 'INVALID_ATTRIBUTE', parameters: ['name'], fields: [{ field: 'name' }] },
    },
    {
      says: 'a field is null where it may not be',
      body: { name: null },
      error: { code: 'INVALID_ATTRIBUTE', parameters: ['name'] },
    },
    {
      says: 'a nested field is outside its words',
      body: { name: 'x', specs: [{ region: 'US_EAST_1' }, { region: 'us-east-1', count: 'two' }] },
      error: {
        code: 'INVALID_ATTRIBUTE',
        parameters: ['specs[1].region'],
        fields: [{ field: 'specs[1].region' }, { field: 'specs[1].count' }],
      },
    },
    { says: 'it is a list', body: [], error: { code: 'VALIDATION_ERROR', fields: [] } },
    {
      says: 'it is absent',
      body: undefined,
      error: { code: 'VALIDATION_ERROR', parameters: ['a body must be there'], fields: [] },
    },
  ])('is refused with its fields named: $says', ({ body, error }) => {
    expect(failure(() => parseBody(schema, body))).toMatchObject({ ...error, status: 400 })
  })

  test('a name of an entry that does not fit is told what it must be', () => {
    const labels = z.object({ labels: z.record(z.string().regex(/^[a-z]+$/, 'must be letters'), z.string()) })
    const fields = [{ field: 'labels.é', description: 'must be letters' }]
    expect(failure(() => parseBody(labels, { labels: { é: 'x' } }))).toMatchObject({
      code: 'INVALID_ATTRIBUTE',
      fields,
    })
  })

  test('may hold fields that are not known, unless its schema is strict', () => {
    expect(parseBody(schema, { name: 'x', newer: true })).toEqual({ name: 'x' })
    expect(failure(() => parseBody(z.strictObject({ name: z.string() }), { name: 'x', nmae: 'y' }))).toMatchObject({
      code: 'INVALID_ATTRIBUTE',
      parameters: ['nmae'],
    })
  })
})
