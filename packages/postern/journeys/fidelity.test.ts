// Automation that must pass in Atlas too, against a Postern that behaves as Atlas does: it waits for states and reads
// what it needs from where Atlas has it, for all four forms of a private endpoint, and connects with the official driver.

import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectionStringThrough, type EndpointForm, endpointForms } from '../src/quickstart/forms.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { attachAvailable, createJourneyUser, journeyUser } from './attached.ts'
import { startForTest } from './running.ts'

let running: Running
let groupId: string

beforeAll(async () => {
  running = await startForTest({ fidelity: 'atlas', fidelityDelayMs: 200, sample: true })
  groupId = running.bootstrap.groupId
  await createJourneyUser(running.client, groupId)
})
afterAll(() => running?.stop())

/** Where each form's service stands, as Atlas writes it: a cluster has private strings only for its own regions. */
const regionNames: Readonly<Record<string, string>> = {
  'eu-west-1': 'EU_WEST_1',
  westeurope: 'EUROPE_WEST',
  'europe-west1': 'WESTERN_EUROPE',
  'us-east1': 'EASTERN_US',
}

const clustersOf = async () => (await running.client.call('listGroupClusters', { params: { groupId } })).body.results

/** What automation does after each change of an endpoint: it waits for every cluster of the project. */
const allIdle = (): Promise<true> =>
  until('every cluster being IDLE', 30_000, async () =>
    (await clustersOf()).every(({ stateName }) => stateName === 'IDLE') ? true : undefined,
  )

async function createClusterFor(form: EndpointForm, name: string): Promise<void> {
  const electableSpecs = { instanceSize: 'M10', nodeCount: 3 } as const
  const place = { providerName: form.provider, regionName: regionNames[form.region] ?? '', priority: 7 } as const
  await running.client.call('createGroupCluster', {
    params: { groupId },
    body: {
      name,
      clusterType: 'REPLICASET',
      replicationSpecs: [{ regionConfigs: [{ ...place, electableSpecs }] }],
    },
  })
  await until(`cluster ${name} becoming IDLE`, 30_000, async () => {
    const { body } = await running.client.call('getGroupCluster', { params: { groupId, clusterName: name } })
    return body.stateName === 'IDLE' ? true : undefined
  })
}

test('a first start waits for its sample as any automation would, and tells its private string', () => {
  expect(running.bootstrap.connectionStrings).toEqual([expect.stringMatching(/^mongodb:\/\/.+:\d+\//)])
})

describe.each(endpointForms.map((form, at) => ({ ...form, clusterName: `Atlas${at}` })))('$says', (form) => {
  test('states are waited for, the string is there when clusters are IDLE, leads to the cluster, and goes', async () => {
    const { client } = running
    const { clusterName } = form
    await createClusterFor(form, clusterName)
    const { endpointServiceId, endpointId } = await attachAvailable(client, { groupId, form })
    await allIdle()

    const { body } = await client.call('getGroupCluster', { params: { groupId, clusterName } })
    const element = body.connectionStrings.privateEndpoint?.[0]
    expect(element?.endpoints).toEqual([expect.objectContaining({ endpointId, providerName: form.provider })])
    expect(element?.srvConnectionString).toMatch(
      /^mongodb\+srv:\/\/atlas\d-(pl|psc)-\d+\.[a-z0-9]+\.postern\.internal$/,
    )
    expect(body.connectionStrings.standardSrv).toMatch(/^mongodb\+srv:\/\/atlas\d\./)
    const uri = await connectionStringThrough(client, { groupId, clusterName, endpointId })
    const driver = new MongoClient(uri, { auth: journeyUser, serverSelectionTimeoutMS: 20_000 })
    try {
      const documents = driver.db('journeys').collection('atlas')
      const { insertedId } = await documents.insertOne({ through: endpointId })
      expect(await documents.findOne({ _id: insertedId })).toMatchObject({ through: endpointId })
    } finally {
      await driver.close()
    }

    const service = { groupId, cloudProvider: form.provider, endpointServiceId }
    await client.call('deleteGroupPrivateEndpointEndpointServiceEndpoint', { params: { ...service, endpointId } })
    await until('the endpoint and its service being gone', 30_000, async () => {
      const { body: services } = await client.call('listGroupPrivateEndpointEndpointService', {
        params: { groupId, cloudProvider: form.provider },
      })
      return services.every(({ id }) => id !== endpointServiceId) ? true : undefined
    })
    await allIdle()
    const after = await client.call('getGroupCluster', { params: { groupId, clusterName } })
    expect(after.body.connectionStrings.privateEndpoint).toBeUndefined()
  })
})
