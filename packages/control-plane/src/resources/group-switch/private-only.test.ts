// A project that hands out private ways alone: told with an event, off at first, and seen in its clusters' answers.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { prepared } from '../../fidelity/automation.testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())

test('standard strings go, and come back', async () => {
  const { journey } = await prepared(open.store, 'postern')
  const { ask, get, groupId } = journey
  const path = `/api/postern/v1/groups/${groupId}/privateOnly`
  const standards = async () => {
    const { results } = await get(`/api/atlas/v2/groups/${groupId}/clusters`)
    const all: readonly { readonly name: string; readonly connectionStrings: object }[] = results
    return all.map(({ connectionStrings }) => 'standard' in connectionStrings)
  }
  expect(await get(path)).toEqual({ enabled: false })
  const before = await standards()
  expect(before).toEqual([true])
  expect(await ask({ method: 'PATCH', path, body: { enabled: true } })).toMatchObject({
    status: 200,
    body: { enabled: true },
  })
  expect(await get(path)).toEqual({ enabled: true })
  expect(await standards()).toEqual([false])
  await ask({ method: 'PATCH', path, body: { enabled: false } })
  expect(await standards()).toEqual(before)
  const told = await open.store.read
    .selectFrom('event')
    .select('target')
    .where('group_id', '=', groupId)
    .where('type', '=', 'GROUP_SETTINGS_UPDATED')
    .execute()
  expect(new Set(told.map(({ target }) => target))).toEqual(
    new Set([
      { setting: 'privateOnly', enabled: true },
      { setting: 'privateOnly', enabled: false },
    ]),
  )
  for (const body of [{}, { enabled: 'yes' }, { enabled: true, more: 1 }])
    expect((await ask({ method: 'PATCH', path, body })).status).toBe(400)
})
