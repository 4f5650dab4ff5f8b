// A cluster's standard listener with the official driver: an empty access list lets nobody in, and log and doctor say why; an
// address that is added comes in, by the plain string and by SRV; when it is taken away its connections end; and private only
// closes the door.

import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withCredentials } from '../src/testing/uri.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { createJourneyUser, journeyUser } from './attached.ts'
import { doctorAt, findingOf } from './examined.ts'
import { askFrom } from './resolver.ts'
import { createCluster, gatewayLog, startForTest, targetsOf } from './running.ts'

const clusterName = 'Shop'
const opened: MongoClient[] = []
let running: Running
let doctor: ReturnType<typeof doctorAt>
let params: { readonly groupId: string; readonly clusterName: string }

beforeAll(async () => {
  running = await startForTest()
  params = { groupId: running.bootstrap.groupId, clusterName }
  await createCluster(running, clusterName)
  await createJourneyUser(running.client, params.groupId)
  doctor = doctorAt(running, [journeyUser.password])
})
afterAll(async () => {
  await Promise.all(opened.map((driver) => driver.close()))
  await running?.stop()
})

const listener = async () => (await running.client.call('getGroupClusterStandardListener', { params })).body
const becomes = (state: string) =>
  until(`the listener becoming ${state}`, 30_000, async () => ((await listener()).state === state ? true : undefined))
const allow = (ipAddress: string) =>
  running.client.call('createGroupAccessListEntry', { params, body: [{ ipAddress }] })
const take = (ipAddress: string) =>
  running.client.call('deleteGroupAccessListEntry', { params: { ...params, entryValue: ipAddress } })
const privateOnly = (enabled: boolean) => running.client.call('updateGroupPrivateOnly', { params, body: { enabled } })
const standard = async () => {
  const { connectionStrings } = (await running.client.call('getGroupCluster', { params })).body
  return { standard: String(connectionStrings?.standard), standardSrv: String(connectionStrings?.standardSrv) }
}

const driverAt = (uri: string): MongoClient => {
  const driver = new MongoClient(uri, {
    auth: journeyUser,
    tlsCAFile: String(running.bootstrap.caFile),
    serverSelectionTimeoutMS: 1_500,
  })
  opened.push(driver)
  return driver
}
const write = (driver: MongoClient) => driver.db('journeys').collection('things').insertOne({ at: new Date() })
const examine = (uri: string) =>
  doctor.examine(
    `${withCredentials(uri, { user: journeyUser.username, password: journeyUser.password })}&tlsCAFile=${encodeURIComponent(String(running.bootstrap.caFile))}`,
  )
const connections = async () => (await running.client.call('listGroupConnections', { params })).body.results
const logged = (msg: string, code: string) =>
  gatewayLog(running).filter((line) => line.msg === msg && line.code === code)

test('off at first: the string is the members’ own', async () => {
  expect(await listener()).toMatchObject({ enabled: false, state: 'OFF' })
  expect((await standard()).standard).not.toContain('ssl=true')
})

test('on, with an empty access list: nobody is let in, and log and doctor say why', async () => {
  await running.client.call('updateGroupClusterStandardListener', { params, body: { enabled: true } })
  await becomes('OPEN')
  expect(await listener()).toMatchObject({ accessList: 0, problem: expect.stringContaining('is empty') })
  const uri = (await standard()).standard
  expect(uri).toBe((await listener()).connectionString)
  await expect(write(driverAt(uri))).rejects.toThrow(/./)
  expect(logged('connection refused', 'NOT_ON_ACCESS_LIST')[0]).toMatchObject({
    cloudEndpointId: `standard:${clusterName}`,
    reason: expect.stringContaining('nobody comes in from 127.0.0.1'),
  })
  const found = findingOf(await examine(uri), 'through-endpoint')
  expect(found).toMatchObject({ status: 'FAILED', found: expect.stringContaining('nobody is let in') })
})

test('with the addresses of others alone: refused, and the doctor shows what the gateway logged', async () => {
  await allow('203.0.113.9')
  const uri = (await standard()).standard
  await expect(write(driverAt(uri))).rejects.toThrow(/./)
  const examined = await examine(uri)
  expect(findingOf(examined, 'through-endpoint').status).toBe('OK')
  expect(findingOf(examined, 'admitted')).toMatchObject({
    status: 'FAILED',
    found: expect.stringContaining("127.0.0.1 is not on the project's IP access list"),
  })
})

test('with this address: in, by the plain string and by SRV, and the table of connections shows it', async () => {
  await allow('127.0.0.1')
  const { standard: plain, standardSrv } = await standard()
  await until('the driver coming in', 20_000, () =>
    write(driverAt(plain)).then(
      () => true,
      () => undefined,
    ),
  )
  const stop = askFrom(String(running.bootstrap.dnsAddress))
  try {
    const driver = driverAt(standardSrv)
    await write(driver)
    const hosts = [
      ...(
        driver as unknown as { topology: { description: { servers: Map<string, unknown> } } }
      ).topology.description.servers.keys(),
    ]
    expect(hosts).toHaveLength(3)
    for (const host of hosts) expect(host).toMatch(/^standard\.shop\./)
  } finally {
    stop()
  }
  expect(await connections()).toContainEqual(
    expect.objectContaining({
      endpointId: `standard:${clusterName}`,
      clusterName,
      tls: true,
      source: expect.stringMatching(/^127\.0\.0\.1:/),
    }),
  )
  const { endpoints } = (await running.client.call('summarizeGroupConnections', { params })).body
  expect(endpoints[0]?.refused.map(({ code }) => code)).toContain('NOT_ON_ACCESS_LIST')
})

test('the address is taken away: its connections end', async () => {
  await take('127.0.0.1')
  await until('the connections ending', 10_000, async () => ((await connections()).length === 0 ? true : undefined))
  expect(logged('connection ended', 'NOT_ON_ACCESS_LIST').length).toBeGreaterThan(0)
})

test('private only ends who is there and closes the ports; off, they are as they were', async () => {
  await allow('127.0.0.1')
  const uri = (await standard()).standard
  const driver = driverAt(uri)
  await until('the driver coming in', 20_000, () =>
    write(driver).then(
      () => true,
      () => undefined,
    ),
  )
  await privateOnly(true)
  await becomes('CLOSED_BY_PRIVATE_ONLY')
  expect(await connections()).toEqual([])
  await expect(write(driver)).rejects.toThrow('ECONNREFUSED')
  expect(await standard()).toEqual({ standard: 'undefined', standardSrv: 'undefined' })
  expect(findingOf(await examine(uri), 'through-endpoint')).toMatchObject({
    status: 'FAILED',
    why: expect.stringContaining('private only'),
  })
  await privateOnly(false)
  await becomes('OPEN')
  expect(targetsOf((await standard()).standard)).toEqual(targetsOf(uri))
  await until('the driver coming in again', 20_000, () =>
    write(driver).then(
      () => true,
      () => undefined,
    ),
  )
})
