// Network containers: told, or made by the first thing that comes to a region; and the switches beside them.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApi, type TestApi } from '../../http/testing.ts'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { endpointServiceHandlers } from '../endpoint-service/handlers.ts'
import { groupSwitchHandlers } from '../group-switch/handlers.ts'
import { freeCidr, overlaps } from './container.ts'
import { networkContainerHandlers } from './handlers.ts'

let store: TestStore
let api: TestApi
let group: string
beforeAll(async () => {
  store = await createTestStore()
  api = await createTestApi(store.store, (parts) => ({
    ...networkContainerHandlers(parts),
    ...endpointServiceHandlers(parts),
    ...groupSwitchHandlers(parts),
  }))
  group = `/api/atlas/v2/groups/${api.groupId}`
})
afterAll(() => store.close())

interface Container {
  readonly id: string
}
const create = (body: object) => api.ask({ method: 'POST', path: `${group}/containers`, body })
const list = async (query: string) => {
  const { body } = await api.ask({ method: 'GET', path: `${group}/containers${query}` })
  return (body as { results: Container[] }).results
}

describe('the first endpoint service of a region', () => {
  test('brings a container, the second of it none', async () => {
    const path = `${group}/privateEndpoint/endpointService`
    for (const region of ['EU_WEST_1', 'EU_WEST_2'])
      await api.ask({ method: 'POST', path, body: { providerName: 'AWS', region } })
    for (const portMappingEnabled of [true, false])
      await api.ask({ method: 'POST', path, body: { providerName: 'GCP', region: 'CENTRAL_US', portMappingEnabled } })
    const shown = await list('?providerName=AWS')
    expect(shown).toEqual([
      expect.objectContaining({ atlasCidrBlock: '192.168.248.0/21', provisioned: true, regionName: 'EU_WEST_1' }),
      expect.objectContaining({ atlasCidrBlock: '192.168.240.0/21', provisioned: true, regionName: 'EU_WEST_2' }),
    ])
    expect(await list('/all')).toHaveLength(3)
    expect(await api.ask({ method: 'DELETE', path: `${group}/containers/${shown[0]?.id}` })).toMatchObject({
      status: 409,
      body: { errorCode: 'CONTAINERS_IN_USE' },
    })
  })
})

describe('a container that is told', () => {
  test('is kept, changed and removed', async () => {
    const { body } = await create({ providerName: 'AWS', regionName: 'us-east-1', atlasCidrBlock: '10.8.0.0/21' })
    const path = `${group}/containers/${(body as Container).id}`
    expect(body).toMatchObject({ regionName: 'US_EAST_1', atlasCidrBlock: '10.8.0.0/21', provisioned: false })
    const change = { providerName: 'AWS', atlasCidrBlock: '10.8.64.0/21' }
    expect(await api.ask({ method: 'PATCH', path, body: change })).toMatchObject({
      body: { regionName: 'US_EAST_1', atlasCidrBlock: '10.8.64.0/21' },
    })
    const move = { providerName: 'AWS', regionName: 'US_WEST_1' }
    expect((await api.ask({ method: 'PATCH', path, body: move })).status).toBe(400)
    expect((await api.ask({ method: 'DELETE', path })).status).toBe(204)
    expect(await api.ask({ method: 'GET', path })).toMatchObject({ body: { errorCode: 'CONTAINER_NOT_FOUND' } })
  })

  test.each<{ says: string; body: object; status: number; code: string }>([
    {
      says: 'where one is',
      body: { regionName: 'EU_WEST_1', atlasCidrBlock: '10.8.0.0/21' },
      status: 409,
      code: 'CONTAINER_ALREADY_EXISTS',
    },
    {
      says: 'over another',
      body: { regionName: 'EU_WEST_3', atlasCidrBlock: '192.168.250.0/24' },
      status: 409,
      code: 'OVERLAPPING_ATLAS_CIDR_BLOCK',
    },
    { says: 'without a region', body: { atlasCidrBlock: '10.8.0.0/21' }, status: 400, code: 'MISSING_ATTRIBUTE' },
    {
      says: 'on public addresses',
      body: { regionName: 'EU_WEST_3', atlasCidrBlock: '8.8.0.0/21' },
      status: 400,
      code: 'INVALID_ATTRIBUTE',
    },
    {
      says: 'too small',
      body: { regionName: 'EU_WEST_3', atlasCidrBlock: '10.8.0.0/28' },
      status: 400,
      code: 'INVALID_ATTRIBUTE',
    },
    {
      says: 'on IPv6',
      body: { regionName: 'EU_WEST_3', atlasCidrBlock: 'fd00::/20' },
      status: 400,
      code: 'INVALID_ATTRIBUTE',
    },
  ])('is refused $says', async ({ body, status, code }) => {
    expect(await create({ providerName: 'AWS', ...body })).toMatchObject({ status, body: { errorCode: code } })
  })
})

test.each([
  { one: '10.0.0.0/16', other: '10.0.255.0/24', meet: true },
  { one: '10.0.0.0/16', other: '10.1.0.0/16', meet: false },
  { one: '192.168.248.0/21', other: '192.168.240.0/21', meet: false },
])('$one and $other meet: $meet', ({ one, other, meet }) => {
  expect([overlaps(one, other), overlaps(other, one)]).toEqual([meet, meet])
})

test('networks are taken from the top down', () => {
  expect(freeCidr('AZURE', [])).toBe('192.168.248.0/21')
  expect(freeCidr('AWS', ['192.168.240.0/20'])).toBe('192.168.232.0/21')
  expect(freeCidr('GCP', [])).toBe('192.168.0.0/18')
})

test('a switch stays as it was turned, and its event says which it was', async () => {
  await api.ask({ method: 'DELETE', path: `${group}/managedSlowMs/disable` })
  const rows = await store.store.read.selectFrom('group').select(['id', 'managed_slow_ms']).execute()
  expect(rows).toEqual([{ id: api.groupId, managed_slow_ms: false }])
  const event = await store.store.read
    .selectFrom('event')
    .select('target')
    .where('type', '=', 'GROUP_SETTINGS_UPDATED')
    .executeTakeFirstOrThrow()
  expect(event.target).toEqual({ setting: 'managedSlowMs', enabled: false })
})
