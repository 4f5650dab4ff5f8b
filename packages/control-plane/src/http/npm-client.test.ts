// The npm package mongodb-atlas-api-client, unchanged: HTTP digest, the v1.0 paths, plain JSON; all that its README offers
// of what is here, on the whole control plane, under both fidelities.

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fidelities } from '@postern/contract/fidelity'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type OfficialServer, startForOfficialClients } from './official-clients/server.testing.ts'

const tools = new URL('../../../../test-tools/', import.meta.url)
const installed = existsSync(new URL('node_modules/mongodb-atlas-api-client/package.json', tools))

// biome-ignore lint/suspicious/noExplicitAny: somebody else's client, and JSON bodies as they came.
type Any = any

describe.each(fidelities)('fidelity %s', (fidelity) => {
  let server: OfficialServer
  /** One object a kind of thing: `client.project.getAll()`. */
  let client: Readonly<Record<string, Readonly<Record<string, (...args: readonly unknown[]) => Promise<Any>>>>>
  let orgId: string
  let groupId: string
  const of = (kind: string) => {
    const found = client[kind]
    if (found === undefined) throw new Error(`the client has no ${kind}`)
    return new Proxy(found, { get: (target, name) => Reflect.get(target, name).bind(target) }) as Any
  }

  beforeAll(async () => {
    if (!installed) return
    server = await startForOfficialClients(fidelity)
    ;({ orgId, groupId } = server)
    const load = createRequire(new URL('package.json', tools))
    client = load('mongodb-atlas-api-client')({
      ...server.key,
      baseUrl: `http://127.0.0.1:${server.port}/api/atlas/v1.0`,
      projectId: groupId,
    })
  })
  afterAll(() => server?.close())
  beforeEach(({ skip }) => {
    if (!installed) skip('test-tools/ is not installed; npm test installs it')
  })

  test('organizations and their projects', async () => {
    const organization = of('organization')
    expect(await organization.getAll()).toMatchObject({ totalCount: 1, results: [{ id: orgId }] })
    expect(await organization.getById(orgId)).toMatchObject({ name: 'Organization0' })
    expect(await organization.getAllProjectsForOrganization(orgId)).toMatchObject({ results: [{ id: groupId }] })
    expect(await organization.getAllUsersForOrganization(orgId)).toMatchObject({
      results: [{ username: 'owner@example.com' }],
    })
  })

  test('projects, many requests one after the other', async () => {
    const project = of('project')
    expect(await project.getByName('Project0')).toMatchObject({ id: groupId })
    expect(await project.getAll({ itemsPerPage: 1, pageNum: 1 })).toMatchObject({ results: [{}] })
    const { id } = await project.create({ name: 'From npm', orgId })
    expect(await project.getById(id)).toMatchObject({ name: 'From npm' })
    expect(await project.getTeamsByProjectId(id)).toMatchObject({ totalCount: 0 })
    expect(await project.delete(id)).toBe(true)
    expect(await project.getById(id)).toMatchObject({ errorCode: 'GROUP_NOT_FOUND' })
  })

  test('every option of its README at once', async () => {
    const options = { envelope: true, itemsPerPage: 10, pretty: true, httpOptions: { timeout: 30_000 } }
    expect(await of('project').getAll(options)).toMatchObject({
      status: 200,
      totalCount: 1,
      results: [{ id: groupId }],
    })
    expect(await of('project').getById(groupId, options)).toMatchObject({ status: 200, content: { id: groupId } })
  })

  test('a cluster in the dialect of v1.0, its advanced configuration, a fail-over', async () => {
    const cluster = of('cluster')
    const made = await cluster.create({
      name: 'Shop',
      clusterType: 'REPLICASET',
      replicationFactor: 3,
      providerSettings: { providerName: 'AWS', regionName: 'EU_WEST_1', instanceSizeName: 'M10' },
    })
    expect(made).toMatchObject({ name: 'Shop', providerSettings: { instanceSizeName: 'M10' }, stateName: 'CREATING' })
    await expect.poll(async () => (await cluster.get('Shop')).stateName, { timeout: 30_000, interval: 50 }).toBe('IDLE')
    expect(await cluster.getAll()).toMatchObject({ totalCount: 1, results: [{ name: 'Shop', replicationFactor: 3 }] })
    expect(await cluster.updateAdvanceConfiguration('Shop', { noTableScan: true })).toMatchObject({ noTableScan: true })
    expect(await cluster.getAdvanceConfiguration('Shop')).toMatchObject({ noTableScan: true })
    expect(await cluster.update('Shop', { labels: [{ key: 'team', value: 'shop' }] })).toMatchObject({
      labels: [{ key: 'team', value: 'shop' }],
    })
    expect(await cluster.testPrimaryFailOver('Shop')).toEqual({})
    expect(await cluster.delete('Shop')).toBe(true)
    await expect
      .poll(async () => (await cluster.get('Shop')).errorCode, { timeout: 30_000, interval: 50 })
      .toBe('CLUSTER_NOT_FOUND')
  })

  test('database users', async () => {
    const user = of('user')
    const roles = [{ databaseName: 'shop', roleName: 'readWrite' }]
    const body = { databaseName: 'admin', username: 'npm', password: 'correct-horse-battery', roles }
    expect(await user.create(body)).toMatchObject({ username: 'npm', roles })
    expect(await user.getAll({ itemsPerPage: 10 })).toMatchObject({ results: [{ username: 'npm' }] })
    const fewer = [{ databaseName: 'shop', roleName: 'read' }]
    expect(await user.update('npm', { roles: fewer })).toMatchObject({ roles: fewer })
    expect(await user.get('npm')).toMatchObject({ roles: fewer })
    expect(await user.delete('npm')).toBe(true)
    expect(await user.get('npm')).toMatchObject({ error: 404 })
  })

  test('custom roles', async () => {
    const role = of('customDbRole')
    const resources = [{ db: 'shop', collection: 'orders' }]
    const find = [{ action: 'FIND', resources }]
    expect(await role.create({ roleName: 'npmReader', actions: find, inheritedRoles: [] })).toMatchObject({
      roleName: 'npmReader',
      actions: find,
    })
    expect(await role.getAll()).toMatchObject([{ roleName: 'npmReader' }])
    const inheritedRoles = [{ db: 'shop', role: 'read' }]
    expect(await role.update('npmReader', { inheritedRoles })).toMatchObject({ inheritedRoles })
    expect(await role.get('npmReader')).toMatchObject({ roleName: 'npmReader', inheritedRoles })
    expect(await role.delete('npmReader')).toBe(true)
    expect(await role.get('npmReader')).toMatchObject({ errorCode: 'ATLAS_CUSTOM_ROLE_NOT_FOUND' })
  })

  test('the access list of a project', async () => {
    const list = of('projectAccesslist')
    expect(await list.create([{ ipAddress: '192.0.2.7', comment: 'npm' }])).toMatchObject({ totalCount: 1 })
    expect(await list.update([{ ipAddress: '192.0.2.7', comment: 'changed' }])).toMatchObject({ totalCount: 1 })
    expect(await list.get('192.0.2.7')).toMatchObject({ comment: 'changed' })
    expect(await list.delete('192.0.2.7')).toBe(true)
    expect(await list.getAll()).toMatchObject({ totalCount: 0 })
  })

  test('accounts of people', async () => {
    const atlasUser = of('atlasUser')
    const roles = [{ orgId, roleName: 'ORG_MEMBER' }]
    const person = {
      username: 'ada@example.com',
      firstName: 'Ada',
      lastName: 'Example',
      country: 'IE',
      mobileNumber: '',
    }
    const { id } = await atlasUser.create({ ...person, password: 'correct-horse-battery', roles })
    expect(await atlasUser.getById(id)).toMatchObject({ emailAddress: 'ada@example.com' })
    expect(await atlasUser.getByName('ada@example.com')).toMatchObject({ id })
    expect(await atlasUser.getAll()).toMatchObject({ results: [{ username: 'owner@example.com' }] })
  })

  test('events of all of it', async () => {
    const event = of('event')
    const { results } = await event.getAll({ eventType: 'CLUSTER_CREATED' })
    expect(results).toMatchObject([{ eventTypeName: 'CLUSTER_CREATED', publicKey: server.key.publicKey }])
    expect(await event.get(results[0].id)).toMatchObject({ id: results[0].id })
    const ofOrg = await event.getAllByOrganizationId(orgId, { itemsPerPage: 1 })
    expect(await event.getByOrganizationId(orgId, ofOrg.results[0].id)).toMatchObject({ id: ofOrg.results[0].id })
  })

  test('what was wrong, in words; and what is not here, as an unknown path', async () => {
    expect(await of('project').create({ name: 'a/b', orgId })).toMatchObject({ errorCode: 'INVALID_ATTRIBUTE' })
    expect(await of('alert').getAll()).toMatchObject({ errorCode: 'RESOURCE_NOT_FOUND' })
  })
})
