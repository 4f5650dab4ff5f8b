// Webhooks as the API has them: made, changed, shown, refused. What they send is in webhook.test.ts.

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Answer, type Caller, createTestApi, type TestApi } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { webhookHandlers } from './handlers.ts'
import { webhookReconciler } from './reconcile.ts'
import { createSender } from './send.ts'

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came.
type Body = any

const now = Date.UTC(2026, 7, 10)
/** Nobody listens there, and nothing is sent. */
const url = 'http://127.0.0.1:9/webhooks'

let stored: TestStore
let api: TestApi
let owner: Caller

beforeAll(async () => {
  stored = await createTestStore()
  api = await createTestApi(stored.store, webhookHandlers, { clock: { now: () => now } })
  owner = await api.newCaller('API_KEY', { org: ['ORG_OWNER'] })
})
beforeEach(async () => {
  await stored.store.transact((tx) => tx.deleteFrom('webhook').execute())
})
afterAll(() => stored?.close())

const ask = (method: string, path: string, body?: unknown): Promise<Answer> =>
  api.ask({ method, path: `/api/postern/v1${path}`, as: owner, ...(body !== undefined && { body }) })
const call = async (method: string, path: string, body?: unknown): Promise<Body> => {
  const answer = await ask(method, path, body)
  if (answer.status >= 400) throw new Error(`${answer.status} ${answer.text}`)
  return answer.body
}
const atGroup = () => `/groups/${api.groupId}/webhooks`
const atOrg = () => `/orgs/${api.orgId}/webhooks`
const made = (over: object = {}, place = atGroup()): Promise<Body> => call('POST', place, { url, ...over })
const turn = (id: string) =>
  webhookReconciler(api.parts, { send: createSender(new AbortController().signal), random: () => 0.5 }).turn(id)

test('shows the secret once, keeps it sealed, and tells no change with it or with the path', async () => {
  const webhook = await made({ description: 'to the team' })
  expect(webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  const { secret, ...rest } = webhook
  expect(await call('GET', `${atGroup()}/${webhook.id}`)).toEqual(rest)
  expect((await call('GET', atGroup())).results).toEqual([rest])
  await call('PATCH', `${atGroup()}/${webhook.id}`, { description: 'to another team' })
  expect(await ask('DELETE', `${atGroup()}/${webhook.id}`)).toMatchObject({
    status: 204,
  })
  const told = await stored.store.read
    .selectFrom('event')
    .selectAll()
    .where(sql<boolean>`target ->> 'webhookId' = ${webhook.id}`)
    .execute()
  expect(told.map(({ type }) => type).sort()).toEqual([
    'INTEGRATION_CONFIGURED',
    'INTEGRATION_CONFIGURED',
    'INTEGRATION_REMOVED',
  ])
  for (const { target, actor_kind, source_address } of told) {
    expect(target).toEqual({ webhookId: webhook.id, origin: new URL(url).origin })
    expect({ actor_kind, source_address }).toEqual({ actor_kind: 'API_KEY', source_address: '127.0.0.1' })
  }
  expect(JSON.stringify(told)).not.toContain(secret)
})

test('keeps the secret sealed', async () => {
  const { id, secret } = await made()
  const row = await stored.store.read.selectFrom('webhook').select('secret').where('id', '=', id).executeTakeFirst()
  expect(row?.secret).not.toContain(secret.slice(6))
  expect(api.parts.seal.open(id, row?.secret ?? '')).toBe(secret)
})

test.each([
  { says: 'the metadata service', body: { url: 'http://169.254.169.254/' }, field: 'url' },
  { says: 'plain HTTP elsewhere', body: { url: 'http://192.0.2.1/' }, field: 'url' },
  { says: 'no URL', body: {}, field: 'url' },
  {
    says: 'a type that no event has',
    body: { url: 'https://a.example', eventTypes: ['GROUP_CREATED', 'NOPE'] },
    field: 'eventTypes[1]',
  },
  { says: 'a type in small letters', body: { url: 'https://a.example', eventTypes: ['x'] }, field: 'eventTypes[0]' },
])('refuses $says, by its field', async ({ body, field }) => {
  const answer = await ask('POST', atGroup(), body)
  expect(answer.status).toBe(400)
  const { badRequestDetail } = answer.body as Body
  expect(badRequestDetail.fields.map((each: Body) => each.field)).toEqual([field])
})

test('refuses to turn a webhook to plain HTTP elsewhere in two steps', async () => {
  const { id } = await made({ url: 'http://192.0.2.1/', allowPlainHttp: true })
  expect(await ask('PATCH', `${atGroup()}/${id}`, { allowPlainHttp: false })).toMatchObject({ status: 400 })
})

test('keeps webhooks of a group and of its organization apart', async () => {
  const ofGroup = await made()
  const ofOrg = await made({}, atOrg())
  expect((await call('GET', atOrg())).results).toMatchObject([{ id: ofOrg.id, groupId: null }])
  const answer = await ask('GET', `${atOrg()}/${ofGroup.id}`)
  expect(answer).toMatchObject({ status: 404, body: { errorCode: 'POSTERN_WEBHOOK_NOT_FOUND' } })
})

test('keeps so many webhooks, and no more', async () => {
  for (let count = 0; count < 20; count++) await made()
  const answer = await ask('POST', atGroup(), { url: url })
  expect(answer).toMatchObject({ status: 403, body: { errorCode: 'POSTERN_WEBHOOKS_LIMIT_EXCEEDED' } })
})

test('shows the last deliveries, and forgets old ones', async () => {
  const { id } = await made({ enabled: false })
  const created = (index: number) => new Date(now - index * 1000)
  const done = { webhook_id: id, event_type: 'CLUSTER_CREATED', state: 'DELIVERED' as const }
  await stored.store.transact((tx) =>
    tx
      .insertInto('webhook_delivery')
      .values(Array.from({ length: 503 }, (_, index) => ({ ...done, id: `d${index}`, created: created(index) })))
      .execute(),
  )
  await call('PATCH', `${atGroup()}/${id}`, { enabled: true, eventTypes: ['GROUP_DELETED'] })
  await turn(id)
  await turn(id)
  const page = await call('GET', `${atGroup()}/${id}/deliveries?itemsPerPage=2`)
  expect(page.totalCount).toBe(500)
})
