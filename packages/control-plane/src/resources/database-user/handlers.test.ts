import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Deployed, startDeployed } from '../../engines/deployed.testing.ts'
import type { TurnDriver } from '../../engines/turn-driver.testing.ts'
import type { TestApi } from '../../http/testing.ts'
import type { Clock } from '../../parts.ts'
import { clusterHandlers } from '../cluster/handlers.ts'
import { clusterReconciler } from '../cluster/reconcile.ts'
import { databaseUserHandlers } from './handlers.ts'
import { databaseUserReconciler } from './reconcile.ts'

type Body = Readonly<Record<string, unknown>>

let on: Deployed
let driver: TurnDriver
let api: TestApi
let clock: Clock & { now: () => number }

beforeAll(async () => {
  on = await startDeployed({
    handlers: (parts) => ({ ...clusterHandlers(parts), ...databaseUserHandlers(parts) }),
    reconcilers: (parts, engines) => [clusterReconciler(parts, engines), databaseUserReconciler(parts, engines)],
    clock: { now: () => clock.now() },
  })
})
afterAll(() => on?.close())
beforeEach(async () => {
  clock = { now: () => Date.now() }
  ;({ api, driver } = await on.begin())
})

const users = (path = '') => `/api/atlas/v2/groups/${api.groupId}/databaseUsers${path}`
const wish = (more: Body = {}): Body => ({
  databaseName: 'admin',
  groupId: api.groupId,
  username: 'ada',
  password: 'first password',
  roles: [{ roleName: 'readWriteAnyDatabase', databaseName: 'admin' }],
  ...more,
})
const create = (more: Body = {}) => api.ask({ method: 'POST', path: users(), body: wish(more) })
const change = (body: Body, name = 'ada') => api.ask({ method: 'PATCH', path: users(`/admin/${name}`), body })
const get = (name = 'ada', database = 'admin') => api.ask({ method: 'GET', path: users(`/${database}/${name}`) })
const remove = (name = 'ada') => api.ask({ method: 'DELETE', path: users(`/admin/${name}`) })

/** Makes a one-member cluster and answers its connection string. */
const makeCluster = async (name: string): Promise<string> => {
  const electableSpecs = { instanceSize: 'M10', nodeCount: 1 }
  const regionConfigs = [{ providerName: 'AWS', regionName: 'US_EAST_1', priority: 7, electableSpecs }]
  const path = `/api/atlas/v2/groups/${api.groupId}/clusters`
  const made = await api.ask({ method: 'POST', path, body: { name, replicationSpecs: [{ regionConfigs }] } })
  expect(made.status).toBe(201)
  const standard = async () => {
    const { body } = await api.ask({ method: 'GET', path: `${path}/${name}` })
    return (body as { connectionStrings: { standard?: string } }).connectionStrings.standard
  }
  await expect.poll(standard, { timeout: 20_000 }).toMatch(/^mongodb:/)
  return (await standard()) ?? ''
}

const login = async (uri: string, password: string, username = 'ada'): Promise<string> => {
  const client = new MongoClient(uri, { auth: { username, password }, serverSelectionTimeoutMS: 3000 })
  try {
    await client.db('shop').collection('carts').insertOne({ at: 1 })
    return 'writes'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    await client.close()
  }
}

/** Waits until a login answers so: the API waits for deployments only for a while, and a busy machine takes longer. */
const answers = (uri: string, password: string, what: RegExp) =>
  expect.poll(() => login(uri, password), { timeout: 30_000, interval: 100 }).toMatch(what)

/** Kills or revives the one member of a cluster. */
const memberOf = async (name: string) => {
  const path = `/api/atlas/v2/groups/${api.groupId}/clusters/${name}`
  const { id } = (await api.ask({ method: 'GET', path })).body as { id: string }
  return async (act: 'kill' | 'revive'): Promise<void> => {
    expect((await on.door('POST', `${id}/members/0/${act}`)).status).toBe(200)
  }
}

describe('a user with a password, on real deployments', () => {
  test('connects, with the new password after a change, and no more after the end', async () => {
    const uri = await makeCluster('One')
    expect((await create()).status).toBe(201)
    await answers(uri, 'first password', /^writes$/)

    expect((await change({ password: 'second password' })).status).toBe(200)
    await answers(uri, 'second password', /^writes$/)
    await answers(uri, 'first password', /authentication failed/i)

    expect(await remove()).toMatchObject({ status: 204, text: '' })
    expect(await get()).toMatchObject({ status: 404, body: { errorCode: 'USERNAME_NOT_FOUND', parameters: ['ada'] } })
    await answers(uri, 'second password', /authentication failed/i)
  })

  test('is answered for even when no deployment is reached in time', async () => {
    await makeCluster('Slow')
    await driver.stop()
    expect((await create()).status).toBe(201)
    expect((await get()).status).toBe(200)
  })

  test('roles follow a change', async () => {
    const uri = await makeCluster('Roles')
    await create()
    await change({ roles: [{ roleName: 'read', databaseName: 'shop' }] })
    await answers(uri, 'first password', /not authorized/i)
  })

  test('is on a cluster that is made later, and on none out of its scopes', async () => {
    await create({ scopes: [{ name: 'Inside', type: 'CLUSTER' }] })
    const [inside, outside] = [await makeCluster('Inside'), await makeCluster('Outside')]
    await answers(inside, 'first password', /^writes$/)
    await answers(outside, 'first password', /authentication failed/i)

    await change({ scopes: [{ name: 'Outside', type: 'CLUSTER' }] })
    await answers(outside, 'first password', /^writes$/)
    await answers(inside, 'first password', /authentication failed/i)
  })

  test('one that is deleted and made again has the newest password', async () => {
    const uri = await makeCluster('Again')
    await create()
    await remove()
    expect((await create({ password: 'another password' })).status).toBe(201)
    await answers(uri, 'another password', /^writes$/)
  })

  test('goes by itself when deleteAfterDate has passed', async () => {
    const uri = await makeCluster('Temporary')
    const soon = new Date(Date.now() + 3_600_000).toISOString()
    await create({ deleteAfterDate: soon })
    await answers(uri, 'first password', /^writes$/)
    clock.now = () => Date.now() + 3_700_000
    const rows = () =>
      on.store.read.selectFrom('database_user').select('id').where('group_id', '=', api.groupId).execute()
    const [row] = await rows()
    await on.store.transact((tx) => driver.turns.wake(tx, 'databaseUser', row?.id ?? ''))
    await expect.poll(rows, { timeout: 15_000 }).toEqual([])
    await answers(uri, 'first password', /authentication failed/i)
  })

  test('a deployment that is down keeps no other waiting, and gets the user when it is back', async () => {
    const up = await makeCluster('Up')
    const down = await makeCluster('Down')
    const member = await memberOf('Down')
    await member('kill')
    expect((await create()).status).toBe(201)
    await answers(up, 'first password', /^writes$/)
    await member('revive')
    await answers(down, 'first password', /^writes$/)
  })

  test('one that was deleted while a deployment was down is gone there too when it is back', async () => {
    const uri = await makeCluster('Asleep')
    const member = await memberOf('Asleep')
    await create()
    await answers(uri, 'first password', /^writes$/)
    await member('kill')
    expect((await remove()).status).toBe(204)
    expect((await get()).status).toBe(404)
    await member('revive')
    await answers(uri, 'first password', /authentication failed/i)
  })

  test('the name of our own administrator there is never touched', async () => {
    expect(await create({ username: '__postern' })).toMatchObject({
      status: 400,
      body: { errorCode: 'INVALID_ATTRIBUTE' },
    })
  })
})

describe('what the API says', () => {
  test('a new user, with keys in the recorded order, a UTC date and no password', async () => {
    const later = new Date(Date.now() + 86_400_000)
    const offset = `${new Date(later.getTime() + 2 * 3_600_000).toISOString().slice(0, 19)}+02:00`
    const made = await create({ deleteAfterDate: offset, description: 'of a test' })
    expect(Object.keys(made.body as object)).toEqual([
      'awsIAMType',
      'databaseName',
      'deleteAfterDate',
      'description',
      'groupId',
      'labels',
      'ldapAuthType',
      'links',
      'oidcAuthType',
      'roles',
      'scopes',
      'username',
      'x509Type',
    ])
    expect(made.body).toMatchObject({ deleteAfterDate: `${later.toISOString().slice(0, 19)}Z`, x509Type: 'NONE' })
    expect(made.text).not.toContain('first password')
    expect((await get()).text).toBe(made.text)
  })

  test('passwords are sealed in the store', async () => {
    await create()
    const [row] = await on.store.read
      .selectFrom('database_user')
      .selectAll()
      .where('group_id', '=', api.groupId)
      .execute()
    expect(JSON.stringify(row)).not.toContain('first password')
    expect(api.parts.seal.open(row?.id ?? '', row?.password ?? '')).toBe('first password')
  })

  test('a list is paged', async () => {
    for (const username of ['a', 'b', 'c']) await create({ username })
    const { body } = await api.ask({ method: 'GET', path: users('?itemsPerPage=2') })
    expect(body).toMatchObject({ totalCount: 3, results: [{ username: 'a' }, { username: 'b' }] })
  })

  test('a group of an identity provider is kept, with its name escaped in links', async () => {
    const made = await create({ username: 'idp/devs', password: undefined, oidcAuthType: 'IDP_GROUP' })
    expect(made.status).toBe(201)
    expect(made.text).toContain('/databaseUsers/admin/idp%2Fdevs"')
    expect((await get('idp%2Fdevs')).status).toBe(200)
    const state = async () =>
      (await on.store.read.selectFrom('database_user').select('state').where('group_id', '=', api.groupId).execute())[0]
        ?.state
    await expect.poll(state).toBe('NOT_MANAGED')
  })

  test('audit events name the user and never the password', async () => {
    await create()
    await change({ password: 'second password' })
    await remove()
    const events = await on.store.read
      .selectFrom('event')
      .selectAll()
      .where('group_id', '=', api.groupId)
      .where('type', 'like', 'MONGODB%')
      .orderBy('created')
      .execute()
    expect(events.map(({ type }) => type)).toEqual([
      'MONGODB_USER_ADDED',
      'MONGODB_USER_UPDATED',
      'MONGODB_USER_DELETED',
    ])
    expect(JSON.stringify(events)).not.toContain('password')
  })
})

describe('what is refused', () => {
  test.each([
    { says: 'a second one of the name', more: {}, twice: true, status: 409, code: 'USER_ALREADY_EXISTS' },
    { says: 'no password', more: { password: undefined }, status: 400, code: 'MISSING_ATTRIBUTE' },
    { says: 'a short password', more: { password: 'short' }, status: 400, code: 'INVALID_ATTRIBUTE' },
    { says: 'no roles', more: { roles: undefined }, status: 400, code: 'MISSING_ATTRIBUTE' },
    {
      says: 'a custom role',
      more: { roles: [{ roleName: 'mine', databaseName: 'admin' }] },
      status: 404,
      code: 'ATLAS_CUSTOM_ROLE_NOT_FOUND',
    },
    {
      says: 'a date in the past',
      more: { deleteAfterDate: '2020-01-01T00:00:00Z' },
      status: 400,
      code: 'EXPIRATION_DATE_IN_PAST',
    },
    {
      says: 'a date without an offset',
      more: { deleteAfterDate: '2099-01-01T00:00:00' },
      status: 400,
      code: 'INVALID_ATTRIBUTE',
    },
    {
      says: 'a certificate and a password',
      more: { x509Type: 'MANAGED', databaseName: '$external' },
      status: 400,
      code: 'ATLAS_X509_USER_CANNOT_USE_SCRAM',
    },
    {
      says: 'a certificate and LDAP',
      more: { x509Type: 'CUSTOMER', ldapAuthType: 'USER', password: undefined, databaseName: '$external' },
      status: 400,
      code: 'ATLAS_X509_USER_CANNOT_USE_LDAP',
    },
    {
      says: 'a certificate and an end',
      more: {
        x509Type: 'MANAGED',
        password: undefined,
        databaseName: '$external',
        deleteAfterDate: '2099-01-01T00:00:00Z',
      },
      status: 400,
      code: 'ATLAS_X509_USER_CANNOT_BE_TEMPORARY',
    },
    {
      says: 'a managed certificate for a whole distinguished name',
      more: { x509Type: 'MANAGED', password: undefined, databaseName: '$external', username: 'CN=ada,O=Org' },
      status: 400,
      code: 'ATLAS_MANAGED_X509_NAME_INVALID',
    },
    {
      says: 'a certificate on admin',
      more: { x509Type: 'MANAGED', password: undefined },
      status: 400,
      code: 'DATABASE_NAME_INVALID_EXTERNAL',
    },
    {
      says: 'a password on $external',
      more: { databaseName: '$external' },
      status: 400,
      code: 'DATABASE_NAME_INVALID_ADMIN',
    },
    {
      says: 'a scope that is no name',
      more: { scopes: [{ name: 'a b', type: 'CLUSTER' }] },
      status: 400,
      code: 'INVALID_ATTRIBUTE',
    },
  ])('at creation: $says', async ({ more, twice, status, code }) => {
    if (twice) await create()
    expect(await create(more)).toMatchObject({ status, body: { errorCode: code } })
  })

  test.each([
    { says: 'another name', body: { username: 'eve' }, status: 409, code: 'DATABASE_USERNAME_CANNOT_BE_CHANGED' },
    {
      says: 'another database',
      body: { databaseName: '$external' },
      status: 409,
      code: 'DATABASE_NAME_CANNOT_BE_CHANGED',
    },
    { says: 'another proof', body: { x509Type: 'MANAGED' }, status: 409, code: 'AUTH_TYPE_CANNOT_BE_CHANGED' },
    {
      says: 'an end for a user that has none',
      body: { deleteAfterDate: '2099-01-01T00:00:00Z' },
      status: 400,
      code: 'PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY',
    },
    { says: 'no role left', body: { roles: [] }, status: 400, code: 'MISSING_ATTRIBUTE' },
  ])('at a change: $says', async ({ body, status, code }) => {
    await create()
    expect(await change(body)).toMatchObject({ status, body: { errorCode: code } })
  })

  test('more users than the project may have', async () => {
    const name = 'atlas.project.security.databaseAccess.users'
    await on.store.transact((tx) =>
      tx.insertInto('group_limit').values({ group_id: api.groupId, name, value: 1 }).execute(),
    )
    await create()
    expect(await create({ username: 'eve' })).toMatchObject({
      status: 403,
      body: { errorCode: 'GROUP_USERS_LIMIT_EXCEEDED', parameters: [1] },
    })
  })

  test('a user that is not there, by each way of naming it', async () => {
    for (const answer of [await get('nobody'), await change({}, 'nobody'), await remove('nobody')]) {
      expect(answer).toMatchObject({ status: 404, body: { errorCode: 'USERNAME_NOT_FOUND' } })
    }
  })
})
