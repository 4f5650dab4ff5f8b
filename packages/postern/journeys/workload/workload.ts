// A set of the user's own that never comes to rest: members are added, removed, moved, renamed and re-elected, while the
// official driver writes and reads, one client of it directly and one through an endpoint, both at once and both with
// what drivers retry by themselves. What either of them sees that goes wrong is kept.

import { setTimeout as delay } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { start } from '../../src/up/start.ts'
import { until } from '../../src/up/wait.ts'
import { anyForm, attachTo, createJourneyUser, journeyUser } from '../attached.ts'
import { type ChangingSet, startIndependentSet } from '../independent-set.ts'
import { testOptions } from '../running.ts'
import { lostOf, writeSteadily } from '../steady-writes.ts'

export const changeKinds = ['added', 'removed', 'moved', 'renamed', 're-elected'] as const
export type ChangeKind = (typeof changeKinds)[number]

export interface Outcome {
  readonly by: 'direct' | 'endpoint'
  readonly writes: number
  readonly reads: number
  /** Of what was asked; a driver's own retry was in vain. */
  readonly errors: readonly string[]
  /** Acknowledged writes that cannot be read back. */
  readonly lost: number
}

/**
 * A driver's own race, which was seen directly too; and what a member itself answers while it steps down, twice in a row, where
 * a driver retries once. No gateway says either; the command prints them, and they do not make it fail.
 */
const whicheverWay = /^MongoPoolClosedError|^MongoServerError: operation was interrupted/

/** Errors that could be the gateway's. */
export const notDirect = (errors: readonly string[]): readonly string[] =>
  errors.filter((error) => !whicheverWay.test(error))

export interface WorkloadReport {
  readonly changes: Readonly<Record<ChangeKind, number>>
  readonly outcomes: readonly Outcome[]
}

export interface WorkloadParts {
  /** How many changes of each kind. */
  readonly times: number
  /** In [0, 1). */
  readonly random: () => number
  readonly tell: (line: string) => void
}

const memberCount = 4
const clusterName = 'Moving'
/** Until both clients know all members, after a change. */
const settlesWithinMs = 60_000
/** Between two reads of a client. */
const everyMs = 5
/** By each client, after each change. */
const moreWrites = 20

export async function runWorkload({ times, random, tell }: WorkloadParts): Promise<WorkloadReport> {
  const running = await start({ ...testOptions, tell: () => {} })
  let set: ChangingSet | null = null
  try {
    set = await startIndependentSet({ tls: false, members: memberCount })
    const { client, bootstrap } = running
    const { groupId } = bootstrap
    const { username, password } = set.admin
    await client.call('registerGroupDeployment', {
      params: { groupId },
      body: {
        name: clusterName,
        connectionString: set.connectionString,
        provider: 'AZURE',
        region: 'westeurope',
        username,
        password,
      },
    })
    await createJourneyUser(client, groupId)
    const { uri } = await attachTo(client, { groupId, clusterName, form: { ...anyForm, region: 'eu-west-2' } })
    const direct = await openClient('direct', set.connectionString)
    const endpoint = await openClient('endpoint', uri)
    try {
      return await underWay([direct, endpoint], { set, times, random, tell })
    } finally {
      await direct.driver.close(true)
      await endpoint.driver.close(true)
    }
  } finally {
    await running.stop()
    await set?.stop()
  }
}

async function underWay(
  clients: readonly Client[],
  { set, times, random, tell }: WorkloadParts & { readonly set: ChangingSet },
): Promise<WorkloadReport> {
  const loads = clients.map(({ by, driver }) => ({
    by,
    driver,
    writing: writeSteadily(driver, by),
    reading: readSteadily(driver, by),
  }))
  const changes = Object.fromEntries(changeKinds.map((kind) => [kind, 0])) as Record<ChangeKind, number>
  const end = async (): Promise<readonly Outcome[]> =>
    Promise.all(
      loads.map(async ({ by, driver, writing, reading }) => {
        const [written, read] = [await writing.end(), await reading.end()]
        const errors = [...written.errors, ...read.errors].map(String)
        const lost = (await lostOf(driver, by, written.acknowledged)).length
        return { by, writes: written.acknowledged.length, reads: read.count, errors, lost }
      }),
    )
  let hosts = set.hosts
  const settled = async (): Promise<void> => {
    for (const client of clients) {
      await until(`${client.by}: ${hosts.length} members and a primary`, settlesWithinMs, async () =>
        client.knows() === hosts.length ? true : undefined,
      )
    }
    await Promise.all(loads.map(({ writing }) => writing.acknowledges(moreWrites)))
  }
  try {
    await settled()
    for (let round = 1; round <= times; round++) {
      for (const kind of shuffled(changeKinds, random)) {
        const failed = loads.map(({ writing }) => writing.failed())
        hosts = await change(kind, { set, hosts, random })
        changes[kind]++
        await settled()
        for (const [at, { by, writing }] of loads.entries()) {
          const more = writing.failed() - (failed[at] ?? 0)
          if (more > 0) tell(`${by}: ${more} writes failed while a member was ${kind}`)
        }
      }
      tell(`${round} of ${times} changes of each kind`)
    }
  } catch (error) {
    const outcomes = await end()
    throw new Error(`${String(error)}; so far ${JSON.stringify({ changes, outcomes })}`)
  }
  return { changes, outcomes: await end() }
}

interface At {
  readonly set: ChangingSet
  readonly hosts: readonly string[]
  readonly random: () => number
}

/** Answers with the members' addresses afterwards. */
async function change(kind: ChangeKind, { set, hosts, random }: At): Promise<readonly string[]> {
  const one = Math.floor(random() * hosts.length)
  switch (kind) {
    case 'added':
      return set.resize(hosts.length + 1)
    case 'removed':
      return set.resize(hosts.length - 1)
    case 'moved':
      return set.move(one)
    case 'renamed':
      return set.move(one, hosts[one]?.startsWith('localhost') ? '127.0.0.1' : 'localhost')
    case 're-elected':
      await set.stepDown()
      return hosts
    default:
      return kind satisfies never
  }
}

interface Client {
  readonly by: Outcome['by']
  readonly driver: MongoClient
  /** How many members it knows, if one of them is primary and all others are secondaries; else 0. */
  readonly knows: () => number
}

async function openClient(by: Outcome['by'], uri: string): Promise<Client> {
  const driver = new MongoClient(uri, {
    auth: journeyUser,
    authSource: 'admin',
    maxPoolSize: 8,
    heartbeatFrequencyMS: 1000,
  })
  let types: readonly string[] = []
  driver.on('topologyDescriptionChanged', ({ newDescription }) => {
    types = [...newDescription.servers.values()].map(({ type }) => type)
  })
  await until(`${by}: a user of the set`, 20_000, () =>
    driver
      .db('admin')
      .command({ ping: 1 })
      .catch(() => undefined),
  )
  const knows = (): number => {
    const primaries = types.filter((type) => type === 'RSPrimary').length
    const secondaries = types.filter((type) => type === 'RSSecondary').length
    return primaries === 1 && secondaries === types.length - 1 ? types.length : 0
  }
  return { by, driver, knows }
}

/** Reads from any secondary, one after the other. */
function readSteadily(driver: MongoClient, collection: string) {
  const documents = driver.db('journeys').collection(collection, { readPreference: 'secondaryPreferred' })
  const errors: unknown[] = []
  let count = 0
  let reading = true
  const all = (async () => {
    while (reading) {
      await documents.findOne({}).then(
        () => count++,
        (error: unknown) => errors.push(error),
      )
      await delay(everyMs)
    }
  })()
  return {
    async end() {
      reading = false
      await all
      return { count, errors }
    },
  }
}

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item)
}
