// What is temporary ends within a week in Atlas, and whenever its maker says here.

import type { Fidelity } from '@postern/contract/fidelity'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../http/testing.ts'
import { databaseUserHandlers } from '../resources/database-user/handlers.ts'
import { groupAccessListHandlers } from '../resources/group-access-list/handlers.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'

const now = Date.UTC(2026, 7, 10)
const week = 7 * 24 * 60 * 60 * 1000
const after = (ms: number) => new Date(now + ms).toISOString()

let open: TestStore
let api: TestApi
beforeAll(async () => {
  open = await createTestStore()
  api = await createTestApi(
    open.store,
    (parts) => ({ ...databaseUserHandlers(parts), ...groupAccessListHandlers(parts) }),
    { clock: { now: () => now } },
  )
})
afterAll(() => open.close())

const send = (method: string, path: string, body: unknown) =>
  api.ask({ method, path: `/api/atlas/v2/groups/${api.groupId}${path}`, body })
const newUser = (username: string, deleteAfterDate: string) =>
  send('POST', '/databaseUsers', {
    username,
    deleteAfterDate,
    databaseName: '$external',
    ldapAuthType: 'USER',
    roles: [{ roleName: 'read', databaseName: 'shop' }],
  })
const newEntry = (ipAddress: string, deleteAfterDate: string) =>
  send('POST', '/accessList', [{ ipAddress, deleteAfterDate }])

describe.each<{ own: Fidelity; beyond: object; status: readonly number[] }>([
  { own: 'atlas', beyond: { errorCode: 'INVALID_ATTRIBUTE' }, status: [400, 400, 400] },
  { own: 'postern', beyond: {}, status: [201, 200, 201] },
])('$own', ({ own, beyond, status }) => {
  test('one week to the millisecond is taken, and one more', async () => {
    await open.store.transact((tx) =>
      tx.updateTable('group').set({ fidelity: own }).where('id', '=', api.groupId).execute(),
    )
    expect((await newUser(`${own}-week`, after(week))).status).toBe(201)
    expect((await newEntry('192.0.2.1', after(week))).status).toBe(201)
    const further = [
      await newUser(`${own}-month`, after(week + 1)),
      await send('PATCH', `/databaseUsers/$external/${own}-week`, { deleteAfterDate: after(week + 1) }),
      await newEntry('192.0.2.2', after(week + 1)),
    ]
    expect(further.map((answer) => answer.status)).toEqual(status)
    for (const { body } of further) expect(body).toMatchObject(beyond)
    if (own !== 'atlas') return
    const named = (field: string) => ({
      badRequestDetail: { fields: [{ field, description: 'must be within one week from now' }] },
    })
    expect(further.map(({ body }) => body)).toMatchObject([
      named('deleteAfterDate'),
      named('deleteAfterDate'),
      named('[0].deleteAfterDate'),
    ])
  })
})
