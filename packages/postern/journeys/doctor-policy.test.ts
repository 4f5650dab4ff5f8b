// The policy of an endpoint, from the call to what the official driver sees: which clusters it opens, who is let in, what
// may be asked, and TLS where there was none; and that the doctor says which rule it was.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MongoClient, type MongoClientOptions } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { type Attached, attachTo, createJourneyUser, journeyUser } from './attached.ts'
import { makeCertificates } from './certificates.ts'
import { provesItsChecks } from './doctor-proof.ts'
import { doctorAt, findingOf, signedIn, warns } from './examined.ts'
import { createCluster, startForTest } from './running.ts'

const [opened, closed] = ['Opened', 'Closed']
const other = { username: 'other', password: 'a-password-of-another' }

let running: Running
let doctor: ReturnType<typeof doctorAt>
let at: Attached & { readonly uri: string }

beforeAll(async () => {
  running = await startForTest()
  const { client, bootstrap } = running
  const { groupId } = bootstrap
  await createCluster(running, opened)
  await createCluster(running, closed)
  await createJourneyUser(client, groupId)
  const roles = [{ roleName: 'atlasAdmin', databaseName: 'admin' }]
  await client.call('createGroupDatabaseUser', {
    params: { groupId },
    body: { ...other, databaseName: 'admin', roles },
  })
  doctor = doctorAt(running, [journeyUser.password, other.password])
  at = await attachTo(client, { groupId, clusterName: opened })
})

afterAll(() => running?.stop())

const setPolicy = async (policy: object): Promise<void> => {
  const { groupId, endpointServiceId, endpointId } = at
  const params = { groupId, cloudProvider: 'AWS', endpointServiceId, endpointId }
  await running.client.call('updateGroupPrivateEndpoint', { params, body: { policy } })
}

const stringOf = async (clusterName: string): Promise<string | undefined> => {
  const params = { groupId: at.groupId, clusterName }
  const { body } = await running.client.call('getGroupCluster', { params })
  return body.connectionStrings?.privateEndpoint?.[0]?.connectionString
}

const refusals = async (): Promise<readonly string[]> => {
  const { body } = await running.client.call('summarizeGroupConnections', { params: { groupId: at.groupId } })
  return body.endpoints.flatMap(({ refused }) => refused.map(({ code }) => code))
}

/** What a fresh driver meets: `ok`, or its error. */
const outcome = async (
  uri: string,
  work: (client: MongoClient) => Promise<unknown>,
  options: MongoClientOptions = {},
) => {
  const client = new MongoClient(uri, { auth: journeyUser, serverSelectionTimeoutMS: 2_000, ...options })
  try {
    await work(client)
    return 'ok'
  } catch (error) {
    return error as Error & { readonly code?: number }
  } finally {
    await client.close()
  }
}
const things = (client: MongoClient) => client.db('journeys').collection('things')
const read = (client: MongoClient) => things(client).find().toArray()
const write = (client: MongoClient) => things(client).insertOne({ at: new Date() })

test('a cluster that the policy leaves out has no string through the endpoint, and no way through it', async () => {
  const way = await stringOf(closed)
  if (way === undefined) throw new Error('no string')
  expect((await doctor.doctor([at.endpointId])).found).toEqual([])
  expect(await outcome(way, write)).toBe('ok')
  await setPolicy({ clusters: [opened] })
  expect(await stringOf(closed)).toBeUndefined()
  expect(await stringOf(opened)).toBe(at.uri)
  await until('the gateway refusing', 20_000, async () => ((await outcome(way, read)) === 'ok' ? undefined : true))
  expect(await refusals()).toContain('CLUSTER_NOT_ALLOWED')
  const examined = await doctor.doctor([at.endpointId])
  warns(examined, 'within-policy')
  expect(findingOf(examined, 'within-policy').found).toContain(`The policy of ${at.endpointId} made the gateway refuse`)
  expect(await outcome(at.uri, write)).toBe('ok')
})

test('read-only: a write is answered with the error of a server, and reads go on', async () => {
  await setPolicy({ readOnly: true })
  const error = await until('a write being refused', 20_000, async () => {
    const met = await outcome(at.uri, write)
    return met === 'ok' ? undefined : met
  })
  expect(error).toMatchObject({ name: 'MongoServerError', code: 13 })
  expect((error as Error).message).toContain(`insert is not allowed: endpoint ${at.endpointId} is read-only`)
  expect(await outcome(at.uri, read)).toBe('ok')
  expect(await refusals()).toContain('READ_ONLY')
})

test('allowed users: another one is told that it is not let in here', async () => {
  await setPolicy({ readOnly: false, databaseUsers: [{ username: journeyUser.username, databaseName: 'admin' }] })
  const error = await until('the other user being refused', 20_000, async () => {
    const met = await outcome(at.uri, read, { auth: other })
    return met === 'ok' ? undefined : met
  })
  expect(error).toMatchObject({ name: 'MongoServerError', code: 18 })
  expect((error as Error).message).toContain('user "other" of "admin" is none that endpoint')
  expect(await outcome(at.uri, write)).toBe('ok')
  expect(await refusals()).toContain('USER_NOT_ALLOWED')
  const examined = await doctor.examine(signedIn(at.uri, { user: other.username, password: other.password }))
  expect(findingOf(examined, 'authentication').found).toBe('The endpoint does not let user other of admin in.')
})

test('TLS where the endpoint is told by address: its strings say so, and the certificate has the addresses', async () => {
  await setPolicy({ clusters: null, databaseUsers: null, minimumTls: 'TLS1_3' })
  const uri = await stringOf(opened)
  expect(uri).toContain('/?ssl=true&')
  const tlsCAFile = running.bootstrap.caFile ?? ''
  await until('TLS being spoken', 20_000, async () =>
    (await outcome(uri ?? '', write, { tlsCAFile })) === 'ok' ? true : undefined,
  )
  expect(await outcome(at.uri, read)).not.toBe('ok')
  expect(
    await outcome(uri ?? '', read, { tlsCAFile, secureProtocol: 'TLSv1_2_method' } as MongoClientOptions),
  ).not.toBe('ok')
  expect(await refusals()).toContain('TLS_VERSION')
  expect(await outcome(uri ?? '', read, { tlsCAFile })).toBe('ok')
})

test('certificates of clients: who shows none, or another authority’s, is not let in, and who is there goes with the rule', async () => {
  const [theirs, others] = await Promise.all([makeCertificates(), makeCertificates()])
  const uri = (await stringOf(opened)) ?? ''
  const tlsCAFile = running.bootstrap.caFile ?? ''
  const tlsCertificateKeyFile = join(running.home, 'client.pem')
  writeFileSync(tlsCertificateKeyFile, theirs.key + theirs.cert)
  await expect(setPolicy({ clientCa: theirs.cert })).rejects.toThrow(/policy\.clientCa/)
  await setPolicy({ clientCa: theirs.ca, clientNames: ['CN=their member'] })
  const without = await until('one without being refused', 20_000, async () => {
    const met = await outcome(uri, read, { tlsCAFile })
    return met === 'ok' ? undefined : met
  })
  expect((without as Error).message).toMatch(/certificate required/)
  expect(await refusals()).toContain('NO_CLIENT_CERTIFICATE')
  const string = `${signedIn(uri, { user: journeyUser.username, password: journeyUser.password })}&tlsCAFile=${tlsCAFile}`
  expect(findingOf(await doctor.examine(string), 'admitted').found).toContain('NO_CLIENT_CERTIFICATE')
  const withKey = await doctor.examine(`${string}&tlsCertificateKeyFile=${tlsCertificateKeyFile}`)
  expect(findingOf(withKey, 'authentication').status).toBe('OK')
  const client = new MongoClient(uri, { auth: journeyUser, tlsCAFile, tlsCertificateKeyFile, maxPoolSize: 1 })
  try {
    await write(client)
    const closed = new Promise((resolve) => client.once('connectionClosed', resolve))
    await setPolicy({ clientCa: others.ca })
    await closed
    expect(await outcome(uri, read, { tlsCAFile, tlsCertificateKeyFile })).not.toBe('ok')
    expect(await refusals()).toContain('CLIENT_CERTIFICATE')
    await setPolicy({ clientCa: theirs.ca, clientNames: ['app.test'] })
    await until('another name being refused', 20_000, async () => {
      await outcome(uri, read, { tlsCAFile, tlsCertificateKeyFile })
      return (await refusals()).includes('CLIENT_NAME') ? true : undefined
    })
    await setPolicy({ clientCa: null, clientNames: null })
    await until('being let in again', 20_000, async () =>
      write(client).then(
        () => true as const,
        () => undefined,
      ),
    )
  } finally {
    await client.close()
  }
})

provesItsChecks('policy')
