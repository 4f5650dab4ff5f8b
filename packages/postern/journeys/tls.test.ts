// Endpoints that are told by name: the official driver through our DNS, with TLS verified against the CA that `up` wrote,
// for all four forms of a private endpoint; and whoever is not let in.

import dns from 'node:dns'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { lookupThrough } from '@postern/edge/testing/dns-lookup'
import { MongoClient, type MongoClientOptions } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EndpointForm, endpointForms } from '../src/quickstart/forms.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { attachTo } from './attached.ts'
import { makeCertificates } from './certificates.ts'
import { gatewayLog, startForTest, targetsOf } from './running.ts'

let running: Running
let groupId: string
let clusterName: string
let caFile: string
let resolverBefore: readonly string[]

beforeAll(async () => {
  running = await startForTest({ sample: true })
  ;({ groupId, clusterName } = running.bootstrap)
  caFile = String(running.bootstrap.caFile)
  // SRV and TXT of mongodb+srv strings have no option of the driver's.
  resolverBefore = dns.getServers()
  dns.setServers([String(running.bootstrap.dnsAddress)])
})

afterAll(async () => {
  dns.setServers(resolverBefore)
  await running?.stop()
})

const attachByName = (form: EndpointForm) =>
  attachTo(running.client, { groupId, clusterName, form, advertised: 'name' })

const stringsOf = async (endpointId: string) => {
  const { body } = await running.client.call('getGroupClusterConnectionStrings', { params: { groupId, clusterName } })
  const found = body.endpoints.find((endpoint) => endpoint.endpointId === endpointId)
  if (found === undefined) throw new Error(`no strings for ${endpointId}`)
  return found
}

/** A driver with the sample's user, whose names come from our DNS; it gives up within two seconds. */
function driverFor(uri: string, options: MongoClientOptions = {}): MongoClient {
  const { dbUser, dbPassword, dnsAddress } = running.bootstrap
  return new MongoClient(uri, {
    auth: { username: dbUser, password: dbPassword },
    lookup: lookupThrough(String(dnsAddress)),
    serverSelectionTimeoutMS: 2_000,
    ...options,
  })
}

async function writesAndReads(uri: string, options: MongoClientOptions = {}): Promise<void> {
  const driver = driverFor(uri, { serverSelectionTimeoutMS: 20_000, ...options })
  try {
    const documents = driver.db('journeys').collection<{ _id: string }>('tls')
    await documents.updateOne({ _id: uri }, { $set: { _id: uri } }, { upsert: true })
    expect(await documents.findOne({ _id: uri })).toEqual({ _id: uri })
  } finally {
    await driver.close()
  }
}

/** Not one command gets through, and the driver says so in these words. */
async function isRefused(uri: string, words: RegExp, options: MongoClientOptions = {}): Promise<void> {
  const driver = driverFor(uri, options)
  try {
    await expect(driver.db('admin').command({ ping: 1 })).rejects.toThrow(words)
  } finally {
    await driver.close()
  }
}

const addressOf = async (target: string): Promise<{ readonly host: string; readonly port: number }> => {
  const [name = '', port] = target.split(':')
  const [host = ''] = await dns.promises.resolve4(name)
  return { host, port: Number(port) }
}

test('the CA that `up` wrote is the one that the API tells', async () => {
  const { body } = await running.client.call('getCertificateAuthority')
  expect(caFile).toBe(join(running.home, 'ca.pem'))
  expect(readFileSync(caFile, 'utf8')).toBe(body.certificate)
})

describe.each(endpointForms)('$says, told by name', (form) => {
  let attached: Awaited<ReturnType<typeof attachByName>>
  beforeAll(async () => {
    attached = await attachByName(form)
  })

  test('its strings say TLS, and name hosts of our zone', async () => {
    expect(attached.uri).toContain('/?ssl=true&')
    for (const target of targetsOf(attached.uri)) expect(target).toMatch(/^pl-\d+-.*\.postern\.internal:\d+$/)
    expect((await stringsOf(attached.endpointId)).recommended).toMatch(/^mongodb\+srv:\/\//)
  })

  test('the driver connects as soon as it is AVAILABLE, by both strings, and verifies whom it talks to', async () => {
    await writesAndReads(attached.uri, { tlsCAFile: caFile })
    await writesAndReads((await stringsOf(attached.endpointId)).srv, { tlsCAFile: caFile })
  })
})

describe('not let in through an endpoint that is told by name', () => {
  let attached: Awaited<ReturnType<typeof attachByName>>
  const lines = (code: string) =>
    gatewayLog(running).filter((line) => line.cloudEndpointId === attached.endpointId && line.code === code).length
  beforeAll(async () => {
    const [form] = endpointForms
    if (form === undefined) throw new Error('no form')
    attached = await attachByName({ ...form, region: 'eu-north-1' })
  })

  test('a client that asks for another name', async () => {
    const [target = ''] = targetsOf(attached.uri)
    const socket = connectTls({
      ...(await addressOf(target)),
      ca: readFileSync(caFile),
      servername: 'pl-99-us-east-1.other.postern.internal',
    })
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve))
    expect(error.code).toBe('ERR_SSL_TLSV1_UNRECOGNIZED_NAME')
    await until('a line about it', 5_000, async () => (lines('WRONG_NAME') > 0 ? true : undefined))
  })

  test('a client that speaks in clear', async () => {
    await isRefused(attached.uri.replace('ssl=true', 'ssl=false'), /closed|ECONNRESET/)
    await until('a line about it', 5_000, async () => (lines('TLS_FAILED') > 0 ? true : undefined))
  })

  test.each([
    { says: 'the authorities of the system', own: false },
    { says: 'another authority', own: true },
  ])('a client that trusts $says does not trust the endpoint', async ({ own }) => {
    const other = join(running.home, 'other-ca.pem')
    writeFileSync(other, (await makeCertificates()).ca)
    await isRefused(attached.uri, /self-signed certificate in certificate chain/, own ? { tlsCAFile: other } : {})
  })
})

test('an endpoint that is told by address stays as it was: in clear', async () => {
  const [uri = ''] = running.bootstrap.connectionStrings
  expect(uri).not.toMatch(/ssl|tls/)
  await writesAndReads(uri)
  await isRefused(uri, /disconnected before secure TLS connection|ECONNRESET/, { tls: true, tlsCAFile: caFile })
})

test('the edge starts again while the control plane is away, and serves TLS from what it kept', async () => {
  const [form] = endpointForms
  if (form === undefined) throw new Error('no form')
  const attached = await attachByName({ ...form, region: 'eu-west-3' })
  const { srv } = await stringsOf(attached.endpointId)
  await running.children.server.stop(4_000)
  const before = running.children.edge.pid()
  if (before === undefined) throw new Error('no edge')
  process.kill(before, 'SIGKILL')
  await until('the edge running again', 20_000, async () => {
    const now = running.children.edge.pid()
    return now !== undefined && now !== before ? true : undefined
  })
  await until('our DNS answering again', 20_000, async () =>
    dns.promises.resolve4(targetsOf(attached.uri)[0]?.split(':')[0] ?? '').then(
      () => true as const,
      () => undefined,
    ),
  )
  await writesAndReads(attached.uri, { tlsCAFile: caFile })
  await writesAndReads(srv, { tlsCAFile: caFile })
})
