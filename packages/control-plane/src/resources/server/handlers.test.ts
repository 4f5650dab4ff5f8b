// What clients ask of the server itself.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttp } from '../../http/http.ts'
import { createTestApi, type TestApi, testHttpParts } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { serverHandlers } from './handlers.ts'

let store: TestStore
let api: TestApi
beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(store.store, serverHandlers)
})
afterAll(() => store.close())

test.each([
  { says: 'an IPv4 caller', remoteAddress: '192.0.2.1', seen: '192.0.2.1' },
  { says: 'an IPv4 caller on an IPv6 socket', remoteAddress: '::ffff:192.0.2.1', seen: '192.0.2.1' },
  { says: 'this machine by IPv6', remoteAddress: '::1', seen: '127.0.0.1' },
])('ipinfo shows $says', async ({ remoteAddress, seen }) => {
  const http = createHttp({ ...testHttpParts, ...api.parts }, serverHandlers(api.parts))
  const rawTarget = '/api/private/ipinfo'
  const authorization = await api.owner({ method: 'GET', path: rawTarget, challenge: '' })
  const request = new Request(`http://localhost:8080${rawTarget}`, { headers: { authorization } })
  const response = await http.fetch(request, { remoteAddress, rawTarget })
  expect(await response.json()).toEqual({ currentIpv4Address: seen })
})

test('ipinfo is for those who are known', async () => {
  expect((await api.ask({ method: 'GET', path: '/api/private/ipinfo', as: null })).status).toBe(401)
})

test("the default version is plain text and everybody's", async () => {
  const path = '/api/private/unauth/nds/defaultMongoDBMajorVersion'
  const answer = await api.ask({ method: 'GET', path, as: null })
  expect(answer).toMatchObject({ status: 200, text: '8.0' })
  expect(answer.headers.get('content-type')).toBe('text/plain;charset=iso-8859-1')
})

test('alive and ready are said to everybody', async () => {
  expect((await api.ask({ method: 'GET', path: '/healthz', as: null })).body).toEqual({ status: 'ok' })
  expect((await api.ask({ method: 'GET', path: '/readyz', as: null })).body).toEqual({ status: 'ready' })
})
