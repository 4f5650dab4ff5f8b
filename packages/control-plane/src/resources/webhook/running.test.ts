// Webhooks as the running system sends them: wishes over HTTP, turns on pg-boss, the real engine, a real receiver.

import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../../http/testing.ts'
import { createProviders } from '../../providers/providers.ts'
import { createEngine, type Engine } from '../../reconcile/engine.ts'
import { createPgBossTurns } from '../../reconcile/pg-boss-turns.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { endpointServiceHandlers } from '../endpoint-service/handlers.ts'
import { endpointServiceReconciler } from '../endpoint-service/reconcile.ts'
import { privateEndpointHandlers } from '../private-endpoint/handlers.ts'
import { privateEndpointReconciler } from '../private-endpoint/reconcile.ts'
import { webhookHandlers } from './handlers.ts'
import { type Receiver, startReceiver } from './receiver.testing.ts'
import { webhookReconciler } from './reconcile.ts'
import { createSender } from './send.ts'

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came.
type Body = any

const log = pino({ level: 'silent' })
const stopping = new AbortController()
let stored: TestStore
let api: TestApi
let engine: Engine
let receiver: Receiver

beforeAll(async () => {
  receiver = await startReceiver()
  stored = await createTestStore()
  const turns = createPgBossTurns({ backing: stored.backing, log })
  api = await createTestApi(
    stored.store,
    (parts) => ({ ...webhookHandlers(parts), ...endpointServiceHandlers(parts), ...privateEndpointHandlers(parts) }),
    { turns },
  )
  const { parts } = api
  const providers = createProviders(parts)
  engine = createEngine({ ...parts, random: Math.random }, [
    endpointServiceReconciler(parts, providers),
    privateEndpointReconciler(parts, providers),
    webhookReconciler(parts, { send: createSender(stopping.signal), random: Math.random }),
  ])
  await engine.start()
})
afterAll(async () => {
  stopping.abort()
  await engine?.stop(1000)
  await stored?.close()
  await receiver?.close()
})

const post = async (path: string, body: unknown): Promise<Body> => {
  const answer = await api.ask({ method: 'POST', path, body })
  if (answer.status >= 400) throw new Error(`${answer.status} ${answer.text}`)
  return answer.body
}

test('a service becomes AVAILABLE and an endpoint of it REJECTED: the receiver hears of both, with ids and reason', async () => {
  const { groupId } = api
  const eventTypes = ['ENDPOINT_SERVICE_AVAILABLE', 'INTERFACE_ENDPOINT_REJECTED']
  const { secret } = await post(`/api/postern/v1/groups/${groupId}/webhooks`, { url: receiver.url, eventTypes })
  receiver.trust(secret)
  // The first message is refused for a while, and comes again.
  let answered = 0
  receiver.answer((response) => response.writeHead(answered++ === 0 ? 503 : 204).end())
  const services = `/api/atlas/v2/groups/${groupId}/privateEndpoint`
  const { id } = await post(`${services}/endpointService`, { providerName: 'AWS', region: 'US_EAST_1' })
  const heard = (type: string) => receiver.messages.filter((message) => message.type === type)
  await expect.poll(() => heard('ENDPOINT_SERVICE_AVAILABLE').length, { timeout: 60_000 }).toBe(2)
  const endpointId = 'vpce-11111111111111111'
  await post(`${services}/AWS/endpointService/${id}/endpoint`, { id: endpointId })
  await expect.poll(() => heard('INTERFACE_ENDPOINT_REJECTED').length, { timeout: 60_000 }).toBe(1)

  expect(receiver.refused).toEqual([])
  const [first, again] = heard('ENDPOINT_SERVICE_AVAILABLE')
  expect(again).toEqual(first)
  const place = { endpointServiceId: id, provider: 'AWS', region: 'US_EAST_1' }
  expect(first?.data).toMatchObject({ groupId, target: place })
  const errorMessage = expect.stringContaining('does not exist')
  expect(heard('INTERFACE_ENDPOINT_REJECTED')[0]?.data.target).toEqual({ ...place, endpointId, errorMessage })
})
