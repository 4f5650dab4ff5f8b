// A later start of `up` finds everything as people left it, works all the same, and tells nobody of what has ended. One
// that was killed in the middle of its first start completes it.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@postern/cli/connect'
import { ApiError } from '@postern/contract/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { banner, jsonLine } from '../src/up/banner.ts'
import { type Bootstrap, freshBootstrap, makeHome, writeBootstrap } from '../src/up/home.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { jsonLineOf, postern } from './program.ts'
import { startForTest } from './running.ts'

let folder: string
let running: Running
let first: Bootstrap

const newPassword = 'correct horse battery staple'
const up = () => startForTest({ home: join(folder, 'home'), sample: true })
const told = (): Record<string, unknown> => JSON.parse(jsonLine(running.bootstrap, running))
const printed = (): string => banner(running.bootstrap, running)

const logIn = (password: string): Promise<Response> =>
  fetch(`${running.bootstrap.apiUrl}/api/postern/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: String(running.bootstrap.apiUrl) },
    body: JSON.stringify({ username: first.ownerEmail, password }),
  })

const cookieOf = (response: Response): string => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''

const tokenStatus = async (): Promise<number> =>
  (
    await fetch(`${running.bootstrap.apiUrl}/api/oauth/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${first.clientId}:${first.clientSecret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    })
  ).status

/** Of a request by the first key. */
const keyStatus = (): Promise<number> =>
  connect({ baseUrl: String(running.bootstrap.apiUrl), credentials: { kind: 'digest', ...keyOf(first) } })
    .call('listOrgs')
    .then(
      ({ status }) => status,
      (error) => (error instanceof ApiError ? error.status : 0),
    )
const keyOf = ({ publicKey, privateKey }: Bootstrap) => ({ publicKey, privateKey })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-later-'))
  running = await up()
  first = running.bootstrap
})
afterAll(async () => {
  await running?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a password that was changed stays so, sessions go on, and it is not printed; a database user’s neither', async () => {
  const { apiUrl, groupId, dbUser: username } = first
  const session = cookieOf(await logIn(first.ownerPassword))
  const changed = await fetch(`${apiUrl}/api/postern/v1/session/password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: String(apiUrl), cookie: session },
    body: JSON.stringify({ currentPassword: first.ownerPassword, newPassword }),
  })
  expect(changed.ok).toBe(true)
  await running.client.call('updateGroupDatabaseUser', {
    params: { groupId, databaseName: 'admin', username },
    body: { password: newPassword },
  })
  await running.stop()
  running = await up()
  const goesOn = await fetch(`${running.bootstrap.apiUrl}/api/postern/v1/session`, { headers: { cookie: session } })
  expect(await goesOn.json()).toMatchObject({ username: first.ownerEmail })
  expect([(await logIn(first.ownerPassword)).status, (await logIn(newPassword)).ok]).toEqual([401, true])
  const { ownerPassword: _owner, dbPassword: _database, ...rest } = JSON.parse(JSON.stringify(first))
  const moved = ['apiUrl', 'consoleUrl', 'dnsAddress', 'gateway', 'sample', 'supervisorKey', 'ended']
  const lasting = Object.fromEntries(Object.entries(rest).filter(([field]) => !moved.includes(field)))
  expect(told()).toMatchObject(lasting)
  for (const field of ['ownerPassword', 'dbPassword', 'ended']) expect(told()).not.toHaveProperty(field)
  expect(printed()).toContain(`${first.ownerEmail}  password changed since the first start`)
  expect(printed()).toContain(`${username}  password changed since the first start`)
  for (const secret of [first.ownerPassword, first.dbPassword]) expect(printed()).not.toContain(secret)
})

test('what was deleted stays so: the key, the service account, the database user, the sample, all roles', async () => {
  const { orgId, groupId, clusterName, clientId, dbUser: username } = first
  const { client } = running
  const { body: keys } = await client.call('listOrgApiKeys', { params: { orgId } })
  const apiUserId = keys.results.find(({ publicKey }) => publicKey === first.publicKey)?.id ?? ''
  await client.call('deleteOrgApiKey', { params: { orgId, apiUserId } })
  await client.call('deleteOrgServiceAccount', { params: { orgId, clientId } })
  await client.call('deleteGroupDatabaseUser', { params: { groupId, databaseName: 'admin', username } })
  await client.call('deleteGroupCluster', { params: { groupId, clusterName } })
  await until('the cluster being gone', 30_000, async () => {
    const { body } = await client.call('listGroupClusters', { params: { groupId } })
    return body.results.length === 0 ? true : undefined
  })
  await running.stop()
  running = await up()
  expect([await keyStatus(), await tokenStatus()]).toEqual([401, 401])
  expect((await running.client.call('listGroupClusters', { params: { groupId } })).body.results).toEqual([])
  expect((await running.client.call('listGroupDatabaseUsers', { params: { groupId } })).body.results).toEqual([])
  const gone = ['publicKey', 'privateKey', 'clientId', 'clientSecret', 'clusterName', 'dbUser', 'dbPassword']
  for (const field of gone) expect(told()).not.toHaveProperty(field)
  expect(told()).toMatchObject({ orgId, groupId, ownerEmail: first.ownerEmail, connectionStrings: [] })
  expect(printed()).toMatch(/API key pair +changed or deleted since the first start/)
  for (const secret of [first.privateKey, first.clientSecret]) expect(printed()).not.toContain(secret)
})

test('a link still logs the owner in', async () => {
  const { origin, hash } = new URL(String(running.loginUrl))
  const used = await fetch(`${origin}/api/postern/v1/session/link`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ link: hash.replace('#link=', '') }),
  })
  expect(used.status).toBe(201)
})

test('a server that dies and is started again brings nothing back either', async () => {
  const { server } = running.children
  const before = server.pid()
  process.kill(Number(before), 'SIGKILL')
  await until('the server to answer again', 60_000, async () => {
    const answers = await fetch(`${running.bootstrap.apiUrl}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    return answers && server.pid() !== before ? true : undefined
  })
  expect([await keyStatus(), await tokenStatus()]).toEqual([401, 401])
  expect((await logIn(first.ownerPassword)).status).toBe(401)
  expect((await running.client.call('listOrgs')).status).toBe(200)
})

test('a project that was deleted stays so', async () => {
  const { groupId } = first
  for (const { id } of (
    await running.client.call('listGroupPrivateEndpointEndpointService', { params: { groupId, cloudProvider: 'AWS' } })
  ).body) {
    const at = { groupId, cloudProvider: 'AWS' as const, endpointServiceId: id }
    const { body } = await running.client.call('getGroupPrivateEndpointEndpointService', { params: at })
    for (const endpointId of 'interfaceEndpoints' in body ? (body.interfaceEndpoints ?? []) : [])
      await running.client.call('deleteGroupPrivateEndpointEndpointServiceEndpoint', { params: { ...at, endpointId } })
    await until('the service being gone', 30_000, () =>
      running.client.call('deleteGroupPrivateEndpointEndpointService', { params: at }).then(
        () => undefined,
        (error) => (error instanceof ApiError && error.status === 404 ? true : undefined),
      ),
    )
  }
  await running.client.call('deleteGroup', { params: { groupId } })
  await running.stop()
  running = await up()
  expect((await running.client.call('listGroups')).body.results).toEqual([])
  expect(told()).not.toHaveProperty('groupId')
})

test('a first start that was killed as soon as its secrets lay in its home, and once more before its sample, is completed', async () => {
  const home = join(folder, 'killed')
  makeHome(home)
  const fresh = freshBootstrap(true)
  writeBootstrap(home, fresh)
  const killed = await postern(['up', '--json', '--home', home, '--port', '0'])
  await until('its server and its edge being ready', 100_000, async () =>
    readFileSync(join(home, 'bootstrap.json'), 'utf8').includes('"apiUrl": "http') ? true : undefined,
  )
  killed.child.kill('SIGKILL')
  await killed.ended
  const next = await postern(['up', '--json', '--home', home, '--port', '0'])
  const line = await jsonLineOf(next)
  next.child.kill('SIGTERM')
  await next.ended
  const { publicKey, privateKey, clientSecret, ownerPassword, dbPassword } = fresh
  expect(line).toMatchObject({ publicKey, privateKey, clientSecret, ownerPassword, dbPassword })
  expect(line.connectionStrings).toHaveLength(1)
}, 120_000)
