// Limits of a group over the real engine and store.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { effectiveLimit } from './effective.ts'
import { limitHandlers } from './handlers.ts'

const rules = 'atlas.project.deployment.privateServiceConnectionsPerRegionGroup'
const mask = 'atlas.project.deployment.privateServiceConnectionsSubnetMask'

let store: TestStore
let api: TestApi
let path: string
beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(store.store, limitHandlers)
  path = `/api/atlas/v2/groups/${api.groupId}/limits`
})
afterAll(() => store.close())

const set = (name: string, body: object) => api.ask({ method: 'PATCH', path: `${path}/${name}`, body })

test('what is not set is worth its default', async () => {
  expect((await api.ask({ method: 'GET', path: `${path}/${rules}` })).body).toEqual({
    defaultLimit: 50,
    maximumLimit: 100,
    name: rules,
    value: 50,
  })
  expect(await effectiveLimit(store.store.read, api.groupId, rules)).toBe(50)
})

test('the list is a bare array of all that have a value, with what is used of them', async () => {
  const { body } = await api.ask({ method: 'GET', path })
  expect(body).toContainEqual({
    currentUsage: 0,
    defaultLimit: 25,
    maximumLimit: 100,
    name: 'atlas.project.deployment.clusters',
    value: 25,
  })
  expect(body).toHaveLength(8)
})

test('what is set counts from then on, and its deletion brings the default back', async () => {
  expect((await set(rules, { value: 6 })).body).toMatchObject({ name: rules, value: 6, defaultLimit: 50 })
  expect(await effectiveLimit(store.store.read, api.groupId, rules)).toBe(6)
  expect((await set(rules, { value: 7 })).body).toMatchObject({ value: 7 })
  expect(await api.ask({ method: 'DELETE', path: `${path}/${rules}` })).toMatchObject({ status: 204, text: '' })
  expect(await effectiveLimit(store.store.read, api.groupId, rules)).toBe(50)
})

describe('a value is refused', () => {
  test.each([
    { says: 'above its bound', name: rules, body: { value: 101 }, code: 'INVALID_ATTRIBUTE', field: 'value' },
    { says: 'below one', name: rules, body: { value: 0 }, code: 'INVALID_ATTRIBUTE', field: 'value' },
    { says: 'outside the masks', name: mask, body: { value: 28 }, code: 'INVALID_ATTRIBUTE', field: 'value' },
    { says: 'that is no integer', name: rules, body: { value: 1.5 }, code: 'INVALID_ATTRIBUTE', field: 'value' },
    { says: 'that is text', name: rules, body: { value: '6' }, code: 'INVALID_ATTRIBUTE', field: 'value' },
    { says: 'that is absent', name: rules, body: {}, code: 'MISSING_ATTRIBUTE', field: 'value' },
    {
      says: 'for another limit than the path',
      name: rules,
      body: { name: mask, value: 20 },
      code: 'INVALID_ATTRIBUTE',
      field: 'name',
    },
  ])('$says', async ({ name, body, code, field }) => {
    expect(await set(name, body)).toMatchObject({
      status: 400,
      body: { errorCode: code, badRequestDetail: { fields: [{ field }] } },
    })
    expect(await effectiveLimit(store.store.read, api.groupId, name as typeof rules)).toBe(name === rules ? 50 : 27)
  })
  test('of a limit that is none', async () => {
    expect(await set('atlas.project.nothing', { value: 1 })).toMatchObject({
      status: 400,
      body: { errorCode: 'PATH_PARAM_PARSE_ERROR' },
    })
  })
})
