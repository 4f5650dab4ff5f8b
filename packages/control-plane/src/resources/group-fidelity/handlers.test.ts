// Which behaviour a group has: its server's, or its own choice.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { begin } from '../../fidelity/automation.testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())

describe('a group', () => {
  test('is answered as the server is set, or by its own choice, which its owner makes and which is told', async () => {
    const { journey } = await begin(open.store, 'postern')
    const { ask, get, groupId } = journey
    const path = `/api/postern/v1/groups/${groupId}/fidelity`
    expect(await get(path)).toEqual({ fidelity: 'postern', own: null })
    for (const [own, fidelity] of [
      ['atlas', 'atlas'],
      [null, 'postern'],
    ]) {
      const answer = await ask({ method: 'PATCH', path, body: { own } })
      expect([answer.status, answer.body, await get(path)]).toEqual([200, { fidelity, own }, { fidelity, own }])
    }
    const told = await open.store.read
      .selectFrom('event')
      .select(['type', 'target'])
      .where('group_id', '=', groupId)
      .where('type', '=', 'GROUP_SETTINGS_UPDATED')
      .execute()
    expect(new Set(told.map(({ target }) => target))).toEqual(
      new Set([
        { setting: 'fidelity', fidelity: 'atlas' },
        { setting: 'fidelity', fidelity: null },
      ]),
    )
  })

  test('that chose Atlas’s behaviour on a server of Postern’s has it, and only it', async () => {
    const { journey, does } = await begin(open.store, 'postern')
    const path = `/api/postern/v1/groups/${journey.groupId}/fidelity`
    await does.must({ method: 'PATCH', path, body: { own: 'atlas' } })
    expect((await journey.get(await does.makeService())).status).toBe('INITIATING')
    const other = await begin(open.store, 'postern')
    expect((await other.journey.get(await other.does.makeService())).status).toBe('AVAILABLE')
  })

  test.each([{ own: 'Atlas' }, { own: true }, {}, { own: 'atlas', more: 1 }])(
    'refuses %j, and keeps what it has',
    async (body) => {
      const { journey } = await begin(open.store, 'atlas')
      const path = `/api/postern/v1/groups/${journey.groupId}/fidelity`
      expect((await journey.ask({ method: 'PATCH', path, body })).status).toBe(400)
      expect(await journey.get(path)).toEqual({ fidelity: 'atlas', own: null })
    },
  )

  test('is not switched by somebody who only reads it', async () => {
    const { journey } = await begin(open.store, 'postern')
    const as = await journey.newCaller('API_KEY', { group: ['GROUP_READ_ONLY'] })
    const path = `/api/postern/v1/groups/${journey.groupId}/fidelity`
    expect((await journey.ask({ method: 'GET', path, as })).status).toBe(200)
    expect((await journey.ask({ method: 'PATCH', path, body: { own: 'atlas' }, as })).status).toBe(403)
  })
})
