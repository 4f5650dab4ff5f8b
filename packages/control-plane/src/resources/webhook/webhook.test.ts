import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, type Caller, createTestApi, type TestApi } from '../../http/testing.ts'
import type { Outcome } from '../../reconcile/turns.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { recordEvent } from '../event/record.ts'
import { webhookHandlers } from './handlers.ts'
import { waits } from './judge.ts'
import { type Receiver, startReceiver } from './receiver.testing.ts'
import { webhookReconciler } from './reconcile.ts'
import { createSender, type Send } from './send.ts'

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came.
type Body = any

let stored: TestStore
let api: TestApi
let owner: Caller
let receiver: Receiver
let stopping: AbortController
let now = Date.now()

beforeAll(async () => {
  stored = await createTestStore()
  api = await createTestApi(stored.store, webhookHandlers, { clock: { now: () => now } })
  owner = await api.newCaller('API_KEY', { org: ['ORG_OWNER'] })
})
beforeEach(async () => {
  await stored.store.transact((tx) => tx.deleteFrom('webhook').execute())
  now = Date.now()
  receiver = await startReceiver()
  stopping = new AbortController()
})
afterEach(() => receiver.close())
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

/** A webhook to the receiver, which trusts it. */
const made = async (over: object = {}, place = atGroup()): Promise<Body> => {
  const webhook = await call('POST', place, { url: receiver.url, ...over })
  receiver.trust(webhook.secret)
  return webhook
}

const happens = (type: string, target: Readonly<Record<string, string>> = {}, groupId: string | null = api.groupId) =>
  stored.store.transact((tx) =>
    recordEvent(tx, api.parts, {
      type,
      orgId: api.orgId,
      groupId,
      actor: { kind: 'API_KEY', id: 'a'.repeat(24), name: 'abcdefgh' },
      sourceAddress: '192.0.2.1',
      target,
    }),
  )

/** One turn, as the running system takes it. */
const turn = (id: string, send?: Send): Promise<Outcome> =>
  webhookReconciler(api.parts, {
    send: send ?? createSender(stopping.signal, { timeoutMs: 2_000 }),
    random: () => 0.5,
  }).turn(id)

/** Deliveries grow older: the clock stays, because the library compares signatures' times with the real one. */
const timePasses = async (ms: number): Promise<void> => {
  const by = sql`${ms} * interval '1 millisecond'`
  await stored.store.transact((tx) =>
    sql`update webhook_delivery set created = created - ${by}, next_attempt = next_attempt - ${by},
      last_attempt = last_attempt - ${by}`.execute(tx),
  )
}

const deliveries = async (id: string, place = atGroup()): Promise<Body[]> =>
  (await call('GET', `${place}/${id}/deliveries`)).results

describe('a webhook', () => {
  test('gets each event, signed so that the published library accepts it', async () => {
    const { id } = await made()
    await happens('CLUSTER_CREATED', { clusterName: 'one' })
    expect(api.parts.woken).toContainEqual({ kind: 'webhook', id })
    expect(await turn(id)).toEqual({ do: 'again', afterMs: 0 })
    expect(await turn(id)).toEqual({ do: 'settled' })
    expect(receiver.refused).toEqual([])
    const [delivery] = await deliveries(id)
    expect(receiver.messages).toEqual([
      {
        id: delivery.id,
        path: '/hooks',
        type: 'CLUSTER_CREATED',
        data: {
          apiKeyId: 'a'.repeat(24),
          clusterName: 'one',
          created: expect.any(String),
          eventTypeName: 'CLUSTER_CREATED',
          groupId: api.groupId,
          id: delivery.eventId,
          isGlobalAdmin: false,
          publicKey: 'abcdefgh',
          remoteAddress: '192.0.2.1',
          target: { clusterName: 'one' },
        },
      },
    ])
    expect(delivery).toMatchObject({ state: 'DELIVERED', statusCode: 204, attempts: 1, error: null, nextAttempt: null })
  })

  test('gets nothing of a change that was rolled back', async () => {
    const { id } = await made()
    const broken = stored.store.transact(async (tx) => {
      const event = { type: 'CLUSTER_CREATED', orgId: api.orgId, groupId: api.groupId }
      await recordEvent(tx, api.parts, { ...event, actor: null, sourceAddress: null, target: {} })
      throw new Error('changed my mind')
    })
    await expect(broken).rejects.toThrow('changed my mind')
    expect(await deliveries(id)).toEqual([])
  })

  test('gets the types that it asks for, and no others', async () => {
    const { id } = await made({ eventTypes: ['CLUSTER_READY', 'GROUP_DELETED'] })
    await happens('CLUSTER_CREATED')
    await happens('CLUSTER_READY')
    expect((await deliveries(id)).map(({ eventTypeName }) => eventTypeName)).toEqual(['CLUSTER_READY'])
  })

  test('of an organization gets what is its own, and of its groups what concerns the whole', async () => {
    const { id } = await made({}, atOrg())
    await happens('CLUSTER_CREATED')
    await happens('GROUP_CREATED')
    await happens('ORG_RENAMED', {}, null)
    const types = (await deliveries(id, atOrg())).map(({ eventTypeName }) => eventTypeName)
    expect(types.sort()).toEqual(['GROUP_CREATED', 'ORG_RENAMED'])
  })

  test('is tested by a message that is no event', async () => {
    const { id } = await made()
    const queued = await call('POST', `${atGroup()}/${id}:test`)
    expect(queued).toMatchObject({ state: 'PENDING', eventId: null, eventTypeName: 'POSTERN_WEBHOOK_TEST' })
    await turn(id)
    expect(receiver.messages).toMatchObject([{ id: queued.id, type: 'POSTERN_WEBHOOK_TEST', data: { webhookId: id } }])
  })

  test('goes with its group', async () => {
    const other = await createTestApi(stored.store, webhookHandlers)
    const path = `/api/postern/v1/groups/${other.groupId}/webhooks`
    const { id } = (await other.ask({ method: 'POST', path, body: { url: receiver.url } })).body as Body
    await other.ask({ method: 'POST', path: `${path}/${id}:test` })
    await stored.store.transact((tx) => tx.deleteFrom('group').where('id', '=', other.groupId).execute())
    expect(await turn(id)).toEqual({ do: 'settled' })
    expect(receiver.messages).toEqual([])
  })
})

describe('a message that does not get through', () => {
  test.each([
    { says: 'an error', how: 500, told: { statusCode: 500, error: 'the receiver answered 500' } },
    { says: 'a redirect, which is not followed', how: 307, told: { statusCode: 307 } },
    { says: 'nothing at all', how: () => {}, told: { statusCode: null, error: 'no answer within 2 s' } },
  ])('for $says comes again under the same id, and later each time', async ({ how, told }) => {
    const { id } = await made()
    receiver.answer(how)
    await happens('CLUSTER_CREATED')
    await turn(id)
    const [first] = await deliveries(id)
    expect(first).toMatchObject({ state: 'PENDING', attempts: 1, ...told })
    expect(Date.parse(first.nextAttempt)).toBe(now + waits[0])
    expect(await turn(id)).toEqual({ do: 'again', afterMs: waits[0] })
    receiver.answer(204)
    await timePasses(waits[0])
    await turn(id)
    expect((await deliveries(id))[0]).toMatchObject({ state: 'DELIVERED', attempts: 2, statusCode: 204 })
    expect(receiver.messages.map((message) => message.id)).toEqual([first.id, first.id])
  })

  test('for a receiver that is away says so', async () => {
    const { id } = await made()
    await receiver.close()
    await happens('CLUSTER_CREATED')
    await turn(id)
    expect((await deliveries(id))[0]).toMatchObject({
      state: 'PENDING',
      error: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test('for an endless answer counts by its status', async () => {
    const { id } = await made()
    receiver.answer((response) => {
      response.writeHead(200)
      const write = (): boolean => response.write(Buffer.alloc(64 * 1024))
      response.on('drain', write)
      write()
      write()
    })
    await happens('CLUSTER_CREATED')
    await turn(id)
    expect((await deliveries(id))[0]).toMatchObject({ state: 'DELIVERED', statusCode: 200 })
  })

  test('does not hold up the others', async () => {
    const { id } = await made()
    receiver.answer((response, { data }) => void response.writeHead(data.clusterName === 'bad' ? 500 : 200).end())
    await happens('CLUSTER_CREATED', { clusterName: 'bad' })
    await happens('CLUSTER_CREATED', { clusterName: 'good' })
    await turn(id)
    const states = (await deliveries(id)).map(({ state }) => state)
    expect(states.sort()).toEqual(['DELIVERED', 'PENDING'])
  })
})

describe('a turn that dies', () => {
  test('between sending and writing down sends again, under the same id', async () => {
    const { id } = await made()
    await happens('CLUSTER_CREATED')
    const dying: Send = async (attempt) => {
      await createSender(stopping.signal)(attempt)
      throw new Error('killed')
    }
    await expect(turn(id, dying)).rejects.toThrow('killed')
    await turn(id)
    const [delivery] = await deliveries(id)
    expect(receiver.messages.map((message) => message.id)).toEqual([delivery.id, delivery.id])
    expect(delivery).toMatchObject({ state: 'DELIVERED', attempts: 1 })
  })

  test('with the server lets go of a receiver that does not answer, and counts no attempt', async () => {
    const { id } = await made()
    receiver.answer(() => stopping.abort())
    await happens('CLUSTER_CREATED')
    await expect(turn(id, createSender(stopping.signal))).rejects.toThrow('abort')
    expect((await deliveries(id))[0]).toMatchObject({ state: 'PENDING', attempts: 0 })
  })

  test('beside another one that did the same writes nothing twice', async () => {
    const { id } = await made()
    receiver.answer(500)
    await happens('CLUSTER_CREATED')
    await Promise.all([turn(id), turn(id)])
    expect((await deliveries(id))[0]).toMatchObject({ attempts: 1 })
  })
})

describe('a webhook is disabled', () => {
  const disabled = async (id: string) => {
    const { enabled, disabledReason } = await call('GET', `${atGroup()}/${id}`)
    const events = await stored.store.read
      .selectFrom('event')
      .select(['target', 'actor_kind'])
      .where('type', '=', 'WEBHOOK_DISABLED')
      .where(sql<boolean>`target ->> 'webhookId' = ${id}`)
      .execute()
    return { enabled, disabledReason, events }
  }

  test('by more than a day of nothing but failures, with an event, and drops what waits', async () => {
    const { id } = await made()
    receiver.answer(503)
    await happens('CLUSTER_CREATED')
    for (const wait of waits) {
      await turn(id)
      await timePasses(wait)
    }
    await happens('CLUSTER_READY')
    expect((await call('GET', `${atGroup()}/${id}`)).enabled).toBe(true)
    await turn(id)
    const { enabled, disabledReason, events } = await disabled(id)
    expect({ enabled, disabledReason }).toEqual({ enabled: false, disabledReason: expect.stringContaining('503') })
    expect(events).toEqual([
      {
        actor_kind: 'SYSTEM',
        target: { webhookId: id, origin: new URL(receiver.url).origin, reason: disabledReason },
      },
    ])
    expect((await deliveries(id)).map(({ state }) => state)).toEqual(['FAILED', 'FAILED'])
    await happens('CLUSTER_DELETED')
    expect(await deliveries(id)).toHaveLength(2)
    expect(await turn(id)).toEqual({ do: 'settled' })
  })

  test('by no single message that never gets through, while others do', async () => {
    const { id } = await made()
    receiver.answer((response, { data }) => void response.writeHead(data.clusterName === 'bad' ? 500 : 200).end())
    await happens('CLUSTER_CREATED', { clusterName: 'bad' })
    for (const wait of waits) {
      await turn(id)
      await timePasses(wait)
    }
    await happens('CLUSTER_CREATED', { clusterName: 'good' })
    await turn(id)
    expect(await disabled(id)).toMatchObject({ enabled: true, disabledReason: null, events: [] })
    expect((await deliveries(id)).map(({ state }) => state).sort()).toEqual(['DELIVERED', 'FAILED'])
  })

  test('at once by 410 Gone, and comes back when it is enabled', async () => {
    const { id } = await made()
    receiver.answer(410)
    await happens('CLUSTER_CREATED')
    await turn(id)
    expect(await disabled(id)).toMatchObject({ enabled: false, disabledReason: 'the receiver answered 410 Gone' })
    const refused = await ask('POST', `${atGroup()}/${id}:test`)
    expect(refused).toMatchObject({ status: 409, body: { errorCode: 'POSTERN_WEBHOOK_DISABLED' } })
    expect(await call('PATCH', `${atGroup()}/${id}`, { enabled: true })).toMatchObject({
      enabled: true,
      disabledReason: null,
    })
    receiver.answer(204)
    await turn(id)
    expect(receiver.messages.at(-1)?.type).toBe('INTEGRATION_CONFIGURED')
  })
})

describe('the API', () => {
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
      expect(target).toEqual({ webhookId: webhook.id, origin: new URL(receiver.url).origin })
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
    const answer = await ask('POST', atGroup(), { url: receiver.url })
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
    await call('PATCH', `${atGroup()}/${id}`, { enabled: true, eventTypes: ['NONE'] })
    await turn(id)
    await turn(id)
    const page = await call('GET', `${atGroup()}/${id}/deliveries?itemsPerPage=2`)
    expect(page.totalCount).toBe(500)
  })
})
