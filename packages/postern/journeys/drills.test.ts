// The door for test suites, on a whole Postern: each fault brings about what a real cloud would, time passes at once, and
// reset puts everything back: rows, data, users, members, time, and what the edges serve.

import type { Client } from '@postern/contract/client'
import type { FaultName } from '@postern/contract/fault'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { drills, startForTest } from './running.ts'

let running: Running
let client: Client
let groupId: string
beforeAll(async () => {
  running = await startForTest({ testing: true, sample: true })
  client = running.client
  groupId = running.bootstrap.groupId
})
afterAll(() => running?.stop())
beforeEach(() => client.call('resetTesting'))

const provider = 'AWS'
const advance = (ms: number) => client.call('advanceTestingClock', { body: { ms } })
const minute = 60_000

const service = async (region: string) => {
  const { body } = await client.call('createGroupPrivateEndpointEndpointService', {
    params: { groupId },
    body: { providerName: provider, region },
  })
  return body.id
}
const seenService = async (endpointServiceId: string) => {
  const params = { groupId, cloudProvider: provider, endpointServiceId }
  const { body } = await client.call('getGroupPrivateEndpointEndpointService', { params })
  return body as { status: string; endpointServiceName: string; errorMessage: string | null }
}
const endpoint = async (endpointServiceId: string) => {
  const { endpointServiceName: serviceName } = await seenService(endpointServiceId)
  const { vpcEndpointId } = (await client.call('createLocalAwsVpcEndpoint', { body: { serviceName } })).body
  await client.call('createGroupPrivateEndpointEndpointServiceEndpoint', {
    params: { groupId, cloudProvider: provider, endpointServiceId },
    body: { id: vpcEndpointId },
  })
  return vpcEndpointId
}
const seenEndpoint = async (endpointServiceId: string, endpointId: string) => {
  const params = { groupId, cloudProvider: provider, endpointServiceId, endpointId }
  const { body } = await client.call('getGroupPrivateEndpointEndpointServiceEndpoint', { params })
  return body as { connectionStatus: string; errorMessage: string | null }
}
const setFault = (name: FaultName, more: object = {}) => client.call('createTestingFault', { body: { name, ...more } })
const struckOf = async () =>
  (await client.call('listTestingFaults')).body.results.map(({ struck, left }) => [struck, left])
const at = (endpointServiceId: string) => ({ groupId, cloudProvider: provider, endpointServiceId })
const drive = async (work: (driver: MongoClient) => Promise<void>) => {
  const { connectionStrings, dbUser: username, dbPassword: password } = running.bootstrap
  const driver = new MongoClient(String(connectionStrings[0]), { auth: { username, password }, appName: 'suite' })
  try {
    await work(driver)
  } finally {
    await driver.close()
  }
}

describe('time', () => {
  test('what takes the cloud a minute is there when a minute has passed, and not before', async () => {
    await setFault('slow-cloud', { ms: minute })
    const id = await service('EU_WEST_1')
    await advance(minute / 2)
    expect(await seenService(id)).toMatchObject({ status: 'INITIATING' })
    await advance(minute)
    expect(await seenService(id)).toMatchObject({ status: 'AVAILABLE' })
    const vpcEndpointId = await endpoint(id)
    await advance(2 * minute)
    expect(await seenEndpoint(id, vpcEndpointId)).toMatchObject({ connectionStatus: 'AVAILABLE' })
  })

  test('a database user goes at its time', async () => {
    const username = 'guest'
    const { body } = await client.call('advanceTestingClock', { body: { ms: 1 } })
    const deleteAfterDate = new Date(Date.parse(body.now) + 60 * minute).toISOString()
    const roles = [{ databaseName: 'admin', roleName: 'readAnyDatabase' }]
    await client.call('createGroupDatabaseUser', {
      params: { groupId },
      body: { databaseName: 'admin', username, password: 'for-an-hour', roles, deleteAfterDate },
    })
    const list = async () => {
      const { results } = (await client.call('listGroupDatabaseUsers', { params: { groupId } })).body
      return results.map((user) => user.username)
    }
    await advance(50 * minute)
    expect(await list()).toContain(username)
    await advance(20 * minute)
    expect(await list()).not.toContain(username)
  })

  test('is put back by reset', async () => {
    const { body: later } = await advance(24 * 60 * minute)
    await client.call('resetTesting')
    const { body: now } = await advance(1)
    expect(Date.parse(now.now)).toBeLessThan(Date.parse(later.now))
  })
})

describe('faults of the cloud', () => {
  test('endpoint-refused: REJECTED in the cloud’s words, and the next try succeeds', async () => {
    const id = await service('EU_WEST_1')
    await advance(minute)
    await setFault('endpoint-refused', { region: 'EU_WEST_1', message: 'Not today.' })
    const vpcEndpointId = await endpoint(id)
    await advance(minute)
    expect(await seenEndpoint(id, vpcEndpointId)).toMatchObject({
      connectionStatus: 'REJECTED',
      errorMessage: 'Not today.',
    })
    expect(await struckOf()).toEqual([[1, 0]])
    await client.call('retryGroupPrivateEndpoint', { params: { ...at(id), endpointId: vpcEndpointId } })
    await advance(minute)
    expect(await seenEndpoint(id, vpcEndpointId)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
  })

  test('region-full: FAILED there and nowhere else, until it is cleared and tried again', async () => {
    const { body: fault } = await setFault('region-full', { provider, region: 'EU_WEST_1' })
    const [full, other] = [await service('EU_WEST_1'), await service('EU_WEST_2')]
    await advance(minute)
    expect(await seenService(other)).toMatchObject({ status: 'AVAILABLE' })
    expect(await seenService(full)).toMatchObject({
      status: 'FAILED',
      errorMessage: 'The region has no capacity for another private endpoint service.',
    })
    await client.call('deleteTestingFault', { params: { faultId: fault.id } })
    await client.call('retryGroupEndpointService', { params: at(full) })
    await advance(minute)
    expect(await seenService(full)).toMatchObject({ status: 'AVAILABLE', errorMessage: null })
  })

  test('operation-in-progress: nobody is told, and it is tried again', async () => {
    await setFault('operation-in-progress', { times: 2 })
    const id = await service('EU_WEST_1')
    await advance(minute)
    expect(await struckOf()).toEqual([[2, 0]])
    expect(await seenService(id)).toMatchObject({ status: 'AVAILABLE' })
  })

  test('cloud-away: everything waits for as long as it lasts', async () => {
    await setFault('cloud-away')
    const id = await service('EU_WEST_1')
    await advance(10 * minute)
    expect(await seenService(id)).toMatchObject({ status: 'INITIATING', errorMessage: null })
    await client.call('deleteTestingFaults')
    await advance(minute)
    expect(await seenService(id)).toMatchObject({ status: 'AVAILABLE' })
  })

  test('endpoint-lost: one that stood is refused, as when its owner deleted it', async () => {
    const id = await service('EU_WEST_1')
    await advance(minute)
    const [lost, kept] = [await endpoint(id), await endpoint(id)]
    await advance(minute)
    await setFault('endpoint-lost', { endpointId: lost })
    await advance(minute)
    expect(await seenEndpoint(id, lost)).toMatchObject({ connectionStatus: 'REJECTED' })
    expect(await seenEndpoint(id, kept)).toMatchObject({ connectionStatus: 'AVAILABLE' })
  })

  test.each([
    { says: 'without what it needs', body: { name: 'slow-cloud' }, error: /ms/ },
    {
      says: 'of no cluster that there is',
      body: { name: 'member-down', clusterName: 'Nope', member: 0 },
      error: /clusterName/,
    },
    {
      says: 'of no member that there is',
      body: { name: 'member-down', clusterName: 'Cluster0', member: 9 },
      error: /member/,
    },
    { says: 'that nobody knows', body: { name: 'meteor' }, error: /name/ },
  ])('one $says is refused, and none is set', async ({ body, error }) => {
    await expect(client.call('createTestingFault', { body: body as never })).rejects.toThrow(error)
    expect(await struckOf()).toEqual([])
  })
})

describe('faults of members', () => {
  const members = async () => {
    const { body } = await client.call('getGroupCluster', { params: { groupId, clusterName: 'Cluster0' } })
    return (await drills(running).members(String(body.id))).map(({ state }) => state)
  }

  test('member-down: a driver goes on by the others; cleared, the member is back', async () => {
    await drive(async (driver) => {
      await driver.db('shop').collection('items').insertOne({ sku: 'before' })
      const { body: fault } = await setFault('member-down', { clusterName: 'Cluster0', member: 0 })
      await driver.db('shop').collection('items').insertOne({ sku: 'after' })
      expect(await members()).toContain('DOWN')
      await client.call('deleteTestingFault', { params: { faultId: fault.id } })
      expect(await members()).not.toContain('DOWN')
    })
  })

  test('primary-steps-down: another member is elected', async () => {
    const before = (await members()).indexOf('PRIMARY')
    await setFault('primary-steps-down', { clusterName: 'Cluster0' })
    await expect.poll(async () => (await members()).indexOf('PRIMARY')).not.toBe(-1)
    expect((await members()).indexOf('PRIMARY')).not.toBe(before)
    expect(await struckOf()).toEqual([[1, 0]])
  })

  test('reset brings members back and leaves a primary', async () => {
    await setFault('member-down', { clusterName: 'Cluster0', member: 1 })
    await client.call('resetTesting')
    expect((await members()).toSorted()).toEqual(['PRIMARY', 'SECONDARY', 'SECONDARY'])
    expect(await struckOf()).toEqual([])
  })
})

describe('reset', () => {
  test('takes back what was made, changed and deleted, under the same ids; the seed’s string works as before', async () => {
    const list = async () =>
      (await client.call('listGroupPrivateEndpointEndpointService', { params: { groupId, cloudProvider: provider } }))
        .body
    const strings = async () =>
      (await client.call('getGroupCluster', { params: { groupId, clusterName: 'Cluster0' } })).body.connectionStrings
    const seed = { services: await list(), strings: await strings() }
    const [sample] = seed.services
    const endpointServiceId = String(sample?.id)
    await service('EU_WEST_1')
    await client.call('deleteGroupPrivateEndpointEndpointServiceEndpoint', {
      params: {
        ...at(endpointServiceId),
        endpointId: String((sample as { interfaceEndpoints: string[] }).interfaceEndpoints[0]),
      },
    })
    await client.call('deleteGroupDatabaseUser', {
      params: { groupId, databaseName: 'admin', username: running.bootstrap.dbUser },
    })
    await advance(minute)
    expect(await list()).not.toEqual(seed.services)
    await client.call('resetTesting')
    expect({ services: await list(), strings: await strings() }).toEqual(seed)
    await drive(async (driver) => {
      expect(await driver.db('shop').collection('items').countDocuments()).toBe(0)
    })
  })

  test('empties what a test wrote, under a driver that goes on, and ends its session', async () => {
    await drive(async (driver) => {
      const items = driver.db('shop').collection('items')
      await items.insertMany([{ sku: 'a' }, { sku: 'b' }, { sku: 'c' }])
      const cursor = items.find({}, { batchSize: 1 })
      await cursor.next()
      await client.call('resetTesting')
      await expect(cursor.toArray()).rejects.toThrow()
      expect(await items.countDocuments()).toBe(0)
    })
  })

  test('a cluster that was made goes, one that was deleted is back with its data', async () => {
    await drive(async (driver) => {
      await driver.db('shop').collection<{ _id: string }>('kept').insertOne({ _id: 'in the seed' })
    })
    await client.call('keepTestingSeed')
    const params = { groupId, clusterName: 'Cluster0' }
    await client.call('deleteGroupCluster', { params })
    await advance(minute)
    await expect(client.call('getGroupCluster', { params })).rejects.toThrow(/Cluster0/)
    await client.call('resetTesting')
    await drive(async (driver) => {
      expect(await driver.db('shop').collection('kept').countDocuments()).toBe(1)
    })
  })
})
