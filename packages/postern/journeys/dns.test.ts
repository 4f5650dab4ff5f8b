// A `mongodb+srv` string, resolved by the edge's own DNS server: SRV, TXT and A, then the official driver through it.

import dns from 'node:dns'
import { isIP } from 'node:net'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { startForTest, targetsOf } from './running.ts'

let running: Running
let srv: string
const resolver = new dns.promises.Resolver()

beforeAll(async () => {
  running = await startForTest({ sample: true })
  const { groupId, clusterName, dnsAddress } = running.bootstrap
  resolver.setServers([String(dnsAddress)])
  const { body } = await running.client.call('getGroupClusterConnectionStrings', { params: { groupId, clusterName } })
  srv = new URL(String(body.endpoints[0]?.srv)).hostname
})

afterAll(async () => {
  await running?.stop()
})

test('SRV lists one target for each member, all with one host; TXT names the set', async () => {
  const records = await resolver.resolveSrv(`_mongodb._tcp.${srv}`)
  expect(records.map((record) => record.port).sort()).toEqual([1024, 1025, 1026])
  expect(new Set(records.map((record) => record.name)).size).toBe(1)
  expect((await resolver.resolveTxt(srv)).flat().join('')).toMatch(/^authSource=admin&replicaSet=.+$/)
})

test('the host’s address is the endpoint’s own', async () => {
  const [record] = await resolver.resolveSrv(`_mongodb._tcp.${srv}`)
  const [target = ''] = targetsOf(String(running.bootstrap.connectionStrings[0]))
  expect(await resolver.resolve4(String(record?.name))).toEqual([target.split(':')[0]])
})

test('a name that no endpoint has does not exist', async () => {
  await expect(resolver.resolve4(`pl-9-nowhere.${srv}`)).rejects.toMatchObject({ code: 'ENOTFOUND' })
})

test('the official driver connects by the mongodb+srv string', async () => {
  const before = dns.getServers()
  dns.setServers([String(running.bootstrap.dnsAddress)])
  const { dbUser, dbPassword } = running.bootstrap
  const driver = new MongoClient(`mongodb+srv://${srv}/?tls=false`, {
    auth: { username: dbUser, password: dbPassword },
    lookup(hostname, options, done) {
      if (isIP(hostname)) return done(null, options.all ? [{ address: hostname, family: 4 }] : hostname, 4)
      dns.resolve4(hostname, (error, addresses) => {
        if (error) return done(error, '', 4)
        const found = addresses.map((address) => ({ address, family: 4 }))
        done(null, options.all ? found : String(addresses[0]), 4)
      })
    },
  })
  try {
    const documents = driver.db('journeys').collection<{ _id: string }>('srv')
    await documents.insertOne({ _id: srv })
    expect(await documents.findOne({ _id: srv })).toEqual({ _id: srv })
  } finally {
    await driver.close()
    dns.setServers(before)
  }
})
