import { expect, test } from 'vitest'
import { typeWords } from '../../words/event-type.ts'
import { type FeedEvent, whatOf, whoOf } from './event-words.ts'
import { eventQuery, isFiltered } from './filters.ts'

const event: FeedEvent = {
  created: '2026-03-01T12:00:00Z',
  eventTypeName: 'API_KEY_CREATED',
  id: '65f1a2b3c4d5e6f7a8b9c0d1',
  isGlobalAdmin: false,
  links: [],
}

test.each([
  { type: 'API_KEY_CREATED', words: 'API key created' },
  { type: 'GROUP_CREATED', words: 'Project created' },
  { type: 'MONGODB_USER_ADDED', words: 'MongoDB user added' },
  { type: 'USER_ROLES_CHANGED_AUDIT', words: 'User roles changed' },
])('$type reads "$words"', ({ type, words }) => {
  expect(typeWords(type)).toBe(words)
})

test('who did it: a person, a key, or the server itself', () => {
  expect(whoOf({ ...event, username: 'ada@example.com' })).toBe('ada@example.com')
  expect(whoOf({ ...event, publicKey: 'abcdefgh' })).toBe('abcdefgh')
  expect(whoOf(event)).toBe('Postern')
})

test('what it was done to', () => {
  expect(whatOf({ ...event, clusterName: 'Cluster0', dbUserUsername: 'app' })).toBe('Cluster0, app')
})

test('what the server keeps of a target names it, where the event has no field for it', () => {
  const raw = {
    _t: 'NDS_AUDIT',
    cre: event.created,
    description: JSON.stringify({ endpointId: 'vpce-0123456789abcdef0', provider: 'AWS' }),
    id: event.id,
    orgId: '65f1a2b3c4d5e6f7a8b9c0d2',
    severity: 'INFO' as const,
  }
  expect(whatOf({ ...event, raw })).toBe('vpce-0123456789abcdef0')
})

test('days are whole; one that is none filters nothing', () => {
  expect(eventQuery({ type: 'GROUP_CREATED', from: '2026-03-01', to: '2026-03-01' })).toEqual({
    eventType: ['GROUP_CREATED'],
    minDate: new Date('2026-03-01T00:00:00').toISOString(),
    maxDate: new Date('2026-03-01T23:59:59.999').toISOString(),
  })
  expect(eventQuery({ from: 'yesterday' })).toEqual({})
  expect(isFiltered({ dialog: 'event' })).toBe(false)
})

test('by cluster and by who acted; the server itself is called otherwise by the API', () => {
  expect(eventQuery({ cluster: 'Shop', who: 'ada@example.com' })).toEqual({
    clusterNames: ['Shop'],
    actor: ['ada@example.com'],
  })
  expect(eventQuery({ who: 'Postern' })).toEqual({ actor: ['postern'] })
})
