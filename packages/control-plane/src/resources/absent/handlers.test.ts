// A project here has none of these; who reads them is told so as Atlas tells it, and not that there is no such path.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { absentHandlers } from './handlers.ts'

let store: TestStore
let api: TestApi
beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(store.store, () => absentHandlers)
})
afterAll(() => store.close())

const off = { enabled: false }

test.each([
  { path: 'peers', says: { results: [], totalCount: 0 } },
  { path: 'peers?providerName=AZURE', says: { results: [], totalCount: 0 } },
  { path: 'integrations', says: { results: [], totalCount: 0 } },
  { path: 'encryptionAtRest', says: { awsKms: off, azureKeyVault: off, googleCloudKms: off } },
  { path: 'auditLog', says: { enabled: false, configurationType: 'NONE', auditFilter: '{}' } },
  // Without any field: the official Kubernetes operator takes the least for a policy, and 404 for an error.
  { path: 'backupCompliancePolicy', says: {} },
])('GET $path', async ({ path, says }) => {
  const { status, body } = await api.ask({ method: 'GET', path: `/api/atlas/v2/groups/${api.groupId}/${path}` })
  expect(status).toBe(200)
  expect(body).toMatchObject(says)
  if (path === 'backupCompliancePolicy') expect(body).toEqual({})
})

test('nobody learns that a project is not there from its having nothing', async () => {
  const path = '/api/atlas/v2/groups/0123456789abcdef01234567/peers'
  expect(await api.ask({ method: 'GET', path })).toMatchObject({ status: 404, body: { errorCode: 'GROUP_NOT_FOUND' } })
})
