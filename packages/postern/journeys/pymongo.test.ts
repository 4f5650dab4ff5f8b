// PyMongo, which shares no code with us or with the driver that the other journeys use, through a private endpoint.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { pymongoMissing, startPymongo } from './pymongo-application.ts'
import { drills, startForTest, targetsOf } from './running.ts'

const missing = pymongoMissing()

let running: Running
let clusterId: string

beforeAll(async () => {
  if (missing !== null) return
  running = await startForTest({ sample: true })
  const { groupId, clusterName } = running.bootstrap
  clusterId = (await running.client.call('getGroupCluster', { params: { groupId, clusterName } })).body.id
})

afterAll(async () => {
  await running?.stop()
})

test.for([
  { says: 'as it comes', compressor: null },
  { says: 'compressing with zlib', compressor: 'zlib' as const },
])(
  '$says, it finds the whole set from one seed, and two step-downs cost it nothing',
  async ({ compressor }, context) => {
    if (missing !== null) context.skip(missing)
    const { connectionStrings, dbUser, dbPassword } = running.bootstrap
    const uri = String(connectionStrings[0])
    const targets = [...targetsOf(uri)].sort()
    const members = (await drills(running).members(clusterId)).map(({ hostPort }) => hostPort)
    const pymongo = startPymongo({
      uri: uri.replace(/^mongodb:\/\/[^/]*/, `mongodb://${targets[0]}`),
      user: { username: dbUser, password: dbPassword },
      compressor,
    })
    try {
      const discovered = await pymongo.discovered()
      expect(discovered).toMatchObject({ names: targets, nodes: targets, found: 'compresses well' })
      expect([...discovered.hello.hosts].sort()).toEqual(targets)
      expect(discovered.hello.primary).toBe(discovered.hello.me)
      expect(targets).toContain(discovered.hello.me)
      expect(discovered.compression).toEqual(compressor === null ? [] : [compressor])
      await pymongo.wrote()
      await drills(running).stepDown(clusterId)
      await pymongo.wrote()
      await drills(running).stepDown(clusterId)
      await pymongo.wrote()
      const done = await pymongo.done()
      expect(done).toMatchObject({ errors: [], lost: [], names: targets })
      expect(done.acknowledged).toBeGreaterThanOrEqual(300)
      expect(done.names.filter((name) => members.includes(name))).toEqual([])
    } finally {
      pymongo.kill()
    }
  },
)
