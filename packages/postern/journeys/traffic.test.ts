// What flowed through an endpoint, as its edges report it: the official driver's bytes appear, and neither an edge nor a
// control plane that is killed and comes back counts them twice.

import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Child } from '../src/up/child.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { type Attached, attachTo, journeyUser as auth, createJourneyUser } from './attached.ts'
import { loseEdge } from './lose-edge.ts'
import { createCluster, startForTest } from './running.ts'

const clusterName = 'Journey'
const linux = process.platform === 'linux'

let running: Running
let endpoint: Attached
let uri: string
let edge: Child | null = null

beforeAll(async () => {
  if (!linux) return
  running = await startForTest()
  const { client, bootstrap } = running
  const { groupId } = bootstrap
  await createCluster(running, clusterName)
  await createJourneyUser(client, groupId)
  ;({ uri, ...endpoint } = await attachTo(client, { groupId, clusterName }))
})

afterAll(async () => {
  await edge?.stop(4_000)
  await running?.stop()
})

/** The sums of the last hour, and what is open now. */
async function traffic() {
  const { groupId, endpointServiceId, endpointId } = endpoint
  const { body } = await running.client.call('getGroupPrivateEndpointTraffic', {
    params: { groupId, endpointServiceId, endpointId, cloudProvider: 'AWS' },
    query: { period: 'PT1H' },
  })
  const sum = (of: 'bytesFromClient' | 'bytesFromMember' | 'newConnections'): number =>
    body.points.reduce((total, point) => total + point[of], 0)
  return {
    bytesFromClient: sum('bytesFromClient'),
    bytesFromMember: sum('bytesFromMember'),
    newConnections: sum('newConnections'),
    open: body.points.at(-1)?.connections,
  }
}

/** A document of this size is written, and the driver leaves. */
async function write(bytes: number): Promise<void> {
  const driver = new MongoClient(uri, { auth })
  try {
    await driver
      .db('journeys')
      .collection('traffic')
      .insertOne({ text: 'x'.repeat(bytes) })
  } finally {
    await driver.close(true)
  }
}

/** What is told once everybody has left and all of `atLeast` bytes are counted. */
const settled = (atLeast: number) =>
  until('the bytes being told', 20_000, async () => {
    const now = await traffic()
    return now.bytesFromClient >= atLeast && now.open === 0 ? now : undefined
  })

const big = 1_000_000

test.skipIf(!linux)('nothing flowed through an endpoint that nobody used', async () => {
  expect(await traffic()).toEqual({ bytesFromClient: 0, bytesFromMember: 0, newConnections: 0, open: 0 })
})

test.skipIf(!linux)('what a driver sends is told while it is connected, and once only', async () => {
  const driver = new MongoClient(uri, { auth })
  try {
    await driver
      .db('journeys')
      .collection('traffic')
      .insertOne({ text: 'x'.repeat(big) })
    const now = await until('the bytes being told', 20_000, async () => {
      const told = await traffic()
      return told.bytesFromClient >= big ? told : undefined
    })
    expect(now.open).toBeGreaterThan(0)
    expect(now.newConnections).toBeGreaterThanOrEqual(now.open ?? 0)
    expect(now.bytesFromMember).toBeGreaterThan(0)
  } finally {
    await driver.close(true)
  }
  expect((await settled(big)).bytesFromClient).toBeLessThan(2 * big)
})

test.skipIf(!linux)('a control plane that is killed and comes back goes on from there', async () => {
  const before = await settled(big)
  const pid = running.children.server.pid()
  if (pid === undefined) throw new Error('no server')
  process.kill(pid, 'SIGKILL')
  await until('another server', 20_000, async () => {
    const next = running.children.server.pid()
    return next !== undefined && next !== pid ? true : undefined
  })
  await write(big)
  const after = await until('the bytes being told', 30_000, async () => {
    const now = await traffic().catch(() => null)
    return now !== null && now.open === 0 && now.bytesFromClient >= before.bytesFromClient + big ? now : undefined
  })
  expect(after.bytesFromClient).toBeLessThan(before.bytesFromClient + 2 * big)
})

test.skipIf(!linux)('an edge that is killed and comes back goes on from there', async () => {
  const before = await settled(big)
  const comeBack = await loseEdge(running)
  expect(await traffic()).toMatchObject({ bytesFromClient: before.bytesFromClient })
  edge = await comeBack()
  await until('the endpoint being served again', 20_000, () =>
    write(big).then(
      () => true,
      () => undefined,
    ),
  )
  const after = await settled(before.bytesFromClient + big)
  expect(after.bytesFromClient).toBeLessThan(before.bytesFromClient + 2 * big)
  expect(after.newConnections).toBeGreaterThan(before.newConnections)
})
