// A deployment of the user's own: here a second, independent process of the sandbox, with and without TLS, registered by
// its connection string and reached through a private endpoint like any other cluster.

import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  attach,
  connectionStringThrough,
  createService,
  endpointAvailable,
  endpointForms,
} from '../src/quickstart/forms.ts'
import type { Running } from '../src/up/start.ts'
import { type IndependentSet, startIndependentSet } from './independent-set.ts'
import { startForTest, targetsOf, watchDials } from './running.ts'

let running: Running

beforeAll(async () => {
  running = await startForTest()
})

afterAll(async () => {
  await running?.stop()
})

describe.each([
  { says: 'without TLS', tls: false, clusterName: 'Plain', region: 'eu-west-2' },
  { says: 'with TLS under its own CA', tls: true, clusterName: 'Secured', region: 'eu-west-3' },
])('a set of the user’s own $says', ({ tls, clusterName, region }) => {
  let set: IndependentSet

  beforeAll(async () => {
    set = await startIndependentSet({ tls })
  })

  afterAll(async () => {
    await set?.stop()
  })

  test('is registered, discovered and reached through an endpoint only', async () => {
    const { client, bootstrap } = running
    const { groupId } = bootstrap
    const [aws] = endpointForms
    if (aws === undefined) throw new Error('no form')
    const registered = await client.call('registerGroupDeployment', {
      params: { groupId },
      body: {
        name: clusterName,
        connectionString: set.connectionString,
        provider: 'AZURE',
        region: 'westeurope',
        username: set.admin.username,
        password: set.admin.password,
        ...(set.ca === null ? {} : { tls: { ca: set.ca } }),
      },
    })
    expect(registered.body.members.map((member) => member.hostPort).sort()).toEqual([...set.hosts].sort())
    expect(registered.body.usersManaged).toBe(true)
    await client.call('createGroupDatabaseUser', {
      params: { groupId },
      body: {
        username: `of-${clusterName}`,
        password: 'a-password-of-a-journey',
        databaseName: 'admin',
        roles: [{ roleName: 'readWriteAnyDatabase', databaseName: 'admin' }],
      },
    })
    const form = { ...aws, region }
    const endpointServiceId = await createService(client, groupId, form)
    const consumer = await form.createConsumer(client, { groupId, endpointServiceId })
    await attach(client, form, { groupId, endpointServiceId, body: consumer.body })
    const { endpointId } = consumer
    await endpointAvailable(client, form, { groupId, endpointServiceId, endpointId })
    const uri = await connectionStringThrough(client, { groupId, clusterName, endpointId })
    const watch = watchDials()
    const driver = new MongoClient(uri, {
      auth: { username: `of-${clusterName}`, password: 'a-password-of-a-journey' },
    })
    try {
      const documents = driver.db('journeys').collection<{ _id: string }>('registered')
      await documents.insertOne({ _id: endpointId })
      expect(await documents.findOne({ _id: endpointId })).toEqual({ _id: endpointId })
      const hello = await driver.db('admin').command({ hello: 1 })
      expect([...(hello.hosts as string[])].sort()).toEqual([...targetsOf(uri)].sort())
    } finally {
      await driver.close()
      watch.end()
    }
    expect(watch.dials().filter(({ to }) => set.hosts.includes(to))).toEqual([])
  })
})
