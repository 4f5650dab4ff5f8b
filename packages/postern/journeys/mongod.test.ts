// The same as registered.test.ts and more, against real mongods: transactions, change streams and every compressor are
// things that the sandbox does not have. Runs when POSTERN_MONGOD names a mongod binary, and says so when it does not.

import { existsSync } from 'node:fs'
import zlib from 'node:zlib'
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import type { IndependentSet } from './independent-set.ts'
import { startMongodSet } from './mongod-set.ts'
import { pymongoMissing, startPymongo } from './pymongo-application.ts'
import {
  findsEndpointNamesOnly,
  type Reached,
  reachThroughEndpoint,
  survivesStepDown,
  withDriver,
} from './registration.ts'
import { startForTest } from './running.ts'
import { mongoshMissing, shell } from './shell.ts'

const mongod = process.env.POSTERN_MONGOD ?? ''
const missing = existsSync(mongod)
  ? null
  : `POSTERN_MONGOD does not name a mongod: ${mongod === '' ? 'it is not set' : `there is no file ${mongod}`}`

/** A set elects, steps down and elects again in seconds each, on a slow machine in many. */
const patienceMs = 300_000

let running: Running

beforeAll(async () => {
  if (missing === null) running = await startForTest()
})

afterAll(async () => {
  await running?.stop()
})

describe.each([
  { says: 'with authentication', tls: false, clusterName: 'Mongod', region: 'eu-west-2' },
  { says: 'with authentication and TLS under its own CA', tls: true, clusterName: 'MongodTls', region: 'eu-west-3' },
])('three mongods $says', ({ tls, clusterName, region }) => {
  let set: IndependentSet
  let reached: Reached

  beforeAll(async () => {
    if (missing !== null) return
    set = await startMongodSet({ mongod, tls })
    reached = await reachThroughEndpoint(running, { set, clusterName, region })
  }, patienceMs)

  afterAll(async () => {
    await set?.stop()
  })

  const needs = (context: TestContext, ...reasons: readonly (string | null)[]): void => {
    for (const reason of [missing, ...reasons]) if (reason !== null) context.skip(reason)
  }

  test.for([
    { says: 'as it comes', options: {}, lacks: null },
    { says: 'compressing with zlib', options: { compressors: ['zlib' as const] }, lacks: null },
    {
      says: 'compressing with zstd',
      options: { compressors: ['zstd' as const] },
      lacks: 'zstdCompress' in zlib ? null : `Node ${process.version} has no zstd, and the gateway then offers none`,
    },
  ])('the driver, $says, finds them under the endpoint’s names only', async ({ options, lacks }, context) => {
    needs(context, lacks)
    await findsEndpointNamesOnly(reached, options)
  })

  test(
    'a step-down under retryable writes costs no error and no acknowledged write',
    async (context) => {
      needs(context)
      await survivesStepDown(reached)
    },
    patienceMs,
  )

  test('a transaction commits as one, or leaves nothing behind', async (context) => {
    needs(context)
    await withDriver(reached, async (driver) => {
      const accounts = driver.db('journeys').collection<{ _id: string }>('accounts')
      const entries = driver.db('journeys').collection<{ _id: string }>('entries')
      await driver.withSession((session) =>
        session.withTransaction(async () => {
          await accounts.insertOne({ _id: 'committed' }, { session })
          await entries.insertOne({ _id: 'committed' }, { session })
        }),
      )
      await driver.withSession(async (session) => {
        session.startTransaction()
        await accounts.insertOne({ _id: 'aborted' }, { session })
        expect(await accounts.countDocuments({}, { session })).toBe(2)
        await session.abortTransaction()
      })
      expect(await accounts.find().toArray()).toEqual([{ _id: 'committed' }])
      expect(await entries.find().toArray()).toEqual([{ _id: 'committed' }])
    })
  })

  test(
    'a change stream goes on over a step-down',
    async (context) => {
      needs(context)
      await withDriver(reached, async (driver) => {
        const watched = driver.db('journeys').collection<{ _id: string }>('watched')
        const stream = watched.watch()
        // Opens its cursor: what is written before that is not told.
        expect(await stream.tryNext()).toBeNull()
        await watched.insertOne({ _id: 'before' })
        expect(await stream.next()).toMatchObject({ operationType: 'insert', documentKey: { _id: 'before' } })
        await set.stepDown()
        await watched.insertOne({ _id: 'after' })
        expect(await stream.next()).toMatchObject({ operationType: 'insert', documentKey: { _id: 'after' } })
        await stream.close()
      })
    },
    patienceMs,
  )

  test.for([{ compressor: 'zlib' as const }, { compressor: 'snappy' as const }, { compressor: 'zstd' as const }])(
    'PyMongo, compressing with $compressor, writes and reads through a step-down',
    { timeout: patienceMs },
    async ({ compressor }, context) => {
      const unknown =
        compressor === 'zstd' && !('zstdCompress' in zlib)
          ? `Node ${process.version} has no zstd, and the gateway then offers none`
          : null
      needs(context, pymongoMissing(compressor), unknown)
      const targets = [...reached.targets].sort()
      const pymongo = startPymongo({ uri: reached.uri, user: reached.user, compressor })
      try {
        const discovered = await pymongo.discovered()
        expect(discovered).toMatchObject({ names: targets, nodes: targets, found: 'compresses well' })
        expect(discovered.compression).toEqual([compressor])
        await pymongo.wrote()
        await set.stepDown()
        await pymongo.wrote()
        expect(await pymongo.done()).toMatchObject({ errors: [], lost: [], names: targets })
      } finally {
        pymongo.kill()
      }
    },
  )

  test('mongosh writes and reads, and hello shows the endpoint’s names only', async (context) => {
    needs(context, mongoshMissing)
    const { stdout } = await shell(
      'db.shell.insertOne({ from: "mongosh" }); const hello = db.hello();' +
        ' print(EJSON.stringify({ found: db.shell.countDocuments({ from: "mongosh" }), hosts: hello.hosts, me: hello.me }))',
      { uri: reached.uri, user: reached.user, home: running.home },
    )
    const told = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { found: number; hosts: string[]; me: string }
    expect(told.found).toBe(1)
    expect([...told.hosts].sort()).toEqual([...reached.targets].sort())
    expect(reached.targets).toContain(told.me)
  })
})
