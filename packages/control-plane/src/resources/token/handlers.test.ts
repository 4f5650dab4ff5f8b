// OAuth over the real engine and store.

import { behaviours } from '@postern/contract/fidelity'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, byToken, createTestApi, type TestApi, testHttpParts } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { organizationHandlers } from '../organization/handlers.ts'
import { makeAccount, makeSecret } from '../service-account/account.ts'
import { tokenHandlers } from './handlers.ts'

let store: TestStore
let api: TestApi
let now = Date.UTC(2026, 7, 10)
let client: { id: string; secret: string }
let other: { id: string; secret: string }

beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(
    store.store,
    (parts) => ({ ...tokenHandlers(parts, { secret: testHttpParts.httpSecret }), ...organizationHandlers(parts) }),
    { clock: { now: () => now } },
  )
  client = await newAccount()
  other = await newAccount()
})
afterAll(() => store.close())

const newAccount = () =>
  store.store.transact(async (tx) => {
    const { client_id: id } = await makeAccount(tx, api.parts, { orgId: api.orgId, name: 'of a test', description: '' })
    const { secret } = await makeSecret(tx, api.parts, { clientId: id, hours: 30 * 24, behaviour: behaviours.postern })
    return { id, secret }
  })

const basic = ({ id, secret }: { id: string; secret: string }): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const post = (path: string, body: string, authorization?: string, headers: Record<string, string> = form) =>
  ask(api.http, { method: 'POST', path, body, headers: { ...headers, ...(authorization && { authorization }) } })
const token = (body: string, authorization?: string) => post('/api/oauth/token', body, authorization)
const grant = 'grant_type=client_credentials'
const newToken = async () => ((await token(grant, basic(client))).body as { access_token: string }).access_token
const works = async (text: string) =>
  (await api.ask({ method: 'GET', path: '/api/atlas/v2/orgs', as: byToken(text) })).status

describe('a token is given', () => {
  test.each<{ says: string; body?: () => string; authorization: () => string | undefined }>([
    { says: 'for Basic as it is', authorization: () => basic(client) },
    {
      says: 'for Basic with its halves form-encoded, as Go sends them',
      authorization: () =>
        basic({
          id: encodeURIComponent(client.id).replaceAll('_', '%5F'),
          secret: encodeURIComponent(client.secret).replaceAll('-', '%2D'),
        }),
    },
    {
      says: 'for fields of the form',
      body: () => `${grant}&client_id=${client.id}&client_secret=${client.secret}`,
      authorization: () => undefined,
    },
  ])('$says', async ({ body, authorization }) => {
    const answer = await token(body?.() ?? grant, authorization())
    expect(answer).toMatchObject({ status: 200, body: { expires_in: 3600, token_type: 'Bearer' } })
    expect(await works((answer.body as { access_token: string }).access_token)).toBe(200)
  })
})

describe('a token is refused', () => {
  test.each<{ says: string; body: string; auth: () => string | undefined; status: number; error: string }>([
    {
      says: 'for a wrong secret',
      body: grant,
      auth: () => basic({ ...client, secret: `${client.secret}x` }),
      status: 401,
      error: 'invalid_client',
    },
    {
      says: 'for an unknown client',
      body: grant,
      auth: () => basic({ id: 'mdb_sa_id_0', secret: client.secret }),
      status: 401,
      error: 'invalid_client',
    },
    { says: 'for no client', body: grant, auth: () => undefined, status: 401, error: 'invalid_client' },
    {
      says: 'for two kinds of credentials',
      body: `${grant}&client_secret=x`,
      auth: () => basic(client),
      status: 401,
      error: 'invalid_client',
    },
    {
      says: 'for another grant',
      body: 'grant_type=password',
      auth: () => basic(client),
      status: 400,
      error: 'unsupported_grant_type',
    },
    { says: 'for no grant', body: 'x=y', auth: () => basic(client), status: 400, error: 'invalid_request' },
  ])("$says, in OAuth's own shape", async ({ body, auth, status, error }) => {
    expect(await token(body, auth())).toMatchObject({
      status,
      body: { error, error_description: expect.stringMatching(/./) },
    })
  })
  test('when the body is no form', async () => {
    const answer = await post('/api/oauth/token', '{}', basic(client), { 'content-type': 'application/json' })
    expect(answer).toMatchObject({ status: 415 })
  })
})

describe('a token', () => {
  test('works for an hour', async () => {
    const text = await newToken()
    now += 3_599_000
    expect(await works(text)).toBe(200)
    now += 2_000
    expect(await works(text)).toBe(401)
  })
  test('is worth nothing when one character of it is changed', async () => {
    const text = await newToken()
    const at = text.lastIndexOf('.') + 5
    expect(await works(text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1))).toBe(401)
  })
  test('ends when its own client revokes it, and not by another', async () => {
    const text = await newToken()
    const body = `token=${text}&token_type_hint=access_token`
    expect(await post('/api/oauth/revoke', body, basic(other))).toMatchObject({ status: 200 })
    expect(await works(text)).toBe(200)
    for (let times = 0; times < 2; times++)
      expect(await post('/api/oauth/revoke', body, basic(client))).toMatchObject({ status: 200 })
    expect(await works(text)).toBe(401)
    const events = await store.store.read
      .selectFrom('event')
      .select(['actor_id', 'target'])
      .where('type', '=', 'OAUTH_TOKEN_REVOKED')
      .execute()
    expect(events).toEqual([{ actor_id: client.id, target: { clientId: client.id } }])
  })
  test('that never was is revoked all the same', async () => {
    expect(await post('/api/oauth/revoke', 'token=nonsense', basic(client))).toMatchObject({ status: 200 })
  })
  test('ends with its service account', async () => {
    const text = await newToken()
    await store.store.read.deleteFrom('service_account').where('client_id', '=', client.id).execute()
    expect(await works(text)).toBe(401)
  })
})
