// The answers of this engine's own resources held against Atlas; and the witness itself, which must see what is wrong.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiKeyHandlers } from '../resources/api-key/handlers.ts'
import { groupHandlers } from '../resources/group/handlers.ts'
import { limitHandlers } from '../resources/limit/handlers.ts'
import { organizationHandlers } from '../resources/organization/handlers.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'
import { compare, createContractWitness } from './contract.testing.ts'
import { ask, createTestApi, type TestApi } from './testing.ts'

const type = 'application/vnd.atlas.2023-01-01+json;charset=utf-8'

describe('the witness sees', () => {
  const service = {
    cloudProvider: 'AWS',
    endpointServiceName: null,
    errorMessage: null,
    id: '0'.repeat(24),
    interfaceEndpoints: [],
    regionName: 'EU_WEST_1',
    status: 'INITIATING',
    supportedRemoteRegions: null,
  }
  const { endpointServiceName: _, ...nameless } = service
  const created = (body: unknown, over = {}) =>
    compare('createGroupPrivateEndpointEndpointService', {
      operation: '',
      status: 201,
      contentType: type,
      body,
      ...over,
    })
  test('nothing where all is as recorded', () => {
    expect(created(service)).toEqual([])
  })
  test.each([
    { says: 'another status', difference: created(service, { status: 200 }), line: 'status 200, not 201' },
    {
      says: 'another content type',
      difference: created(service, { contentType: 'application/json' }),
      line: 'content type application/json',
    },
    {
      says: 'a field that Atlas has not',
      difference: created({ ...service, extra: 1 }),
      line: 'extra is neither recorded nor in the contract',
    },
    { says: 'a null left out', difference: created({ ...nameless }), line: 'endpointServiceName is missing' },
    {
      says: 'a word outside the enum',
      difference: created({ ...service, cloudProvider: 7 }),
      line: expect.stringContaining('cloudProvider is integer (7)'),
    },
    {
      says: 'another type',
      difference: created({ ...service, interfaceEndpoints: 'none' }),
      line: expect.stringContaining('interfaceEndpoints is string'),
    },
    {
      says: 'keys in another order',
      difference: created(Object.fromEntries(Object.entries(service).toReversed())),
      line: 'regionName is out of order',
    },
    {
      says: 'a list instead of a thing',
      difference: created([service]),
      line: expect.stringContaining('the body is a list'),
    },
  ])('$says', ({ difference, line }) => {
    expect(difference).toContainEqual(line)
  })
  test('a page where a bare list was recorded', () => {
    const body = { links: [], results: [], totalCount: 0 }
    const answer = { operation: '', status: 200, contentType: type, body }
    expect(compare('listGroupPrivateEndpointEndpointService', answer)).not.toEqual([])
  })
  test('what is exempt by name, and nothing else', () => {
    const answer = { operation: '', status: 201, contentType: type, body: nameless }
    expect(compare('createGroupPrivateEndpointEndpointService', answer, ['endpointServiceName'])).toEqual([])
  })
})

describe('organizations, groups, API keys and limits', () => {
  let store: TestStore
  let api: TestApi
  beforeAll(async () => {
    store = await createTestStore()
    api = await createTestApi(store.store, (parts) => ({
      ...organizationHandlers(parts),
      ...groupHandlers(parts),
      ...apiKeyHandlers(parts),
      ...limitHandlers(parts),
    }))
  })
  afterAll(() => store.close())

  test('answer as Atlas does', async () => {
    const witness = createContractWitness()
    const http = witness.watch(api.http)
    const call = async (method: string, path: string, body?: unknown) =>
      (await ask(http, { method, path: `/api/atlas/v2${path}`, body, as: api.owner })).body as Record<string, string>

    const created = await call('POST', '/groups', { name: 'Contract', orgId: api.orgId })
    const tags = [{ key: 'env', value: 'e2e' }]
    const tagged = await call('POST', '/groups', { name: 'Tagged', orgId: api.orgId, tags })
    const group = `/groups/${created.id}`
    await call('GET', '/groups')
    await call('GET', group)
    await call('GET', `/groups/${tagged.id}`)
    await call('GET', '/groups/byName/Contract')
    await call('GET', '/orgs')
    await call('GET', `/orgs/${api.orgId}`)
    await call('GET', `/orgs/${api.orgId}/groups`)
    const key = await call('POST', `${group}/apiKeys`, { desc: 'x', roles: ['GROUP_OWNER'] })
    await call('GET', `${group}/apiKeys`)
    await call('DELETE', `${group}/apiKeys/${key.id}`)
    const limit = 'atlas.project.deployment.clusters'
    await call('GET', `${group}/limits`)
    await call('PATCH', `${group}/limits/${limit}`, { value: 30 })
    await call('GET', `${group}/limits/${limit}`)
    await call('DELETE', `${group}/limits/${limit}`)
    await call('DELETE', group)

    expect(witness.differences()).toEqual([])
    expect([...witness.covered()].sort()).toEqual([
      'createGroup',
      'createGroupApiKey',
      'deleteGroup',
      'deleteGroupLimit',
      'getGroup',
      'getGroupByName',
      'getGroupLimit',
      'getOrg',
      'getOrgGroups',
      'listGroupApiKeys',
      'listGroupLimits',
      'listGroups',
      'listOrgs',
      'removeGroupApiKey',
      'setGroupLimit',
    ])
  })
})
