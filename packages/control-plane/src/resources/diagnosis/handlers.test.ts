// What only a clock, or an edge that says so, can break: the rest is broken in packages/postern/journeys/doctor.test.ts.

import type { Diagnosis } from '@postern/contract/schemas/diagnosis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createProviders } from '../../providers/providers.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey } from '../private-endpoint/testing.ts'
import { diagnosisHandlers } from './handlers.ts'

let open: TestStore
let journey: Journey
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(async () => {
  await clearStore(open.store)
  journey = await createJourney(open.store, {
    more: {
      handlers: (parts) =>
        diagnosisHandlers(
          parts,
          createProviders(parts, async () => 'free'),
        ),
      reconcilers: () => [],
    },
  })
})

const diagnose = async (body: object = {}): Promise<Diagnosis> => {
  const path = `/api/postern/v1/groups/${journey.groupId}:diagnose`
  const answer = await journey.ask({ method: 'POST', path, body })
  expect(answer.status).toBe(200)
  return answer.body as Diagnosis
}
const found = async (body?: object) =>
  (await diagnose(body)).findings
    .filter(({ status }) => status === 'FAILED' || status === 'WARNING')
    .map(({ id, status, found: words }) => `${status} ${id}: ${words}`)

test('an installation whose edge is well has no finding', async () => {
  await journey.edge('edge-1').takeOver()
  expect(await found()).toEqual([])
})

test('where no gateway has ever reported', async () => {
  expect(await found()).toEqual(['FAILED edges-heard: Nothing was heard of any gateway ever.'])
})

test('an edge that is silent, and one of two', async () => {
  await journey.edge('edge-1').takeOver()
  await journey.pass(61_000)
  expect(await found()).toEqual([expect.stringMatching(/^FAILED edges-heard: .* gateway since 2026-01-01T00:00:00/)])
  await journey.edge('edge-2').takeOver()
  expect(await found()).toEqual([expect.stringMatching(/^WARNING edges-heard: Nothing was heard of edge edge-1/)])
})

test('an edge that stays behind, once it has had time', async () => {
  const edge = journey.edge('edge-1')
  await edge.takeOver()
  const { epoch } = await edge.fetch('gateway')
  await edge.report('gateway', { epoch, n: 0, bound: [], failed: [] })
  expect(await found()).toEqual([])
  await journey.pass(31_000)
  await edge.report('gateway', { epoch, n: 0, bound: [], failed: [] })
  expect(await found()).toEqual([
    'FAILED edges-current: An older snapshot is served: the gateway of edge edge-1 holds number 0.',
  ])
})

test('a listener that an edge cannot serve', async () => {
  const edge = journey.edge('edge-1')
  const { epoch, n } = await edge.fetch('gateway')
  await edge.report('gateway', { epoch, n, bound: [], failed: [{ id: '20001', reason: 'address in use' }] })
  expect(await found()).toEqual(['FAILED edges-serve: The gateway of edge edge-1 cannot serve 20001: address in use.'])
})

test('a service that failed, and what it keeps from being', async () => {
  await journey.edge('edge-1').takeOver()
  const { id } = await journey.newService({ providerName: 'AWS' })
  await open.store.transact((tx) =>
    tx
      .updateTable('endpoint_service')
      .set({ status: 'FAILED', error_message: 'no room' })
      .where('id', '=', id)
      .execute(),
  )
  expect(await found()).toEqual([expect.stringMatching(/^FAILED service-made: .* is FAILED: no room$/)])
})

test.each([
  { says: 'a field that it does not know', body: { password: 'x' } },
  { says: 'hosts that are none', body: { hosts: [''] } },
])('$says is refused', async ({ body }) => {
  const path = `/api/postern/v1/groups/${journey.groupId}:diagnose`
  expect((await journey.ask({ method: 'POST', path, body })).status).toBe(400)
})
