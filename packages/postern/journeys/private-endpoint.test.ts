// The main job, with the official driver, for all four forms of a private endpoint on one cluster.

import { type Document, MongoClient, type TopologyDescriptionChangedEvent } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attach, createService, endpointAvailable, endpointForms } from '../src/quickstart/forms.ts'
import { connectionEnds } from '../src/quickstart/quickstart.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { anyForm, attachTo, createJourneyUser, journeyUser } from './attached.ts'
import { createCluster, drills, gatewayLog, startForTest, targetsOf, watchDials } from './running.ts'

const clusterName = 'Journey'

let running: Running
let groupId: string
let clusterId: string

beforeAll(async () => {
  running = await startForTest()
  groupId = running.bootstrap.groupId
  await createCluster(running, clusterName)
  clusterId = (await running.client.call('getGroupCluster', { params: { groupId, clusterName } })).body.id
  await createJourneyUser(running.client, groupId)
})

afterAll(async () => {
  await running?.stop()
})

describe.each(endpointForms)('$says', (form) => {
  let attached: Awaited<ReturnType<typeof attachTo>>
  const memberAddresses = new Set<string>()

  beforeAll(async () => {
    attached = await attachTo(running.client, { groupId, clusterName, form })
    for (const member of await drills(running).members(clusterId)) memberAddresses.add(member.hostPort)
  })

  test('the connection string names one target for each member, and no member of the deployment', () => {
    const targets = targetsOf(attached.uri)
    expect(targets).toHaveLength(3)
    expect(targets.filter((target) => memberAddresses.has(target))).toEqual([])
  })

  test.each([
    { says: 'the driver as it comes', options: {} },
    { says: 'a driver that compresses, its streaming hello too', options: { compressors: ['zlib' as const] } },
    { says: 'a driver with one seed, which must discover the rest', options: {}, oneSeed: true },
  ])('$says finds the whole set under the endpoint’s names only, writes and reads', async ({ options, oneSeed }) => {
    const [first] = targetsOf(attached.uri)
    const uri = oneSeed === true ? attached.uri.replace(/^mongodb:\/\/[^/]*/, `mongodb://${first}`) : attached.uri
    const watch = watchDials()
    const driver = new MongoClient(uri, { ...options, auth: journeyUser })
    const seen = new Set<string>()
    driver.on('topologyDescriptionChanged', ({ newDescription }: TopologyDescriptionChangedEvent) => {
      for (const server of newDescription.servers.values())
        for (const host of [...server.hosts, ...server.passives, ...server.arbiters, server.me, server.primary])
          if (host !== null && host !== undefined) seen.add(host)
    })
    try {
      const documents = driver.db('journeys').collection<Document>(`documents-${form.provider}`)
      const { insertedId } = await documents.insertOne({ through: attached.endpointId })
      expect(await documents.findOne({ _id: insertedId })).toMatchObject({ through: attached.endpointId })
      await until('all three members being known', 10_000, async () => (seen.size === 3 ? true : undefined))
      expect([...seen].sort()).toEqual([...targetsOf(attached.uri)].sort())
      for (const command of [{ hello: 1 }, { isMaster: 1 }, { ismaster: 1 }]) {
        const reply = JSON.stringify(await driver.db('admin').command(command))
        expect([...memberAddresses].filter((address) => reply.includes(address))).toEqual([])
      }
    } finally {
      await driver.close()
      watch.end()
    }
    const own = watch.dials().filter(({ to }) => targetsOf(attached.uri).includes(to))
    expect(watch.dials().filter(({ to }) => memberAddresses.has(to))).toEqual([])
    expect(own.length).toBeGreaterThan(0)
    await until('every connection having its line in the gateway’s log', 5_000, async () => {
      const lines = new Map(gatewayLog(running).map((line) => [line.source, line]))
      return own.every(({ from }) => {
        const line = lines.get(from)
        return line?.cloudEndpointId === attached.endpointId && (line.memberId !== undefined || line.code !== undefined)
      })
        ? true
        : undefined
    })
  })

  test('terminating it ends live connections, refuses new ones and takes its service with it', async () => {
    const { client } = running
    const driver = new MongoClient(attached.uri, { auth: journeyUser, serverSelectionTimeoutMS: 2_000 })
    try {
      await driver.db('admin').command({ ping: 1 })
      const cut = connectionEnds(driver)
      const params = {
        groupId,
        cloudProvider: form.provider,
        endpointServiceId: attached.endpointServiceId,
        endpointId: attached.endpointId,
      }
      const deleted = await client.call('deleteGroupPrivateEndpointEndpointServiceEndpoint', { params })
      expect(deleted.status).toBe(202)
      await cut
      await expect(driver.db('admin').command({ ping: 1 })).rejects.toThrow()
      await until('the endpoint and its service being gone', 20_000, async () => {
        const { body } = await client.call('listGroupPrivateEndpointEndpointService', {
          params: { groupId, cloudProvider: form.provider },
        })
        return body.every((service) => service.id !== attached.endpointServiceId) ? true : undefined
      })
    } finally {
      await driver.close(true)
    }
  })
})

describe('an endpoint that its cloud does not bear out', () => {
  test('one that does not exist ends REJECTED with a sentence that says why', async () => {
    const { client } = running
    const other = { ...anyForm, region: 'eu-north-1' }
    const endpointServiceId = await createService(client, groupId, other)
    const endpointId = 'vpce-11111111111111111'
    await attach(client, other, { groupId, endpointServiceId, body: { id: endpointId } })
    await expect(endpointAvailable(client, other, { groupId, endpointServiceId, endpointId })).rejects.toThrow(
      /vpce-11111111111111111: .{20,}/,
    )
    await expect(
      client.call('deleteGroupPrivateEndpointEndpointService', {
        params: { groupId, cloudProvider: 'AWS', endpointServiceId },
      }),
    ).rejects.toMatchObject({ status: 409, detail: expect.stringContaining(endpointId) })
  })
})
