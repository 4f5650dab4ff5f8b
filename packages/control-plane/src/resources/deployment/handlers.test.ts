import 'reflect-metadata'
import { randomBytes, webcrypto } from 'node:crypto'
import { createServer } from 'node:net'
import * as x509 from '@peculiar/x509'
import { type Db, type Document, MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Deployed, startDeployed } from '../../engines/deployed.testing.ts'
import type { Reach } from '../../engines/engine.ts'
import type { Engines } from '../../engines/engines.ts'
import { createWatch, type Watch } from '../../engines/watch.ts'
import type { TestApi } from '../../http/testing.ts'
import { clusterHandlers } from '../cluster/handlers.ts'
import { clusterReconciler } from '../cluster/reconcile.ts'
import { customDbRoleHandlers } from '../custom-db-role/handlers.ts'
import { customDbRoleReconciler } from '../custom-db-role/reconcile.ts'
import { databaseUserHandlers } from '../database-user/handlers.ts'
import { databaseUserReconciler } from '../database-user/reconcile.ts'
import { deploymentHandlers } from './handlers.ts'
import { systemSrvLookup } from './srv.ts'

type Body = Readonly<Record<string, unknown>>

const dba = { user: 'dba', password: 'an administrator of their own' }

let on: Deployed
let api: TestApi
/** The deployment that is registered: three members of the sandbox, which the control plane knows nothing of. */
let own: { readonly id: string; readonly hosts: readonly string[] }

const door = async (method: string, path: string, body?: Body): Promise<unknown> => {
  const response = await on.door(method, path, body)
  expect(response.ok).toBe(true)
  return response.status === 204 ? undefined : response.json()
}

const makeOwn = async (members: number, more: Body = {}): Promise<typeof own> => {
  const id = randomBytes(12).toString('hex')
  const wish = { name: 'own', setName: 'own-set', members, admin: dba, ...more }
  const made = (await door('PUT', id, wish)) as { members: { hostPort: string }[] }
  return { id, hosts: made.members.map(({ hostPort }) => hostPort) }
}

beforeAll(async () => {
  on = await startDeployed({
    handlers: (parts, engines) => ({
      ...clusterHandlers(parts),
      ...databaseUserHandlers(parts),
      ...customDbRoleHandlers(parts),
      ...deploymentHandlers(parts, engines, systemSrvLookup),
    }),
    reconcilers: (parts, engines) => [
      clusterReconciler(parts, engines),
      customDbRoleReconciler(parts, engines),
      databaseUserReconciler(parts, engines),
    ],
  })
  own = await makeOwn(3)
  await vi.waitFor(async () => expect(await hello(own.hosts[0] ?? '')).toHaveProperty('primary'), { timeout: 15_000 })
})
afterAll(() => on?.close())

const hello = async (host: string): Promise<unknown> => {
  const client = new MongoClient(`mongodb://${host}/?directConnection=true`)
  try {
    return await client.db('admin').command({ hello: 1 })
  } finally {
    await client.close()
  }
}

beforeEach(async () => {
  ;({ api } = await on.begin())
  // One deployment for all tests: what those before left would be whose users are made there.
  await on.store.transact((tx) => tx.deleteFrom('cluster').execute())
})

/** Of the project's members, by `host:port`. */
const roles = async (): Promise<ReadonlyMap<string, string>> => {
  const rows = await on.store.read
    .selectFrom('member')
    .innerJoin('cluster', 'cluster.id', 'member.cluster_id')
    .select(['member.host_port', 'member.role'])
    .where('cluster.group_id', '=', api.groupId)
    .execute()
  return new Map(rows.map(({ host_port, role }) => [host_port, role]))
}

describe('hidden members', () => {
  let set: typeof own
  beforeAll(async () => {
    set = await makeOwn(4)
    await door('POST', `${set.id}/members/3/hide`, {})
    await vi.waitFor(async () => expect(await hello(set.hosts[0] ?? '')).toHaveProperty('primary'), { timeout: 15_000 })
    const client = new MongoClient(`mongodb://${set.hosts[0]}/?replicaSet=own-set`, {
      auth: { username: dba.user, password: dba.password },
    })
    await client.db('admin').command({ createUser: 'monitor', pwd: 'looks only', roles: ['clusterMonitor'] })
    await client.db('admin').command({ createUser: 'reader', pwd: 'reads only', roles: ['readAnyDatabase'] })
    await client.close()
  })
  const given = (more: Body) => register({ connectionString: `mongodb://${set.hosts[0]}`, ...more })

  test.each([
    { says: 'an administrator', credentials: { username: dba.user, password: dba.password } },
    { says: 'a user who may only look', credentials: { username: 'monitor', password: 'looks only' } },
  ])('are known by $says, stay known, and no string names them', async ({ credentials }) => {
    const { status, body } = await given(credentials)
    expect([status, body]).toMatchObject([201, { hiddenMembersUnknownReason: null }])
    const primary = async () => [...(await roles())].find(([, role]) => role === 'primary')?.[0]
    expect((await roles()).get(set.hosts[3] ?? '')).toBe('hidden')
    const before = await primary()
    await door('POST', `${set.id}/stepDown`, { seconds: 1, force: true })
    await expect.poll(async () => (await primary()) ?? before, { timeout: 20_000 }).not.toBe(before)
    expect((await roles()).get(set.hosts[3] ?? '')).toBe('hidden')
    const { standard } = ((await cluster()).body as { connectionStrings: { standard: string } }).connectionStrings
    expect(set.hosts.map((host) => standard.includes(host))).toEqual([true, true, true, false])
  })

  test.each([
    { says: 'nobody is given', credentials: {} },
    { says: 'who is given may not ask', credentials: { username: 'reader', password: 'reads only' } },
  ])('are not known where $says, with the reason', async ({ credentials }) => {
    const { status, body } = await given(credentials)
    expect([status, body]).toMatchObject([
      201,
      { hiddenMembersUnknownReason: expect.stringContaining('nobody was given who may read the configuration') },
    ])
    expect((body as { members: unknown[] }).members).toHaveLength(3)
  })

  test('are no longer told where whoever looked may not, are asked for again, and are not unknown before anybody asked', async () => {
    const { id, hosts } = await makeOwn(3)
    const [first = '', second = '', last = ''] = hosts
    await door('POST', `${id}/members/2/hide`, {})
    const client = new MongoClient(`mongodb://${first}/?replicaSet=own-set`, {
      auth: { username: dba.user, password: dba.password },
    })
    const command = (wish: Document) => client.db('admin').command(wish)
    const looker = { user: 'looker', password: 'looks only', source: 'admin' }
    const create = () => command({ createUser: looker.user, pwd: looker.password, roles: ['clusterMonitor'] })
    await create()
    const reach: Reach = { hosts: [first], admin: null, monitor: looker, tls: null }
    const watches = [createWatch({ onChange: () => {}, refusedMs: 0 }), createWatch({ onChange: () => {} })] as const
    const [watch, fresh] = watches
    const look = async () => {
      const seen = await watch.look(id, reach, { hosts: [] })
      if (seen.kind !== 'replicaSet') throw new Error(seen.kind)
      return {
        why: seen.hidden,
        hidden: seen.members.flatMap(({ hostPort, role }) => (role === 'hidden' ? hostPort : [])).toSorted(),
      }
    }
    try {
      await expect.poll(look).toEqual({ why: null, hidden: [last] })
      await command({ dropUser: looker.user })
      await door('POST', `${id}/members/1/hide`, {})
      await expect.poll(look, { timeout: 15_000 }).toEqual({ why: 'NOT_TOLD', hidden: [second, last].toSorted() })
      await create()
      await expect.poll(look, { timeout: 15_000 }).toMatchObject({ why: null, hidden: { length: 2 } })
      // It would wait for a primary to end its sessions at.
      await client.close()
      await door('POST', `${id}/members/1/kill`)
      await door('POST', `${id}/members/2/kill`)
      const first = (own: Reach) => fresh.look(randomBytes(12).toString('hex'), own, { hosts: [] })
      await expect.poll(() => first(reach), { timeout: 15_000 }).toMatchObject({ hasPrimary: false, hidden: 'UNREAD' })
      expect(await first({ ...reach, monitor: null })).toMatchObject({ hasPrimary: false, hidden: 'NOT_TOLD' })
    } finally {
      await Promise.all([client.close(), ...watches.map((each) => each.close())])
    }
  })

  test('whoever is hidden stays and whoever leaves is dropped where the password was taken away, and the list says why, until it is given again', async () => {
    const left = await makeOwn(5)
    const client = new MongoClient(`mongodb://${left.hosts[0]}/?replicaSet=own-set`, {
      auth: { username: dba.user, password: dba.password },
    })
    const command = (wish: Document) => client.db('admin').command(wish)
    const create = () => command({ createUser: 'keeper', pwd: 'looks only', roles: ['clusterMonitor'] })
    const hideOne = async () => {
      const { hosts, primary } = await command({ hello: 1 })
      const host = (hosts as string[]).find((each) => each !== primary) ?? ''
      await door('POST', `${left.id}/members/${left.hosts.indexOf(host)}/hide`, {})
      return host
    }
    const known = async () => {
      const { body } = await api.ask({ method: 'GET', path: base() })
      const now = [...(await roles())]
      const hidden = now.flatMap(([host, role]) => (role === 'hidden' ? host : [])).toSorted()
      const why = (body as { results: { hiddenMembersUnknownReason: string }[] }).results[0]?.hiddenMembersUnknownReason
      return { why, members: now.length, hidden }
    }
    try {
      await create()
      await register({ connectionString: `mongodb://${left.hosts[0]}`, username: 'keeper', password: 'looks only' })
      const first = await hideOne()
      await expect.poll(known, { timeout: 20_000 }).toEqual({ why: null, members: 5, hidden: [first] })
      await command({ dropUser: 'keeper' })
      const second = await hideOne()
      const both = { why: expect.stringContaining('its password was changed'), hidden: [first, second].toSorted() }
      await expect.poll(known, { timeout: 20_000 }).toEqual({ ...both, members: 5 })
      await door('PUT', left.id, { name: 'own', setName: 'own-set', members: 4, admin: dba })
      await expect.poll(known, { timeout: 20_000 }).toEqual({ ...both, members: 4 })
      await create()
      const third = await hideOne()
      await expect
        .poll(known, { timeout: 20_000 })
        .toEqual({ why: null, members: 4, hidden: [first, second, third].toSorted() })
    } finally {
      await client.close()
    }
  })
})

const base = () => `/api/postern/v1/groups/${api.groupId}/deployments`
const register = (more: Body = {}) =>
  api.ask({
    method: 'POST',
    path: base(),
    body: {
      name: 'Mine',
      connectionString: `mongodb://${own.hosts[0]}`,
      provider: 'AWS',
      region: 'eu-west-1',
      ...more,
    },
  })
const cluster = (name = 'Mine') =>
  api.ask({ method: 'GET', path: `/api/atlas/v2/groups/${api.groupId}/clusters/${name}`, version: '2024-08-05' })
const admin = { username: dba.user, password: dba.password }

describe("a deployment of the user's own", () => {
  test('is found whole from one seed, and stands among the clusters', async () => {
    const made = await register()
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      type: 'MONGOD',
      setName: 'own-set',
      stateName: 'IDLE',
      usersManaged: false,
      usersNotManagedReason: expect.stringContaining('no administrator was given'),
    })
    const { members } = made.body as { members: { hostPort: string; role: string }[] }
    expect(members.map(({ hostPort }) => hostPort).toSorted()).toEqual(own.hosts.toSorted())
    expect(members.map(({ role }) => role).toSorted()).toEqual(['primary', 'secondary', 'secondary'])

    const { body } = await cluster()
    expect(body).toMatchObject({
      clusterType: 'REPLICASET',
      stateName: 'IDLE',
      replicationSpecs: [
        { regionConfigs: [{ providerName: 'AWS', regionName: 'EU_WEST_1', electableSpecs: { nodeCount: 3 } }] },
      ],
    })
    const { standard } = (body as { connectionStrings: { standard: string } }).connectionStrings
    expect(standard).toMatch(/\/\?authSource=admin&replicaSet=own-set$/)
  })

  test('is listed apart from the clusters that were made here', async () => {
    const list = () => api.ask({ method: 'GET', path: base() })
    expect(await list()).toMatchObject({ status: 200, body: { results: [], totalCount: 0 } })
    await register()
    await register({ name: 'Managed', ...admin })
    const seen = { type: 'MONGOD', setName: 'own-set', stateName: 'IDLE' }
    const why = expect.stringContaining('nobody was given')
    const { body } = await list()
    expect(body).toMatchObject({
      results: [
        { name: 'Mine', usersManaged: false, hiddenMembersUnknownReason: why, ...seen },
        { name: 'Managed', usersManaged: true, hiddenMembersUnknownReason: null, ...seen },
      ],
      totalCount: 2,
    })
    expect(JSON.stringify(body)).not.toContain(dba.password)
  })

  test('is checked without being registered: what it is, or what is in the way', async () => {
    const check = (more: Body = {}) =>
      api.ask({
        method: 'POST',
        path: `${base()}:check`,
        body: {
          name: 'Mine',
          connectionString: `mongodb://${own.hosts[0]}`,
          provider: 'AWS',
          region: 'eu-west-1',
          ...more,
        },
      })
    const { status, body } = await check(admin)
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { possible: true, deployment: { type: 'MONGOD', setName: 'own-set', usersManaged: true } },
    })
    expect((body as { deployment: { members: object[] } }).deployment.members).toHaveLength(3)
    expect((await cluster()).status).toBe(404)
    expect(await check({ connectionString: 'mongodb://127.0.0.1:1' })).toMatchObject({
      status: 200,
      body: { possible: false, deployment: null, blockers: [{ errorCode: 'POSTERN_DEPLOYMENT_UNREACHABLE' }] },
    })
    await register()
    expect(await check()).toMatchObject({ body: { blockers: [{ errorCode: 'DUPLICATE_CLUSTER_NAME' }] } })
  })

  test('a seed by name is looked up, and its members are known by their own addresses', async () => {
    const made = await register({ connectionString: `mongodb://${own.hosts[0]?.replace('127.0.0.1', 'localhost')}` })
    const { members } = made.body as { members: { hostPort: string }[] }
    expect(members.map(({ hostPort }) => hostPort).toSorted()).toEqual(own.hosts.toSorted())
  })

  test('with its administrator, database users are made on it', async () => {
    expect((await register(admin)).body).toMatchObject({ usersManaged: true, usersNotManagedReason: null })
    const path = `/api/atlas/v2/groups/${api.groupId}/databaseUsers`
    const user = { username: 'ada', password: 'of ada alone', roles: [{ roleName: 'read', databaseName: 'shop' }] }
    expect((await api.ask({ method: 'POST', path, body: user })).status).toBe(201)
    const counts = async () => {
      const client = new MongoClient(`mongodb://${own.hosts.join(',')}/?replicaSet=own-set`, {
        auth: { username: 'ada', password: 'of ada alone' },
      })
      return client
        .db('shop')
        .collection('carts')
        .countDocuments()
        .finally(() => client.close())
    }
    await vi.waitFor(async () => expect(await counts()).toBe(0), { timeout: 30_000, interval: 100 })
    await api.ask({ method: 'DELETE', path: `${path}/admin/ada` })
  })

  test('credentials in the string are as good', async () => {
    const connectionString = `mongodb://dba:${encodeURIComponent(dba.password)}@${own.hosts[1]}/?authSource=admin`
    const made = await register({ connectionString })
    expect(made.body).toMatchObject({ usersManaged: true })
    const [row] = await on.store.read.selectFrom('cluster').selectAll().where('group_id', '=', api.groupId).execute()
    expect(JSON.stringify(row)).not.toContain('administrator of their own')
  })

  test("a database user by the administrator's name never takes it over", async () => {
    await register(admin)
    const path = `/api/atlas/v2/groups/${api.groupId}/databaseUsers`
    const user = {
      username: 'dba',
      password: 'a hostile password',
      roles: [{ roleName: 'read', databaseName: 'shop' }],
    }
    expect((await api.ask({ method: 'POST', path, body: user })).status).toBe(201)
    const problem = async () =>
      (await on.store.read.selectFrom('database_user').selectAll().where('group_id', '=', api.groupId).execute())[0]
        ?.error_message
    await expect.poll(problem).toMatch(/that of the administrator/)
    const client = new MongoClient(`mongodb://${own.hosts[0]}/?directConnection=true`, {
      auth: { username: dba.user, password: dba.password },
    })
    await client.db('admin').command({ usersInfo: 1 })
    await client.close()
  })

  test('one that may only look leaves users alone, and is not kept', async () => {
    const client = new MongoClient(`mongodb://${own.hosts.join(',')}/?replicaSet=own-set`, {
      auth: { username: dba.user, password: dba.password },
    })
    await client.db('admin').command({ createUser: 'looker', pwd: 'looks only', roles: ['readAnyDatabase'] })
    const made = await register({ username: 'looker', password: 'looks only' })
    await client.db('admin').command({ dropUser: 'looker' })
    await client.close()
    expect(made.body).toMatchObject({
      usersManaged: false,
      usersNotManagedReason: expect.stringContaining('may not manage users'),
    })
    const [row] = await on.store.read.selectFrom('cluster').selectAll().where('group_id', '=', api.groupId).execute()
    expect(api.parts.seal.open(row?.id ?? '', row?.access ?? '')).not.toContain('looks only')
  })

  test('a failover shows in its members', async () => {
    await register()
    const primary = async () =>
      (
        await on.store.read
          .selectFrom('member')
          .innerJoin('cluster', 'cluster.id', 'member.cluster_id')
          .select('member.host_port')
          .where('cluster.group_id', '=', api.groupId)
          .where('member.role', '=', 'primary')
          .execute()
      ).map(({ host_port }) => host_port)
    const before = await primary()
    await door('POST', `${own.id}/stepDown`, { seconds: 1, force: true })
    await expect
      .poll(async () => (await primary()).length === 1 && (await primary())[0] !== before[0], { timeout: 20_000 })
      .toBe(true)
  })

  test('over TLS, trusting the authority that was sent and no other', async () => {
    const { ca, key, cert } = await selfSigned()
    const secret = await makeOwn(1, { setName: 'secret-set', tls: { key, cert } })
    const connectionString = `mongodb://${secret.hosts[0]}/?tls=true`
    await expect
      .poll(async () => (await register({ connectionString, tls: { ca }, name: 'Secret' })).status, { timeout: 15_000 })
      .toBe(201)
    const { body } = await cluster('Secret')
    const { standard } = (body as { connectionStrings: { standard: string } }).connectionStrings
    expect(standard).toMatch(/\/\?ssl=true&authSource=admin&replicaSet=secret-set$/)
    const other = await register({ connectionString, tls: { ca: (await selfSigned()).ca }, name: 'Other' })
    expect(other).toMatchObject({ status: 400, body: { errorCode: 'POSTERN_DEPLOYMENT_UNREACHABLE' } })
    expect(other.text).toMatch(/self.signed|certificate/i)
  })

  describe('deleting it', () => {
    const path = () => `/api/atlas/v2/groups/${api.groupId}`
    const make = async (username: string, roleName = 'mine') => {
      const body = { username, password: 'given by the API', roles: [{ roleName, databaseName: 'admin' }] }
      expect((await api.ask({ method: 'POST', path: `${path()}/databaseUsers`, body })).status).toBe(201)
    }
    const applied = async () => {
      const of = async (table: 'database_user' | 'custom_db_role') =>
        (await on.store.read.selectFrom(table).select('applied').where('group_id', '=', api.groupId).execute()).map(
          ({ applied: each }) => Object.keys(each as object).length,
        )
      return [await of('database_user'), await of('custom_db_role')]
    }
    const asDba = async <Result>(work: (db: Db) => Promise<Result>, hosts = own.hosts): Promise<Result> => {
      const client = new MongoClient(`mongodb://${hosts.join(',')}/?replicaSet=own-set`, {
        auth: { username: dba.user, password: dba.password },
      })
      return work(client.db('admin')).finally(() => client.close())
    }
    const there = (hosts = own.hosts) =>
      asDba(async (db) => {
        const { users } = await db.command({ usersInfo: 1 })
        const { roles: has } = await db.command({ rolesInfo: 1 })
        return [
          users
            .map(({ user }: { user: string }) => user)
            .filter((user: string) => user !== dba.user)
            .toSorted(),
          has.map(({ role }: { role: string }) => role),
        ]
      }, hosts)
    const remove = async () => {
      expect((await api.ask({ method: 'DELETE', path: `${path()}/clusters/Mine` })).status).toBe(202)
      const rows = () => on.store.read.selectFrom('cluster').select('id').where('group_id', '=', api.groupId).execute()
      await expect.poll(rows, { timeout: 30_000 }).toEqual([])
    }
    const deleted = async () => {
      const events = on.store.read.selectFrom('event').select('target').where('type', '=', 'CLUSTER_DELETED')
      return (await events.where('group_id', '=', api.groupId).execute()).map(({ target }) => target)
    }
    const makeRole = async () => {
      const actions = [{ action: 'FIND', resources: [{ db: 'shop', collection: 'carts' }] }]
      const body = { roleName: 'mine', actions }
      expect((await api.ask({ method: 'POST', path: `${path()}/customDBRoles/roles`, body })).status).toBe(202)
    }
    beforeEach(() => makeRole())

    test('takes back users and roles that were made there, and nobody who was there before', async () => {
      await asDba((db) => db.command({ createUser: 'theirs', pwd: 'of their own', roles: [] }))
      await asDba((db) => db.command({ createUser: 'untold', pwd: 'of their own', roles: [] }))
      await register(admin)
      await make('ada')
      await make('theirs')
      await expect.poll(applied, { timeout: 30_000 }).toEqual([[1, 1], [1]])
      expect(await there()).toEqual([['ada', 'theirs', 'untold'], ['mine']])
      await remove()
      expect(await there()).toEqual([['theirs', 'untold'], []])
      expect(await deleted()).toEqual([{ clusterId: expect.any(String), clusterName: 'Mine', usersChanged: 'theirs' }])
      for (const dropUser of ['theirs', 'untold']) await asDba((db) => db.command({ dropUser }))
      expect(await hello(own.hosts[0] ?? '')).toMatchObject({ setName: 'own-set' })
    })

    describe('with turns one by one', () => {
      let engines: Engines
      /** Nobody's turn comes by itself from then on; the role is there, the user is not yet. */
      const beginWith = async (roleName: string) => {
        const begun = await on.begin()
        ;({ api, engines } = begun)
        await makeRole()
        await make('ada', roleName)
        await begun.driver.stop()
        expect((await register(admin)).status).toBe(201)
        await roleTurn()
      }
      const only = async (table: 'cluster' | 'database_user' | 'custom_db_role') =>
        (await on.store.read.selectFrom(table).select('id').where('group_id', '=', api.groupId).executeTakeFirst())?.id
      const roleTurn = async () => customDbRoleReconciler(api.parts, engines).turn((await only('custom_db_role')) ?? '')
      const userTurn = async (by = engines) =>
        databaseUserReconciler(api.parts, by).turn((await only('database_user')) ?? '')
      const letGo = async () => {
        expect((await api.ask({ method: 'DELETE', path: `${path()}/clusters/Mine` })).status).toBe(202)
        const id = (await only('cluster')) ?? ''
        await expect
          .poll(() =>
            clusterReconciler(api.parts, engines)
              .turn(id)
              .then(() => only('cluster')),
          )
          .toBeUndefined()
      }

      test('leaves a user whom its owner made after an attempt that was refused', async () => {
        await beginWith('mine')
        await asDba((db) => db.command({ dropRole: 'mine' }))
        expect(await userTurn()).toEqual({ do: 'retry', reason: expect.stringContaining('Could not find role') })
        await asDba((db) => db.command({ createRole: 'mine', privileges: [], roles: [] }))
        await asDba((db) => db.command({ createUser: 'ada', pwd: 'of their own', roles: [] }))
        expect(await userTurn()).toEqual({ do: 'again', afterMs: 0 })
        await letGo()
        expect(await there()).toEqual([['ada'], []])
        expect(await deleted()).toMatchObject([{ usersChanged: 'ada' }])
        await asDba((db) => db.command({ dropUser: 'ada' }))
      })

      test('takes back a user of whom nobody could tell at once whether the attempt had succeeded', async () => {
        await beginWith('mine')
        let asked = 0
        const asAdmin: Watch['asAdmin'] = async (...about) => {
          asked += 1
          if (asked > 2) throw new Error('nobody answers')
          const answer = await engines.watch.asAdmin(...about)
          if (asked === 2) throw new Error('its answer is lost')
          return answer
        }
        const outcome = await userTurn({ ...engines, watch: { ...engines.watch, asAdmin } })
        expect(outcome).toEqual({ do: 'retry', reason: 'Mine: its answer is lost' })
        expect((await there())[0]).toEqual(['ada'])
        expect(await userTurn()).toEqual({ do: 'again', afterMs: 0 })
        await letGo()
        expect(await there()).toEqual([[], []])
      })

      test.each([
        { says: 'made for the first time', earlier: [] },
        { says: 'brought to another wish', earlier: [7] },
      ])('a user who is being $says at that moment does not stay', async ({ earlier }) => {
        await beginWith('readAnyDatabase')
        for (const wish of earlier) {
          await userTurn()
          await on.store.transact((tx) =>
            tx.updateTable('database_user').set({ wish }).where('group_id', '=', api.groupId).execute(),
          )
        }
        const look: Watch['look'] = async (...about) => {
          if ((await only('cluster')) !== undefined) await letGo()
          return engines.watch.look(...about)
        }
        expect(await userTurn({ ...engines, watch: { ...engines.watch, look } })).toEqual({ do: 'again', afterMs: 0 })
        expect(await only('cluster')).toBeUndefined()
        expect(await there()).toEqual([[], []])
        expect((await applied())[0]).toEqual([0])
      })
    })

    test('forgets one that does not answer all the same, and names what stays there', async () => {
      const lone = await makeOwn(1)
      await expect
        .poll(async () => (await register({ ...admin, connectionString: `mongodb://${lone.hosts[0]}` })).status)
        .toBe(201)
      await make('ada')
      await expect.poll(applied, { timeout: 30_000 }).toEqual([[1], [1]])
      await door('POST', `${lone.id}/members/0/kill`)
      // To be deleted, which was answered: it is not forgotten before it is named.
      expect((await api.ask({ method: 'DELETE', path: `${path()}/databaseUsers/admin/ada` })).status).toBe(204)
      await remove()
      const left = { usersLeft: 'ada', rolesLeft: 'mine', leftBecause: expect.stringMatching(/./) }
      expect(await deleted()).toMatchObject([{ clusterName: 'Mine', ...left }])
      const users = () =>
        on.store.read.selectFrom('database_user').select('id').where('group_id', '=', api.groupId).execute()
      await expect.poll(users, { timeout: 15_000 }).toEqual([])
    })
  })

  test('deleting it forgets it, and leaves it as it is', async () => {
    await register(admin)
    const path = `/api/atlas/v2/groups/${api.groupId}/clusters/Mine`
    expect((await api.ask({ method: 'DELETE', path })).status).toBe(202)
    const rows = () => on.store.read.selectFrom('cluster').select('id').where('group_id', '=', api.groupId).execute()
    await expect.poll(rows, { timeout: 15_000 }).toEqual([])
    expect(await hello(own.hosts[0] ?? '')).toMatchObject({ setName: 'own-set' })
  })
})

describe('what is refused, and nothing is stored', () => {
  test.each([
    { says: 'a bad name', more: { name: 'a b' }, code: 'CLUSTER_NAME_INVALID', said: /letters, digits/ },
    { says: 'an unknown cloud', more: { provider: 'IBM' }, code: 'INVALID_ATTRIBUTE', said: /provider/ },
    { says: "another cloud's region", more: { region: 'CENTRAL_US' }, code: 'INVALID_ATTRIBUTE', said: /region/ },
    {
      says: 'no string',
      more: { connectionString: 'db.example.com' },
      code: 'POSTERN_DEPLOYMENT_REFUSED',
      said: /connection string/,
    },
    {
      says: 'the metadata service',
      more: { connectionString: 'mongodb://169.254.169.254:80' },
      code: 'POSTERN_DEPLOYMENT_REFUSED',
      said: /link-local/,
    },
    {
      says: 'a user without a password',
      more: { username: 'x' },
      code: 'POSTERN_DEPLOYMENT_REFUSED',
      said: /needs a password/,
    },
    {
      says: 'a password without a user',
      more: { password: 'x' },
      code: 'POSTERN_DEPLOYMENT_REFUSED',
      said: /needs its user/,
    },
    {
      says: 'a wrong password',
      more: { username: 'dba', password: 'wrong' },
      code: 'POSTERN_DEPLOYMENT_REFUSED',
      said: /not taken: [^"]*[^."]\."/,
    },
    {
      says: 'TLS material for a string without TLS',
      more: { tls: { allowInvalidHostnames: true } },
      code: 'POSTERN_DEPLOYMENT_REFUSED',
      said: /tls=true/,
    },
    {
      says: 'a file as an authority',
      more: { tls: { ca: '/etc/ssl/cert.pem' } },
      code: 'INVALID_ATTRIBUTE',
      said: /PEM/,
    },
    { says: 'a field that is not known', more: { caFile: '/x' }, code: 'INVALID_ATTRIBUTE', said: /caFile/ },
  ])('$says', async ({ more, code, said }) => {
    const answer = await register(more)
    expect(answer).toMatchObject({ status: 400, body: { errorCode: code } })
    expect(answer.text).toMatch(said)
    expect(
      await on.store.read.selectFrom('cluster').select('id').where('group_id', '=', api.groupId).execute(),
    ).toEqual([])
  })

  test('another set than the string names', async () => {
    const answer = await register({ connectionString: `mongodb://${own.hosts[0]}/?replicaSet=other` })
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'POSTERN_DEPLOYMENT_REFUSED' } })
    expect(answer.text).toContain('it is the set own-set, not other')
  })

  test('a port where nobody answers, with the reason', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((done) => server.once('listening', done))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    await new Promise((done) => server.close(done))
    const answer = await register({ connectionString: `mongodb://127.0.0.1:${port}` })
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'POSTERN_DEPLOYMENT_UNREACHABLE' } })
    expect(answer.text).toMatch(/ECONNREFUSED/)
  })

  test('a second one of the name', async () => {
    await register()
    expect(await register()).toMatchObject({ status: 400, body: { errorCode: 'DUPLICATE_CLUSTER_NAME' } })
  })

  test('a second one of the same members, where both would make users; without an administrator it is taken', async () => {
    expect((await register(admin)).status).toBe(201)
    const answer = await register({ ...admin, name: 'Again', connectionString: `mongodb://${own.hosts[1]}` })
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'POSTERN_DEPLOYMENT_REFUSED' } })
    expect(answer.text).toContain('belongs to the cluster Mine already')
    expect((await register({ name: 'Again' })).status).toBe(201)
  })

  test('somebody who owns the project but not the organization', async () => {
    const as = await api.newCaller('API_KEY', { org: ['ORG_MEMBER'], group: ['GROUP_OWNER'] })
    const body = { name: 'Mine', connectionString: `mongodb://${own.hosts[0]}`, provider: 'AWS', region: 'eu-west-1' }
    expect(await api.ask({ method: 'POST', path: base(), body, as })).toMatchObject({
      status: 403,
      body: { errorCode: 'USER_UNAUTHORIZED' },
    })
  })
})

/** An authority of its own and a certificate for 127.0.0.1, all PEM. */
const selfSigned = async (): Promise<{ readonly ca: string; readonly key: string; readonly cert: string }> => {
  x509.cryptoProvider.set(webcrypto)
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=own deployment',
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
    ],
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  const lines = pkcs8.toString('base64').match(/.{1,64}/g) ?? []
  const key = `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`
  const cert = certificate.toString('pem')
  return { ca: cert, key, cert }
}
