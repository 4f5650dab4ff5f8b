// Where local endpoints listen and what is told of them: a block of ports, as on systems with one loopback address, and
// a host of the caller's choice, as an application in a container needs it.

import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { startForTest, targetsOf } from './running.ts'

describe.each([
  { says: 'a block of ports', options: { localAddresses: 'block' as const }, host: '127.0.0.1' },
  { says: 'bound and advertised by name', options: { bind: '127.0.0.1', advertise: 'localhost' }, host: 'localhost' },
])('$says', ({ options, host }) => {
  let running: Running

  beforeAll(async () => {
    running = await startForTest({ sample: true, ...options })
  })

  afterAll(async () => {
    await running?.stop()
  })

  test('the string tells the host with a port for each member, and the driver writes and reads through it', async () => {
    const { connectionStrings, dbUser, dbPassword } = running.bootstrap
    const uri = String(connectionStrings[0])
    const targets = targetsOf(uri)
    const ports = targets.map((target) => Number(target.split(':')[1]))
    const [first = 0] = ports
    expect(targets.map((target) => target.split(':')[0])).toEqual([host, host, host])
    expect(ports).toEqual([first, first + 1, first + 2])
    const driver = new MongoClient(uri, { auth: { username: dbUser, password: dbPassword } })
    try {
      const documents = driver.db('journeys').collection<{ _id: string }>('places')
      await documents.insertOne({ _id: host })
      expect(await documents.findOne({ _id: host })).toEqual({ _id: host })
      const hello = await driver.db('admin').command({ hello: 1 })
      expect([...(hello.hosts as string[])].sort()).toEqual([...targets].sort())
    } finally {
      await driver.close()
    }
  })
})
