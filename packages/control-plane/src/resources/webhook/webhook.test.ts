import type { RecordedEventType } from '@postern/contract/event'
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

const happens = (
  type: RecordedEventType,
  target: Readonly<Record<string, string>> = {},
  groupId: string | null = api.groupId,
) =>
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
      const event = { type: 'CLUSTER_CREATED' as const, orgId: api.orgId, groupId: api.groupId }
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
