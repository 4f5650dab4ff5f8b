import { expect, test } from 'vitest'
import {
  answerTold,
  blockedBy,
  bodyOf,
  type Delivery,
  eventsTold,
  fieldsOf,
  newWebhook,
  type Webhook,
} from './webhook.ts'

const webhook: Webhook = {
  allowPlainHttp: false,
  created: '2026-03-01T12:00:00.000Z',
  description: 'of the shop',
  disabledReason: null,
  enabled: true,
  eventTypes: ['GROUP_CREATED', 'GROUP_DELETED'],
  groupId: '65f1a2b3c4d5e6f7a8b9c0d1',
  id: '65f1a2b3c4d5e6f7a8b9c0d2',
  orgId: '65f1a2b3c4d5e6f7a8b9c0d3',
  url: 'https://hooks.example.com/shop',
}
const delivery: Delivery = {
  attempts: 1,
  created: '2026-03-01T12:00:00.000Z',
  error: null,
  eventId: null,
  eventTypeName: 'POSTERN_WEBHOOK_TEST',
  id: '65f1a2b3c4d5e6f7a8b9c0d4',
  lastAttempt: '2026-03-01T12:00:00.000Z',
  nextAttempt: null,
  state: 'DELIVERED',
  statusCode: 204,
}

test('what is read into the form and not touched changes nothing', () => {
  const { url, description, allowPlainHttp, enabled, eventTypes } = webhook
  expect(bodyOf(fieldsOf(webhook))).toEqual({ url, description, allowPlainHttp, enabled, eventTypes })
})

test('some types are sent by name; all events are none by name', () => {
  const types = ['GROUP_CREATED', 'GROUP_DELETED']
  const wish = { ...newWebhook, url: ' https://hooks.example.com ', types }
  expect(bodyOf({ ...wish, events: 'some' })).toMatchObject({
    url: 'https://hooks.example.com',
    eventTypes: ['GROUP_CREATED', 'GROUP_DELETED'],
  })
  expect(bodyOf({ ...wish, events: 'all' })).toMatchObject({ eventTypes: [] })
})

test('some events, and none chosen: that would be every one', () => {
  expect(blockedBy({ ...newWebhook, events: 'some', types: [] })).toBe('Choose at least one type of event.')
  expect(blockedBy({ ...newWebhook, events: 'some', types: ['GROUP_CREATED'] })).toBeUndefined()
  expect(blockedBy(newWebhook)).toBeUndefined()
})

test.each([
  { eventTypes: [], told: 'All events' },
  { eventTypes: ['GROUP_CREATED'], told: 'GROUP_CREATED' },
  { eventTypes: ['GROUP_CREATED', 'GROUP_DELETED'], told: '2 types of events' },
])('$told', ({ eventTypes, told }) => {
  expect(eventsTold({ eventTypes })).toBe(told)
})

test.each([
  { says: 'delivered', more: {}, told: 'HTTP status 204' },
  {
    says: 'refused',
    more: { statusCode: 500, error: 'the receiver answered 500', attempts: 3 },
    told: 'the receiver answered 500 (3 attempts)',
  },
  { says: 'no answer', more: { statusCode: null, error: 'no answer within 10 s' }, told: 'no answer within 10 s' },
  { says: 'not tried yet', more: { statusCode: null, attempts: 0 }, told: '' },
])('$says', ({ more, told }) => {
  expect(answerTold({ ...delivery, ...more })).toBe(told)
})
