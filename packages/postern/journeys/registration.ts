// What must hold of any replica set of the user's own once it is registered: one body for the sandbox's processes and
// for real mongods, so that what runs everywhere is what runs against the real thing.

import { MongoClient, type MongoClientOptions, type TopologyDescriptionChangedEvent } from 'mongodb'
import { expect } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { anyForm, attachTo } from './attached.ts'
import type { IndependentSet } from './independent-set.ts'
import { targetsOf, watchDials } from './running.ts'

/** A registered set, a database user of it, and the way to it through an endpoint. */
export interface Reached {
  readonly set: IndependentSet
  readonly endpointId: string
  readonly uri: string
  readonly targets: readonly string[]
  readonly user: { readonly username: string; readonly password: string }
}

interface Registration {
  readonly set: IndependentSet
  readonly clusterName: string
  /** An AWS region that has no endpoint service yet. */
  readonly region: string
}

/** Registers the set, makes a user through the API and attaches an endpoint. */
export async function reachThroughEndpoint(
  running: Running,
  { set, clusterName, region }: Registration,
): Promise<Reached> {
  const { client, bootstrap } = running
  const { groupId } = bootstrap
  const registered = await client.call('registerGroupDeployment', {
    params: { groupId },
    body: {
      name: clusterName,
      connectionString: set.connectionString,
      provider: 'AZURE',
      region: 'westeurope',
      username: set.admin.username,
      password: set.admin.password,
      ...(set.tls !== null && { tls: set.tls }),
    },
  })
  expect(registered.body.members.map((member) => member.hostPort).sort()).toEqual([...set.hosts].sort())
  expect(registered.body.usersManaged).toBe(true)
  const user = { username: `of-${clusterName}`, password: 'a-password-of-a-journey' }
  await client.call('createGroupDatabaseUser', {
    params: { groupId },
    body: {
      ...user,
      databaseName: 'admin',
      roles: [{ roleName: 'readWriteAnyDatabase', databaseName: 'admin' }],
    },
  })
  const { endpointId, uri } = await attachTo(client, { groupId, clusterName, form: { ...anyForm, region } })
  const reached = { set, endpointId, uri, targets: targetsOf(uri), user }
  await until('the user being made at the set', 20_000, async () => {
    try {
      return await withDriver(reached, async (driver) => driver.db('admin').command({ ping: 1 }))
    } catch {
      return undefined
    }
  })
  return reached
}

/** A driver on the endpoint's connection string, closed at the end. */
export async function withDriver<Value>(
  { uri, user }: Pick<Reached, 'uri' | 'user'>,
  work: (driver: MongoClient) => Promise<Value>,
  options: MongoClientOptions = {},
): Promise<Value> {
  const driver = new MongoClient(uri, { ...options, auth: user })
  try {
    return await work(driver)
  } finally {
    await driver.close()
  }
}

/** From one seed the driver learns of the endpoint's names only, dials nothing else, writes and reads. */
export async function findsEndpointNamesOnly(reached: Reached, options: MongoClientOptions = {}): Promise<void> {
  const { set, targets } = reached
  const oneSeed = reached.uri.replace(/^mongodb:\/\/[^/]*/, `mongodb://${targets[0]}`)
  const seen = new Set<string>()
  const watch = watchDials()
  try {
    await withDriver(
      { ...reached, uri: oneSeed },
      async (driver) => {
        driver.on('topologyDescriptionChanged', ({ newDescription }: TopologyDescriptionChangedEvent) => {
          for (const server of newDescription.servers.values())
            for (const host of [...server.hosts, ...server.passives, ...server.arbiters, server.me, server.primary])
              if (host !== null && host !== undefined) seen.add(host)
        })
        const documents = driver.db('journeys').collection('registered')
        const written = { through: reached.endpointId, filler: 'compresses well '.repeat(200) }
        const { insertedId } = await documents.insertOne({ ...written })
        expect(await documents.findOne({ _id: insertedId })).toMatchObject(written)
        await until('all three members being known', 10_000, async () => (seen.size === 3 ? true : undefined))
        for (const command of [{ hello: 1 }, { isMaster: 1 }, { ismaster: 1 }]) {
          const reply = await driver.db('admin').command(command)
          expect([...(reply.hosts as string[])].sort()).toEqual([...targets].sort())
          expect(set.hosts.filter((host) => JSON.stringify(reply).includes(host))).toEqual([])
        }
      },
      options,
    )
  } finally {
    watch.end()
  }
  expect([...seen].sort()).toEqual([...targets].sort())
  expect(watch.dials().filter(({ to }) => set.hosts.includes(to))).toEqual([])
  expect(watch.dials().filter(({ to }) => targets.includes(to)).length).toBeGreaterThan(0)
}

/** Under retryable writes, a step-down costs no error, and all that was acknowledged is read back. */
export async function survivesStepDown(reached: Reached): Promise<void> {
  await withDriver(reached, async (driver) => {
    const documents = driver.db('journeys').collection<{ _id: number }>('stepped-down')
    const acknowledged: number[] = []
    const errors: unknown[] = []
    let next = 0
    let writing = true
    const write = async (): Promise<void> => {
      while (writing) {
        next += 1
        const _id = next
        await documents.insertOne({ _id }).then(
          () => acknowledged.push(_id),
          (error) => errors.push(error),
        )
      }
    }
    const wrote = (more: number): Promise<true> => {
      const target = acknowledged.length + more
      return until(`${more} more writes`, 40_000, async () => (acknowledged.length >= target ? true : undefined), 10)
    }
    const writers = [write(), write(), write(), write()]
    try {
      await wrote(100)
      await reached.set.stepDown()
      await wrote(100)
    } finally {
      writing = false
      await Promise.all(writers)
    }
    expect(errors).toEqual([])
    const found = new Set((await documents.find().toArray()).map(({ _id }) => _id))
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([])
  })
}
