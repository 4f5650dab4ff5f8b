import { ownEventTypes, recordedEventTypes } from '@postern/contract/event'
import { expect, test } from 'vitest'
import { foundIn, typeGroups } from './event-types.ts'

const typesOf = (groups: ReturnType<typeof typeGroups>) => groups.flatMap(({ types }) => types)

test('every type of ours is one that is recorded, and each stands once', () => {
  const all: readonly string[] = Object.values(recordedEventTypes).flat()
  expect(ownEventTypes.filter((type) => !all.includes(type))).toEqual([])
  expect(new Set(all).size).toBe(all.length)
})

test('a project is offered what happens in it, an organization what is told there', () => {
  const [group, org] = [typesOf(typeGroups('group', [])), typesOf(typeGroups('org', []))]
  expect([group.includes('CLUSTER_READY'), org.includes('CLUSTER_READY')]).toEqual([true, false])
  expect([group.includes('EDGE_REVOKED'), org.includes('EDGE_REVOKED')]).toEqual([false, true])
  expect([group.includes('GROUP_CREATED'), org.includes('GROUP_CREATED')]).toEqual([true, true])
})

test('a type that the console does not know stays with those that are chosen', () => {
  expect(typeGroups('group', ['HOST_DOWN', 'CLUSTER_READY']).at(-1)).toEqual({ word: 'Others', types: ['HOST_DOWN'] })
})

test.each([
  { text: 'INTERFACE_ENDPOINT_AVAIL', found: ['INTERFACE_ENDPOINT_AVAILABLE'] },
  { text: 'drift user', found: ['MONGODB_USER_DRIFT_DETECTED'] },
  { text: ' Endpoint services  restored', found: ['ENDPOINT_SERVICE_RESTORED'] },
  { text: 'nothing of the kind', found: [] },
])('"$text" finds $found', ({ text, found }) => {
  expect(typesOf(foundIn(typeGroups('group', []), text))).toEqual(found)
})
