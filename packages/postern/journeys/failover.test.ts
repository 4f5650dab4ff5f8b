// Members that step down and members that are lost, under at least 100 retryable writes a second through an endpoint. A
// lost member's listener is closed and its connections are cut at once, as by `kill -9` of a mongod.

import { MongoClient, type MongoClientOptions } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { attachTo, createJourneyUser, journeyUser } from './attached.ts'
import { createCluster, drills, startForTest } from './running.ts'
import { lostOf, type SteadyWrites, writeSteadily } from './steady-writes.ts'

const clusterName = 'Failover'

let running: Running
let clusterId: string
let uri: string

beforeAll(async () => {
  running = await startForTest()
  const { client, bootstrap } = running
  const { groupId } = bootstrap
  await createCluster(running, clusterName)
  clusterId = (await client.call('getGroupCluster', { params: { groupId, clusterName } })).body.id
  await createJourneyUser(client, groupId)
  uri = (await attachTo(client, { groupId, clusterName })).uri
})

afterAll(async () => {
  await running?.stop()
})

/** A drill while writes are on their way, and what came of it. */
interface Drill {
  readonly says: string
  readonly options?: MongoClientOptions
  readonly run: (writing: SteadyWrites) => Promise<void>
}

const primary = async (): Promise<string> => {
  const is = ({ state }: { state?: string }): boolean => state === 'PRIMARY'
  return until('a primary', 30_000, async () => (await drills(running).members(clusterId)).find(is)?.id)
}

const secondary = async (): Promise<string> => {
  await primary()
  const found = (await drills(running).members(clusterId)).find(({ state }) => state === 'SECONDARY')
  if (found === undefined) throw new Error('no secondary')
  return found.id
}

async function lose(writing: SteadyWrites, member: string): Promise<void> {
  expect(writing.inFlight()).toBeGreaterThan(0)
  await drills(running).cutMember(clusterId, member)
  await writing.acknowledges(100)
  await drills(running).reviveMember(clusterId, member)
  await writing.acknowledges(50)
}

const rows: readonly Drill[] = [
  {
    says: 'two step-downs, a secondary lost',
    async run(writing) {
      for (const _ of [1, 2]) {
        await primary()
        expect(writing.inFlight()).toBeGreaterThan(0)
        await drills(running).stepDown(clusterId)
        await writing.acknowledges(100)
      }
      await lose(writing, await secondary())
    },
  },
  {
    says: 'the primary lost, three times',
    async run(writing) {
      for (const _ of [1, 2, 3]) await lose(writing, await primary())
    },
  },
  {
    says: 'the primary lost, the driver compressing',
    options: { compressors: ['zlib'] },
    run: async (writing) => lose(writing, await primary()),
  },
]

describe('under at least 100 retryable writes a second', () => {
  test.each(rows)('$says: no error, and every acknowledged write is read back', async ({ says, options, run }) => {
    const driver = new MongoClient(uri, { auth: journeyUser, maxPoolSize: 8, ...options })
    try {
      const writing = writeSteadily(driver, says)
      await writing.acknowledges(50)
      try {
        await run(writing)
      } finally {
        await writing.end()
      }
      const { acknowledged, errors } = await writing.end()
      expect(errors).toEqual([])
      expect(await lostOf(driver, says, acknowledged)).toEqual([])
    } finally {
      await driver.close(true)
    }
  })

  test('kill -9 of the sandbox: every acknowledged write is read back', async () => {
    const driver = new MongoClient(uri, { auth: journeyUser, maxPoolSize: 8 })
    try {
      const writing = writeSteadily(driver, 'killed')
      await writing.acknowledges(50)
      const pid = running.children.sandbox.pid()
      if (pid === undefined) throw new Error('no sandbox')
      expect(writing.inFlight()).toBeGreaterThan(0)
      process.kill(pid, 'SIGKILL')
      await writing.acknowledges(50)
      const { acknowledged } = await writing.end()
      expect(await lostOf(driver, 'killed', acknowledged)).toEqual([])
    } finally {
      await driver.close(true)
    }
  })
})
