// Who is connected to a member, as `$currentOp` and `currentOp` tell it to the official driver.
import { MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ClusterReport } from './cluster.ts'
import { admin, type Login, type SandboxUnderTest, startSandbox } from './testing/sandbox-under-test.ts'

const all = { $currentOp: { allUsers: true, idleConnections: true, localOps: true } }
const app: Login = { user: 'app', password: 'a password of app' }

let under: SandboxUnderTest
let cluster: ClusterReport
const clients: MongoClient[] = []

beforeAll(async () => {
  under = await startSandbox()
  cluster = await under.door.put('one', { members: 3 })
  const root = at(primary(), admin)
  await root.db('admin').command({ createUser: app.user, pwd: app.password, roles: ['readWriteAnyDatabase'] })
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
})
afterAll(() => under?.end())

const hostOf = (state: 'PRIMARY' | 'SECONDARY'): string =>
  cluster.members.find((member) => member.state === state)?.hostPort ?? ''
const primary = (): string => hostOf('PRIMARY')

/** Straight to one member. */
function at(hostPort: string, { user, password }: Login, appName = 'a-test'): MongoClient {
  const client = new MongoClient(`mongodb://${hostPort}/?directConnection=true`, {
    appName,
    auth: { username: user, password },
    authSource: 'admin',
  })
  clients.push(client)
  return client
}

const shown = (client: MongoClient, ...pipeline: object[]) =>
  client.db('admin').aggregate(pipeline, { readPreference: 'nearest' }).toArray()

test.each(['PRIMARY', 'SECONDARY'] as const)('a %s shows each connection, and no secret of it', async (state) => {
  const client = at(hostOf(state), app, 'shop')
  await client.db('admin').command({ ping: 1 })
  const ours = await shown(at(hostOf(state), admin), all, {
    $match: { appName: 'shop', effectiveUsers: { $exists: true } },
  })
  expect(ours).toEqual([
    {
      type: 'idleSession',
      host: hostOf(state),
      desc: expect.stringMatching(/^conn\d+$/),
      connectionId: expect.any(Number),
      client: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      appName: 'shop',
      clientMetadata: expect.objectContaining({
        application: { name: 'shop' },
        driver: { name: 'nodejs', version: expect.any(String) },
      }),
      active: false,
      currentOpTime: expect.any(String),
      effectiveUsers: [{ user: 'app', db: 'admin' }],
      isFromUserConnection: true,
    },
  ])
  expect(JSON.stringify(ours)).not.toContain(app.password)
})

test('connections that do nothing are shown to whoever asks for them', async () => {
  const idle = at(primary(), app, 'idle')
  await idle.db('admin').command({ ping: 1 })
  const root = at(primary(), admin)
  const names = async (options: object) =>
    (await shown(root, { $currentOp: options })).map(({ appName, active, type }) => [appName, active, type])
  expect(await names({ allUsers: true })).toContainEqual(['a-test', true, 'op'])
  expect(await names({ allUsers: true })).not.toContainEqual(['idle', false, 'idleSession'])
  expect(await names({ allUsers: true, idleConnections: true })).toContainEqual(['idle', false, 'idleSession'])
})

test("without the privilege inprog one's own are shown, and nobody else's", async () => {
  const client = at(primary(), app)
  await at(primary(), admin).db('admin').command({ ping: 1 })
  const own = await shown(client, { $currentOp: { idleConnections: true } })
  expect(own.length).toBeGreaterThan(0)
  expect(
    new Set(own.flatMap(({ effectiveUsers }) => effectiveUsers.map(({ user }: { user: string }) => user))),
  ).toEqual(new Set(['app']))
  await expect(shown(client, all)).rejects.toMatchObject({ code: 13 })
  await expect(client.db('admin').command({ currentOp: 1 })).rejects.toMatchObject({ code: 13 })
  expect((await client.db('admin').command({ currentOp: 1, $ownOps: true })).inprog).toHaveLength(1)
})

test('the role clusterMonitor has it', async () => {
  const looks: Login = { user: 'looks', password: 'a password of looks' }
  const users = at(primary(), admin).db('admin')
  await users.command({ createUser: looks.user, pwd: looks.password, roles: ['clusterMonitor'] })
  expect(await shown(at(primary(), looks), all)).not.toEqual([])
})

test('the command answers all in one document, and takes a filter', async () => {
  await at(primary(), app, 'shop').db('admin').command({ ping: 1 })
  const root = at(primary(), admin).db('admin')
  const { inprog } = await root.command({ currentOp: 1, $all: true, appName: 'shop', 'effectiveUsers.user': 'app' })
  expect(inprog).toMatchObject([{ appName: 'shop', effectiveUsers: [{ user: 'app', db: 'admin' }] }])
})

test.each([
  ['an option that there is not', 'admin', { allUser: true }, 9],
  ['an option that is no boolean', 'admin', { allUsers: 1 }, 9],
  ['no options', 'admin', 1, 9],
  ['another database', 'app', {}, 73],
])('%s is refused', async (_, db, options, code) => {
  const asked = at(primary(), admin)
    .db(db)
    .aggregate([{ $currentOp: options }])
  await expect(asked.toArray()).rejects.toMatchObject({ code })
})

test('the command is refused away from admin', async () => {
  await expect(at(primary(), admin).db('app').command({ currentOp: 1 })).rejects.toMatchObject({ code: 13 })
})
