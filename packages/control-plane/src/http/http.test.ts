// The engine as a caller sees it: versions, content types, errors, guards, authentication. Resources are the simplest
// real ones.

import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { groupHandlers } from '../resources/group/handlers.ts'
import { serverHandlers } from '../resources/server/handlers.ts'
import { tokenHandlers } from '../resources/token/handlers.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'
import { digestHa1, digestResponse } from './digest.ts'
import { createHttp } from './http.ts'
import { ask, byToken, createTestApi, createTestParts, type TestApi, testHttpParts } from './testing.ts'

let store: TestStore
let api: TestApi
let now = Date.UTC(2026, 7, 10, 3, 0, 0)

beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(
    store.store,
    (parts) => ({
      ...groupHandlers(parts),
      ...serverHandlers(parts),
      ...tokenHandlers(parts, { secret: testHttpParts.httpSecret }),
      getEdgeSnapshot: async () => ({ status: 204 }),
      listEdges: async () => {
        throw new Error('a secret that must not leave: hunter2')
      },
    }),
    { clock: { now: () => now }, bodyLimit: 2000 },
  )
})
afterAll(() => store.close())

const groups = '/api/atlas/v2/groups'
const error = (status: number, errorCode: string, parameters: unknown[] = []) =>
  expect.objectContaining({ error: status, errorCode, parameters })

describe('an answer', () => {
  test('is in the version asked for, and says so', async () => {
    const answer = await api.ask({ method: 'GET', path: groups, version: '2025-03-12' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/vnd.atlas.2023-01-01+json;charset=utf-8')
  })
  test('is plain JSON under v1.0, with links that stay there', async () => {
    const answer = await api.ask({ method: 'GET', path: '/api/atlas/v1.0/groups' })
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.body).toMatchObject({
      links: [{ href: 'http://localhost:8080/api/atlas/v1.0/groups?pageNum=1&itemsPerPage=100', rel: 'self' }],
    })
  })
  test('carries the recorded headers and allows no other origin', async () => {
    const { headers } = await api.ask({ method: 'GET', path: groups, headers: { origin: 'https://evil.example' } })
    expect(Object.fromEntries(headers)).toMatchObject({
      'ratelimit-limit': '4000',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-permitted-cross-domain-policies': 'none',
    })
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
  test('is indented on request', async () => {
    const { text } = await api.ask({ method: 'GET', path: `${groups}?pretty=true` })
    expect(text).toMatch(/^\{\n {2}"links"/)
  })
  test('wraps a thing and marks a list on request', async () => {
    const one = await api.ask({ method: 'GET', path: `${groups}/${api.groupId}?envelope=true` })
    expect(one.body).toMatchObject({ status: 200, content: { id: api.groupId } })
    const list = await api.ask({ method: 'GET', path: `${groups}?envelope=true` })
    expect(list.body).toMatchObject({ status: 200, totalCount: 1 })
  })
  test('to HEAD has no body', async () => {
    const answer = await api.ask({ method: 'HEAD', path: '/healthz', as: null })
    expect(answer).toMatchObject({ status: 200, text: '' })
  })
})

describe('an error', () => {
  test('is rendered as Atlas renders it, key by key', async () => {
    const id = '1'.repeat(24)
    const answer = await api.ask({ method: 'GET', path: `${groups}/${id}` })
    expect(answer.text).toBe(
      `{"detail":"No group with ID ${id} exists.","error":404,"errorCode":"GROUP_NOT_FOUND","parameters":["${id}"],"reason":"Not Found"}`,
    )
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('x-error-code')).toBe('GROUP_NOT_FOUND')
  })
  test.each([
    { says: 'an unknown path', method: 'GET', path: '/api/atlas/v2/nothing', status: 404, code: 'RESOURCE_NOT_FOUND' },
    {
      says: 'an operation without a handler',
      method: 'GET',
      path: '/api/atlas/v2/orgs',
      status: 404,
      code: 'RESOURCE_NOT_FOUND',
    },
    { says: 'another method', method: 'PUT', path: groups, status: 405, code: 'METHOD_NOT_ALLOWED' },
    { says: 'a malformed id', method: 'GET', path: `${groups}/xyz`, status: 400, code: 'PATH_PARAM_PARSE_ERROR' },
    {
      says: 'a page beyond reason',
      method: 'GET',
      path: `${groups}?itemsPerPage=501`,
      status: 400,
      code: 'QUERY_PARAM_PARSE_ERROR',
    },
  ])('for $says', async ({ method, path, status, code }) => {
    const answer = await api.ask({ method, path })
    expect(answer).toMatchObject({ status, body: { error: status, errorCode: code } })
  })
  test('for another method names those that are allowed', async () => {
    const answer = await api.ask({ method: 'PATCH', path: groups })
    expect(answer.headers.get('allow')).toBe('GET, POST')
  })
  test('of our own shows a request id and nothing of its cause', async () => {
    const answer = await api.ask({ method: 'GET', path: '/api/postern/v1/edges' })
    expect(answer).toMatchObject({ status: 500, body: { errorCode: 'UNEXPECTED_ERROR' } })
    expect(answer.text).not.toMatch(/hunter2|\.ts|at /)
  })
})

describe('a body', () => {
  const body = { name: 'New', orgId: '0'.repeat(24) }
  test.each([
    { says: 'is not JSON', sent: '{"name":', status: 400, code: 'INVALID_JSON', headers: {} },
    {
      says: 'is not declared as JSON',
      sent: body,
      status: 415,
      code: 'UNSUPPORTED_MEDIA_TYPE',
      headers: { 'content-type': 'text/plain' },
    },
    { says: 'lacks a field', sent: { name: 'New' }, status: 400, code: 'MISSING_ATTRIBUTE', headers: {} },
    { says: 'is absent', sent: undefined, status: 400, code: 'VALIDATION_ERROR', headers: {} },
    {
      says: 'is too large',
      sent: { ...body, name: 'x'.repeat(3000) },
      status: 413,
      code: 'PAYLOAD_TOO_LARGE',
      headers: {},
    },
    {
      says: 'comes from a foreign page',
      sent: body,
      status: 403,
      code: 'FOREIGN_ORIGIN',
      headers: { origin: 'https://evil.example' },
    },
  ])('is refused when it $says', async ({ sent, status, code, headers }) => {
    const answer = await api.ask({ method: 'POST', path: groups, body: sent, headers })
    expect(answer).toMatchObject({ status, body: { errorCode: code } })
  })
  test('names its wrong fields', async () => {
    const answer = await api.ask({ method: 'POST', path: groups, body: { name: 7, orgId: 'x' } })
    expect(answer.body).toMatchObject({
      badRequestDetail: { fields: [{ field: 'name' }, { field: 'orgId' }] },
      errorCode: 'INVALID_ATTRIBUTE',
    })
  })
  test('may be of any JSON type, whatever version it names', async () => {
    const headers = { 'content-type': 'application/vnd.atlas.2099-01-01+json' }
    const answer = await api.ask({ method: 'POST', path: groups, body: { name: 'Typed', orgId: api.orgId }, headers })
    expect(answer.status).toBe(201)
  })
})

test('a foreign host is refused before anything else', async () => {
  const answer = await api.ask({ method: 'GET', path: '/healthz', headers: { host: 'evil.example' } })
  expect(answer.body).toEqual(error(421, 'MISDIRECTED_HOST', ['evil.example']))
})

describe('who is not known', () => {
  test('is challenged with the recorded body', async () => {
    const answer = await api.ask({ method: 'POST', path: groups, body: { name: 'x' }, as: null })
    expect(answer.status).toBe(401)
    expect(answer.text).toBe(
      '{"error":401,"reason":"Unauthorized","detail":"You are not authorized for this resource.","errorCode":"UNEXPECTED_ERROR"}',
    )
    expect(answer.headers.get('www-authenticate')).toMatch(
      /^Digest realm="MMS Public API", domain="", nonce="[A-Za-z0-9+/]{32}", algorithm=MD5, qop="auth", stale=false$/,
    )
  })
  test.each(['Bearer nonsense', 'Basic YTpi', 'Digest username="x"', 'Nonsense'])(
    'is challenged after %s',
    async (authorization) => {
      const answer = await api.ask({ method: 'GET', path: groups, as: null, headers: { authorization } })
      expect(answer.status).toBe(401)
    },
  )
  test('may send no body that is too large either', async () => {
    const answer = await api.ask({ method: 'POST', path: groups, body: 'x'.repeat(3000), as: null })
    expect(answer.status).toBe(413)
    expect(answer.headers.get('connection')).toBe('close')
  })
})

describe('an API key', () => {
  const challenge = async () => {
    const { headers } = await api.ask({ method: 'GET', path: groups, as: null })
    return /nonce="([^"]*)"/.exec(headers.get('www-authenticate') ?? '')?.[1] ?? ''
  }
  const answerTo = (
    nonce: string,
    key: { publicKey: string; privateKey: string },
    { nc = '00000001', uri = groups }: { nc?: string; uri?: string } = {},
  ) => {
    const response = digestResponse({
      ha1: digestHa1(key.publicKey, key.privateKey),
      method: 'GET',
      uri,
      nonce,
      nc,
      cnonce: 'c',
    })
    return `Digest username="${key.publicKey}", realm="MMS Public API", nonce="${nonce}", uri="${uri}", response="${response}", qop=auth, nc=${nc}, cnonce="c"`
  }
  const get = (authorization: string, path = groups) =>
    ask(api.http, { method: 'GET', path, headers: { authorization } })

  let key: { publicKey: string; privateKey: string }
  beforeAll(async () => {
    const { privateKey, publicKey } = { privateKey: 'f'.repeat(36), publicKey: 'keyofone' }
    key = { privateKey, publicKey }
    const id = api.parts.ids.objectId()
    await store.store.read
      .insertInto('api_key')
      .values({
        id,
        org_id: api.orgId,
        public_key: publicKey,
        ha1: api.parts.seal.close(id, digestHa1(publicKey, privateKey)),
        key_tail: '',
        description: '',
        created: new Date(now),
      })
      .execute()
  })

  test('is admitted by digest', async () => {
    expect((await get(answerTo(await challenge(), key))).status).toBe(200)
  })
  test('may count nc over all its requests: it need not begin at 1', async () => {
    expect((await get(answerTo(await challenge(), key, { nc: '0000000d' }))).status).toBe(200)
  })
  test('may use one nonce for many requests, each nc once', async () => {
    const nonce = await challenge()
    expect((await get(answerTo(nonce, key))).status).toBe(200)
    expect((await get(answerTo(nonce, key, { nc: '00000002' }))).status).toBe(200)
    const replayed = await get(answerTo(nonce, key, { nc: '00000002' }))
    expect(replayed.status).toBe(401)
    expect(replayed.headers.get('www-authenticate')).toContain('stale=true')
  })
  test('is challenged again when its nonce has expired, and the store forgets what was used then', async () => {
    const nonce = await challenge()
    now += 301_000
    const answer = await get(answerTo(nonce, key))
    expect(answer.headers.get('www-authenticate')).toContain('stale=true')
    expect((await get(answerTo(await challenge(), key))).status).toBe(200)
    expect(await store.store.read.selectFrom('used_nonce').selectAll().execute()).toHaveLength(1)
  })
  test('wins one of two equal answers at the same moment', async () => {
    const answered = answerTo(await challenge(), key)
    const statuses = await Promise.all([get(answered), get(answered), get(answered)])
    expect(statuses.map(({ status }) => status).sort()).toEqual([200, 401, 401])
  })
  test('cannot bring a nonce of its own', async () => {
    expect((await get(answerTo('A'.repeat(32), key))).status).toBe(401)
  })
  test('cannot use a signature for another target', async () => {
    const other = `${groups}?pageNum=2`
    expect((await get(answerTo(await challenge(), key, { uri: other }))).status).toBe(401)
    expect((await get(answerTo(await challenge(), key, { uri: other }), other)).status).toBe(200)
  })
  test('is slowed down after many wrong answers, and let in again later', async () => {
    const wrong = { publicKey: key.publicKey, privateKey: 'wrong' }
    const statuses = new Set<number>()
    for (let attempt = 0; attempt < 25; attempt += 1)
      statuses.add((await get(answerTo(await challenge(), wrong))).status)
    expect([...statuses]).toEqual([401, 429])
    const refused = await get(answerTo(await challenge(), key))
    expect(refused).toMatchObject({ status: 429, body: { errorCode: 'RATE_LIMITED' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    now += 60_000
    expect((await get(answerTo(await challenge(), key))).status).toBe(200)
  })
})

describe('an edge', () => {
  const path = '/api/postern/v1/edges/one/snapshots/gateway'
  test('is known by its own token alone', async () => {
    expect((await api.ask({ method: 'GET', path, as: byToken(testHttpParts.edgeToken) })).status).toBe(204)
    expect((await api.ask({ method: 'GET', path, as: byToken(`${testHttpParts.edgeToken}x`) })).status).toBe(401)
    expect((await api.ask({ method: 'GET', path })).status).toBe(401)
  })
  test('is nobody elsewhere', async () => {
    expect((await api.ask({ method: 'GET', path: groups, as: byToken(testHttpParts.edgeToken) })).status).toBe(401)
  })
})

describe('links and the description begin with', () => {
  const serverOf = async (
    publicUrl: string | null,
    { host, scheme }: { readonly host: string; readonly scheme: 'http' | 'https' },
    rawTarget = '/openapi.json',
  ) => {
    const { fetch } = createHttp({ ...createTestParts(store.store), ...testHttpParts, publicUrl }, {})
    const request = new Request('http://127.0.0.1/openapi.json', { headers: { host } })
    const response = await fetch(request, { remoteAddress: '127.0.0.1', rawTarget, scheme })
    if (response.status !== 200) return response.status
    return ((await response.json()) as { servers: { url: string }[] }).servers[0]?.url
  }
  test.each([
    { says: 'the door by which the request came', host: '127.0.0.1:8080', scheme: 'http' },
    { says: 'the name that the caller has for it', host: 'localhost:8080', scheme: 'http' },
    { says: 'https where the door speaks it', host: 'localhost:8443', scheme: 'https' },
    { says: 'the other loopback', host: '[::1]:8080', scheme: 'http' },
  ] as const)('$says', async ({ host, scheme }) => {
    expect(await serverOf(null, { host, scheme })).toBe(`${scheme}://${host}`)
  })
  test('the URL that is configured, whichever door it was', async () => {
    const door = { host: 'localhost:8443', scheme: 'https' } as const
    expect(await serverOf('https://postern.example', door)).toBe('https://postern.example')
  })
  test('no host that is not ours, in whatever form it is told', async () => {
    expect(await serverOf(null, { host: 'evil.example', scheme: 'http' })).toBe(421)
    const proxied = 'http://evil.example/openapi.json'
    expect(await serverOf(null, { host: 'localhost', scheme: 'http' }, proxied)).toBe(421)
  })
})

describe('beside the API there is', () => {
  test('a page that loads and runs nothing', async () => {
    const answer = await api.ask({ method: 'GET', path: '/', as: null })
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.text).toContain('/openapi.json')
    expect(answer.text).not.toMatch(/<script|src=|https?:/)
  })
  test('a description of every operation', async () => {
    const { body } = await api.ask({ method: 'GET', path: '/openapi.json', as: null })
    expect(body).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: 'http://localhost:8080' }],
      paths: { '/api/atlas/v2/groups': { get: { operationId: 'listGroups' }, post: { operationId: 'createGroup' } } },
    })
  })
})

test('what fails inside is logged with its cause and its stack, and without the values that were sent', async () => {
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line) => void lines.push(line) })
  const failing = await createTestApi(
    store.store,
    (parts) => ({
      listEdges: async () => {
        const row = { id: 'x', org_id: 'no such organization', public_key: 'hunter2', ha1: 'hunter2' }
        const rest = { key_tail: '', description: 'hunter2', created: new Date() }
        await parts.store.read
          .insertInto('api_key')
          .values({ ...row, ...rest })
          .execute()
        return { body: { results: [], totalCount: 0 } }
      },
    }),
    { log },
  )
  const { body } = await failing.ask({ method: 'GET', path: '/api/postern/v1/edges' })
  const [requestId] = (body as { parameters: string[] }).parameters
  const logged = lines.find((line) => line.includes(String(requestId)))
  expect(logged).toMatch(/violates foreign key constraint/)
  expect(logged).toMatch(/"stack":/)
  expect(lines.join('')).not.toContain('hunter2')
})

test('a group that goes while a request writes into it is answered as gone', async () => {
  const racing = await createTestApi(store.store, (parts) => ({
    ...groupHandlers(parts),
    setGroupLimit: async ({ params }) => {
      const group_id = params.groupId ?? ''
      await parts.store.read.deleteFrom('group').where('id', '=', group_id).execute()
      await parts.store.read.insertInto('group_limit').values({ group_id, name: 'x', value: 1 }).execute()
      return {}
    },
  }))
  const path = `${groups}/${racing.groupId}/limits/atlas.project.deployment.clusters`
  const answer = await racing.ask({ method: 'PATCH', path, body: { value: 1 } })
  expect(answer.body).toEqual(error(404, 'GROUP_NOT_FOUND', [racing.groupId]))
})

test('without its store the API answers 503 and says when to come again', async () => {
  const lost = await createTestStore()
  const away = await createTestApi(lost.store, (parts) => ({ ...groupHandlers(parts), ...serverHandlers(parts) }))
  await lost.close()
  for (const path of [groups, '/readyz']) {
    const answer = await away.ask({ method: 'GET', path })
    expect(answer).toMatchObject({ status: 503, body: { errorCode: 'SERVICE_UNAVAILABLE' } })
    expect(answer.headers.get('retry-after')).toBe('1')
  }
  expect((await away.ask({ method: 'GET', path: '/healthz' })).status).toBe(200)
})
