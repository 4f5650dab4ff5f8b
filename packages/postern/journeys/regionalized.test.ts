// The regionalized mode: a sharded cluster over two regions, an endpoint in each, and drivers that stay in the region of
// the endpoint that they came by. As Postern does it, and as Atlas does.

import dns from 'node:dns'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attach, createService, type EndpointForm, endpointAvailable } from '../src/quickstart/forms.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { anyForm, createJourneyUser, journeyUser } from './attached.ts'
import { gatewayLog, startForTest, targetsOf, watchDials } from './running.ts'

const clusterName = 'Far'
const places = [
  { region: 'eu-west-1', regionName: 'EU_WEST_1', routers: 2 },
  { region: 'us-east-1', regionName: 'US_EAST_1', routers: 1 },
] as const
type Region = (typeof places)[number]['region']

describe.each([{ fidelity: 'postern' }, { fidelity: 'atlas' }] as const)('as $fidelity has it', ({ fidelity }) => {
  let running: Running
  let groupId: string
  const services = new Map<Region, string>()
  const endpoints = new Map<Region, string>()

  beforeAll(async () => {
    running = await startForTest({ fidelity, fidelityDelayMs: 100 })
    groupId = running.bootstrap.groupId
    const regionConfigs = places.map(({ regionName, routers }, at) => ({
      providerName: 'AWS' as const,
      regionName,
      priority: 7 - at,
      electableSpecs: { instanceSize: 'M10', nodeCount: routers },
    }))
    await running.client.call('createGroupCluster', {
      params: { groupId },
      body: { name: clusterName, clusterType: 'SHARDED', replicationSpecs: [{ regionConfigs }] },
    })
    await createJourneyUser(running.client, groupId)
    await idle()
    for (const { region } of places) {
      services.set(region, await createService(running.client, groupId, awsIn(region)))
      endpoints.set(region, await attachIn(region))
    }
    await idle()
  })
  afterAll(() => running?.stop())

  const awsIn = (region: Region): EndpointForm => ({ ...anyForm, region })
  const attachIn = async (region: Region): Promise<string> => {
    const { client } = running
    const at = { groupId, endpointServiceId: services.get(region) ?? '' }
    const { endpointId, body } = await awsIn(region).createConsumer(client, at)
    await attach(client, awsIn(region), { ...at, body })
    await endpointAvailable(client, awsIn(region), { ...at, endpointId })
    return endpointId
  }
  const idle = (): Promise<true> =>
    until('the cluster being IDLE', 30_000, async () => {
      const { body } = await running.client.call('getGroupCluster', { params: { groupId, clusterName } })
      return body.stateName === 'IDLE' ? true : undefined
    })
  const setMode = (enabled: boolean) =>
    running.client.call('toggleGroupPrivateEndpointRegionalMode', { params: { groupId }, body: { enabled } })
  const elementOf = async (region: Region) => {
    const { body } = await running.client.call('getGroupCluster', { params: { groupId, clusterName } })
    const endpointId = endpoints.get(region)
    const found = body.connectionStrings.privateEndpoint?.find((each) => each.endpoints?.[0]?.endpointId === endpointId)
    if (found === undefined) throw new Error(`no string for ${endpointId}`)
    return found
  }

  test('without it each endpoint leads to every router', async () => {
    for (const { region } of places) expect(targetsOf((await elementOf(region)).connectionString)).toHaveLength(3)
  })

  test('a second endpoint in one of two regions needs it where Atlas is asked for', async () => {
    const { client } = running
    const at = { groupId, endpointServiceId: services.get('eu-west-1') ?? '' }
    const { body } = await awsIn('eu-west-1').createConsumer(client, at)
    const added = attach(client, awsIn('eu-west-1'), { ...at, body })
    if (fidelity === 'atlas')
      await expect(added).rejects.toMatchObject({ errorCode: 'MULTIPLE_PRIVATE_ENDPOINTS_RESTRICTED_TO_SINGLE_REGION' })
    else await added
  })

  test('it is refused while a cluster is a replica set, which is named', async () => {
    const electableSpecs = { instanceSize: 'M10', nodeCount: 3 }
    const regionConfigs = [{ providerName: 'AWS' as const, regionName: 'EU_WEST_1', priority: 7, electableSpecs }]
    const plain = { params: { groupId, clusterName: 'Plain' } }
    await running.client.call('createGroupCluster', {
      params: { groupId },
      body: { name: 'Plain', clusterType: 'REPLICASET', replicationSpecs: [{ regionConfigs }] },
    })
    await expect(setMode(true)).rejects.toMatchObject({
      errorCode: 'REGIONALIZED_PRIVATE_ENDPOINT_MODE_NOT_ALLOWED',
      detail: expect.stringContaining('Plain'),
    })
    await running.client.call('deleteGroupCluster', plain)
    await until('the replica set being gone', 30_000, async () => {
      const { body } = await running.client.call('listGroupClusters', { params: { groupId } })
      return body.results.every(({ name }) => name !== 'Plain') ? true : undefined
    })
  })

  test('with it each endpoint leads to the routers of its region, under names of its region', async () => {
    await setMode(true)
    await idle()
    const resolver = new dns.promises.Resolver()
    resolver.setServers([String(running.bootstrap.dnsAddress)])
    const { body } = await running.client.call('getGroupClusterConnectionStrings', { params: { groupId, clusterName } })
    for (const { region, routers } of places) {
      const element = await elementOf(region)
      const targets = targetsOf(element.connectionString)
      expect(targets).toHaveLength(routers)
      const { srv = '' } = body.endpoints.find(({ endpointId }) => endpointId === endpoints.get(region)) ?? {}
      expect(srv).toMatch(new RegExp(`^mongodb\\+srv://far-pl-\\d+-${region}\\.`))
      expect(element.srvConnectionString).toBe(fidelity === 'atlas' ? srv : undefined)
      const records = await until(`${srv} naming its region's routers`, 10_000, async () => {
        const found = await resolver.resolveSrv(`_mongodb._tcp.${new URL(srv).hostname}`).catch(() => [])
        return found.length === routers ? found : undefined
      })
      expect(records.map(({ port }) => String(port)).sort()).toEqual(targets.map((at) => at.split(':')[1]).sort())
    }
  })

  test('a driver stays in the region of its endpoint, and all of them see one cluster', async () => {
    const reached = new Map<Region, ReadonlySet<string>>()
    for (const { region } of places) {
      const { connectionString } = await elementOf(region)
      const watch = watchDials()
      const driver = new MongoClient(connectionString, { auth: journeyUser })
      try {
        const documents = driver.db('journeys').collection('regions')
        await documents.insertOne({ from: region })
        await Promise.all(Array.from({ length: 20 }, () => documents.findOne({ from: places[0].region })))
        const [first] = await documents.find({ from: places[0].region }).toArray()
        expect(first).toMatchObject({ from: places[0].region })
      } finally {
        await driver.close()
        watch.end()
      }
      const targets = targetsOf(connectionString)
      const dialled = watch.dials().map(({ to }) => to)
      expect(dialled.filter((to) => targets.includes(to))).not.toEqual([])
      expect(dialled.filter((to) => !targets.includes(to))).toEqual([])
      const lines = gatewayLog(running).filter(({ cloudEndpointId }) => cloudEndpointId === endpoints.get(region))
      reached.set(region, new Set(lines.flatMap(({ memberId }) => memberId ?? [])))
    }
    const [here, there] = places.map(({ region }) => reached.get(region) ?? new Set<string>())
    expect([...(here ?? [])].filter((member) => there?.has(member))).toEqual([])
  })

  test('a replica set is refused while it is on', async () => {
    const electableSpecs = { instanceSize: 'M10', nodeCount: 3 }
    const regionConfigs = [{ providerName: 'AWS' as const, regionName: 'EU_WEST_1', priority: 7, electableSpecs }]
    const made = running.client.call('createGroupCluster', {
      params: { groupId },
      body: { name: 'Plain', clusterType: 'REPLICASET', replicationSpecs: [{ regionConfigs }] },
    })
    await expect(made).rejects.toMatchObject({ errorCode: 'POSTERN_REGIONALIZED_MODE_NEEDS_SHARDED' })
  })

  test('it stays on while endpoints need it, whose regions are named', async () => {
    await attachIn('eu-west-1')
    await idle()
    await expect(setMode(false)).rejects.toMatchObject({
      errorCode: 'REGIONALIZED_PRIVATE_ENDPOINT_MODE_NOT_ALLOWED',
      detail: expect.stringContaining('AWS EU_WEST_1, AWS US_EAST_1'),
    })
  })
})
