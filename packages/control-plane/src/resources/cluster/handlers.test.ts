import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Deployed, startDeployed } from '../../engines/deployed.testing.ts'
import { createTestApi, type TestApi } from '../../http/testing.ts'
import { clusterHandlers } from './handlers.ts'
import { clusterReconciler } from './reconcile.ts'
import { clusterSettingsHandlers } from './settings-handlers.ts'

type Body = Readonly<Record<string, unknown>>

const region = (nodeCount: number, more: Body = {}): Body => ({
  providerName: 'AWS',
  regionName: 'US_EAST_1',
  priority: 7,
  electableSpecs: { instanceSize: 'M10', nodeCount },
  ...more,
})
const wish = (name: string, more: Body = {}): Body => ({
  name,
  clusterType: 'REPLICASET',
  replicationSpecs: [{ regionConfigs: [region(3)] }],
  ...more,
})

let on: Deployed
let api: TestApi

beforeAll(async () => {
  on = await startDeployed({
    handlers: (parts) => ({ ...clusterHandlers(parts), ...clusterSettingsHandlers(parts) }),
    reconcilers: (parts, engines) => [clusterReconciler(parts, engines)],
  })
})
afterAll(() => on?.close())
beforeEach(async () => {
  ;({ api } = await on.begin())
})

const clusters = (path = '') => `/api/atlas/v2/groups/${api.groupId}/clusters${path}`
const post = (body: Body, version = '2024-08-05') => api.ask({ method: 'POST', path: clusters(), body, version })
const get = (name: string, version = '2024-08-05') => api.ask({ method: 'GET', path: clusters(`/${name}`), version })
const remove = (name: string) => api.ask({ method: 'DELETE', path: clusters(`/${name}`), version: '2023-02-01' })
const stateOf = async (name: string) => {
  const { status, body } = await get(name)
  return status === 200 ? (body as { stateName: string }).stateName : (body as { errorCode: string }).errorCode
}
const becomes = (name: string, state: string) => expect.poll(() => stateOf(name), { timeout: 20_000 }).toBe(state)

describe('the life of a cluster', () => {
  test('CREATING at the first look, then IDLE with strings that lead to its members, DELETING, gone', async () => {
    const made = await post(wish('Cluster0'))
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ name: 'Cluster0', stateName: 'CREATING', connectionStrings: {} })
    // A client's watch begins to look only after a while.
    await expect
      .poll(async () => (await on.store.read.selectFrom('cluster').select('state').execute())[0]?.state, {
        timeout: 20_000,
      })
      .toBe('IDLE')
    expect(await stateOf('Cluster0')).toBe('CREATING')
    expect(await stateOf('Cluster0')).toBe('IDLE')

    const { body } = await get('Cluster0')
    const { standard } = (body as { connectionStrings: { standard: string } }).connectionStrings
    const found = /^mongodb:\/\/(.*)\/\?authSource=admin&replicaSet=(atlas-[0-9a-f]{6}-shard-0)$/.exec(standard)
    expect(found?.[1]?.split(',')).toHaveLength(3)
    expect((body as { mongoDBVersion: string }).mongoDBVersion).toMatch(/^\d+\.\d+\.\d+/)

    const gone = await remove('Cluster0')
    expect(gone).toMatchObject({ status: 202, body: {} })
    await expect.poll(() => on.store.read.selectFrom('cluster').select('id').execute(), { timeout: 20_000 }).toEqual([])
    expect(await stateOf('Cluster0')).toBe('DELETING')
    expect(await get('Cluster0')).toMatchObject({
      status: 404,
      body: { errorCode: 'CLUSTER_NOT_FOUND', parameters: ['Cluster0', api.groupId] },
    })
    const types = await on.store.read
      .selectFrom('event')
      .select('type')
      .where('type', 'like', 'CLUSTER%')
      .orderBy('created')
      .execute()
    expect(types.map(({ type }) => type)).toEqual([
      'CLUSTER_CREATED',
      'CLUSTER_READY',
      'CLUSTER_DELETE_SUBMITTED',
      'CLUSTER_DELETED',
    ])
  })

  test('members stand in their regions, in the order of the region configs', async () => {
    const regionConfigs = [
      region(2),
      region(1, { regionName: 'eu-west-1', priority: 6, readOnlySpecs: { instanceSize: 'M10', nodeCount: 1 } }),
      region(1, { providerName: 'AZURE', regionName: 'US_EAST_2', priority: 5 }),
    ]
    expect((await post(wish('Spread', { replicationSpecs: [{ regionConfigs }] }))).status).toBe(201)
    await becomes('Spread', 'IDLE')
    const members = await on.store.read.selectFrom('member').selectAll().orderBy('position').execute()
    expect(members.map(({ provider, region }) => `${provider} ${region}`)).toEqual([
      'AWS US_EAST_1',
      'AWS US_EAST_1',
      'AWS EU_WEST_1',
      'AWS EU_WEST_1',
      'AZURE US_EAST_2',
    ])
    await remove('Spread')
    await becomes('Spread', 'CLUSTER_NOT_FOUND')
  })

  test('members keep their ids over a crash of the sandbox', async () => {
    await post(wish('Kept', { replicationSpecs: [{ regionConfigs: [region(1)] }] }))
    await becomes('Kept', 'IDLE')
    const members = () => on.store.read.selectFrom('member').select(['id', 'role']).execute()
    const before = await members()
    await on.restartSandbox()
    await expect.poll(members, { timeout: 20_000 }).toEqual(before)
    expect(await stateOf('Kept')).toBe('IDLE')
  })
})

describe('what cannot be made is refused, and nothing is stored', () => {
  test.each([
    { says: 'no name', body: { ...wish('x'), name: undefined }, code: 'MISSING_ATTRIBUTE', field: 'name' },
    { says: 'a name with a space', body: wish('my cluster'), code: 'CLUSTER_NAME_INVALID', field: 'name' },
    { says: 'a name too long', body: wish('x'.repeat(65)), code: 'CLUSTER_NAME_TOO_LONG', field: 'name' },
    { says: 'a field that Atlas has not', body: wish('x', { nodes: 3 }), code: 'INVALID_ATTRIBUTE', field: 'nodes' },
    {
      says: 'two shards of a replica set',
      body: wish('x', { replicationSpecs: [{ numShards: 2, regionConfigs: [region(3)] }] }),
      code: 'INVALID_ATTRIBUTE',
      field: 'clusterType',
    },
    {
      says: 'two zones of a SHARDED cluster',
      body: wish('x', {
        clusterType: 'SHARDED',
        replicationSpecs: ['Zone 1', 'Zone 2'].map((zoneName) => ({ zoneName, regionConfigs: [region(3)] })),
      }),
      code: 'INVALID_ATTRIBUTE',
      field: 'clusterType',
    },
    {
      says: 'more nodes in all shards than an endpoint service has ports',
      body: wish('x', {
        clusterType: 'SHARDED',
        replicationSpecs: [{ numShards: 18, regionConfigs: [region(3)] }],
      }),
      code: 'INVALID_ATTRIBUTE',
      field: 'replicationSpecs',
    },
    {
      says: 'an unknown region of the second shard',
      body: wish('x', {
        clusterType: 'SHARDED',
        replicationSpecs: [{ regionConfigs: [region(3)] }, { regionConfigs: [region(3, { regionName: 'ATLANTIS' })] }],
      }),
      code: 'INVALID_ATTRIBUTE',
      field: 'replicationSpecs[1].regionConfigs[0].regionName',
    },
    {
      says: 'no node',
      body: wish('x', { replicationSpecs: [{ regionConfigs: [region(0)] }] }),
      code: 'INVALID_ATTRIBUTE',
      field: 'replicationSpecs',
    },
    {
      says: 'eight nodes',
      body: wish('x', { replicationSpecs: [{ regionConfigs: [region(8)] }] }),
      code: 'INVALID_ATTRIBUTE',
      field: 'replicationSpecs',
    },
    { says: 'no replicationSpecs', body: { name: 'x' }, code: 'MISSING_ATTRIBUTE', field: 'replicationSpecs' },
    {
      says: 'an unknown cloud',
      body: wish('x', { replicationSpecs: [{ regionConfigs: [region(3, { providerName: 'IBM' })] }] }),
      code: 'INVALID_ATTRIBUTE',
      field: 'replicationSpecs[0].regionConfigs[0].providerName',
    },
    {
      says: "another cloud's region",
      body: wish('x', { replicationSpecs: [{ regionConfigs: [region(3, { regionName: 'US_EAST' })] }] }),
      code: 'INVALID_ATTRIBUTE',
      field: 'replicationSpecs[0].regionConfigs[0].regionName',
    },
    {
      says: 'an unknown tier',
      body: wish('x', {
        replicationSpecs: [{ regionConfigs: [region(3, { electableSpecs: { instanceSize: 'M11', nodeCount: 3 } })] }],
      }),
      code: 'INVALID_ATTRIBUTE',
      field: 'replicationSpecs[0].regionConfigs[0].electableSpecs.instanceSize',
    },
    {
      says: 'no tier',
      body: wish('x', { replicationSpecs: [{ regionConfigs: [region(3, { electableSpecs: { nodeCount: 3 } })] }] }),
      code: 'MISSING_ATTRIBUTE',
      field: 'replicationSpecs[0].regionConfigs[0].electableSpecs.instanceSize',
    },
    {
      says: 'an own key for encryption',
      body: wish('x', { encryptionAtRestProvider: 'AWS' }),
      code: 'INVALID_ATTRIBUTE',
      field: 'encryptionAtRestProvider',
    },
    { says: 'born paused', body: wish('x', { paused: true }), code: 'INVALID_ATTRIBUTE', field: 'paused' },
    {
      says: 'a version that is none',
      body: wish('x', { mongoDBMajorVersion: 'latest' }),
      code: 'MONGODB_VERSION_INVALID',
      field: 'mongoDBMajorVersion',
    },
    {
      says: 'a cipher suite that Atlas does not have',
      body: wish('x', { advancedConfiguration: { customOpensslCipherConfigTls12: ['TLS_RSA_WITH_RC4_128_MD5'] } }),
      code: 'INVALID_ATTRIBUTE',
      field: 'advancedConfiguration.customOpensslCipherConfigTls12[0]',
    },
    {
      says: 'a cipher suite of the other version of TLS',
      body: wish('x', {
        advancedConfiguration: { customOpensslCipherConfigTls13: ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'] },
      }),
      code: 'INVALID_ATTRIBUTE',
      field: 'advancedConfiguration.customOpensslCipherConfigTls13[0]',
    },
  ])('$says', async ({ body, code, field }) => {
    const answer = await post(body as Body)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ errorCode: code })
    expect(JSON.stringify(answer.body)).toContain(`"field":"${field}"`)
    expect((await api.ask({ method: 'GET', path: clusters() })).body).toMatchObject({ totalCount: 0, results: [] })
  })

  test('a Flex cluster is told to use its own API', async () => {
    const regionConfigs = [region(3, { providerName: 'FLEX', backingProviderName: 'AWS' })]
    const answer = await post(wish('x', { replicationSpecs: [{ regionConfigs }] }))
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API' } })
  })

  test('a second one of the name', async () => {
    await post(wish('Twin', { replicationSpecs: [{ regionConfigs: [region(1)] }] }))
    expect(await post(wish('Twin'))).toMatchObject({ status: 400, body: { errorCode: 'DUPLICATE_CLUSTER_NAME' } })
    expect(await post(wish('tWIN'))).toMatchObject({ status: 400, body: { errorCode: 'DUPLICATE_CLUSTER_NAME' } })
  })

  test('more clusters than the project may have', async () => {
    const name = 'atlas.project.deployment.clusters'
    await on.store.transact((tx) =>
      tx.insertInto('group_limit').values({ group_id: api.groupId, name, value: 1 }).execute(),
    )
    await post(wish('First', { replicationSpecs: [{ regionConfigs: [region(1)] }] }))
    expect(await post(wish('Second'))).toMatchObject({
      status: 403,
      body: { errorCode: 'POSTERN_GROUP_CLUSTERS_LIMIT_EXCEEDED', parameters: [1] },
    })
  })

  test('termination under protection', async () => {
    await post(wish('Safe', { terminationProtectionEnabled: true, replicationSpecs: [{ regionConfigs: [region(1)] }] }))
    expect(await remove('Safe')).toMatchObject({
      status: 400,
      body: { errorCode: 'CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED' },
    })
    await becomes('Safe', 'IDLE')
  })

  test('more members than a service of the project can address', async () => {
    const { store, ids, clock } = api.parts
    await store.transact(async (tx) => {
      await tx
        .insertInto('endpoint_service')
        .values({
          id: ids.objectId(),
          group_id: api.groupId,
          provider: 'AWS',
          region: 'US_EAST_1',
          port_mapping: false,
          status: 'AVAILABLE',
          names: 'null',
          supported_remote_regions: 'null',
          error_message: null,
          created: new Date(clock.now()),
        })
        .execute()
      const name = 'atlas.project.deployment.nodesPerPrivateLinkRegion'
      await tx.insertInto('group_limit').values({ group_id: api.groupId, name, value: 2 }).execute()
    })
    expect(await post(wish('Big'))).toMatchObject({
      status: 409,
      body: { errorCode: 'CLUSTER_INCOMPATIBLE_WITH_EXISTING_PRIVATELINK', parameters: ['US_EAST_1', 2] },
    })
    const shared = region(3, {
      providerName: 'TENANT',
      backingProviderName: 'AWS',
      electableSpecs: { instanceSize: 'M0' },
    })
    expect((await post(wish('Free', { replicationSpecs: [{ regionConfigs: [shared] }] }))).status).toBe(201)
  })

  test('without a sandbox, with the way that is left', async () => {
    const bare = await createTestApi(on.store, (parts) => clusterHandlers(parts))
    const path = `/api/atlas/v2/groups/${bare.groupId}/clusters`
    expect(await bare.ask({ method: 'POST', path, body: wish('x') })).toMatchObject({
      status: 400,
      body: { errorCode: 'POSTERN_NO_SANDBOX' },
    })
  })
})

describe('descriptions', () => {
  const m0 = region(3, { providerName: 'TENANT', backingProviderName: 'AWS', electableSpecs: { instanceSize: 'M0' } })

  test('a first look after a change shows the change', async () => {
    await post(wish('Early', { replicationSpecs: [{ regionConfigs: [region(1)] }] }))
    const tags = [{ key: 'env', value: 'test' }]
    const patch = { tags, terminationProtectionEnabled: true }
    expect((await api.ask({ method: 'PATCH', path: clusters('/Early'), body: patch })).status).toBe(200)
    expect((await get('Early')).body).toMatchObject(patch)
    await post(wish('Args', { replicationSpecs: [{ regionConfigs: [region(1)] }] }))
    const args = { minimumEnabledTlsProtocol: 'TLS1_3' }
    expect((await api.ask({ method: 'PATCH', path: clusters('/Args/processArgs'), body: args })).status).toBe(200)
    expect((await get('Args')).body).toMatchObject({ stateName: 'CREATING', advancedConfiguration: args })
  })

  test('an M0 has standardSrv alone while CREATING and never a private string', async () => {
    const made = await post(wish('Free', { replicationSpecs: [{ regionConfigs: [m0] }] }))
    const { connectionStrings } = made.body as { connectionStrings: { standardSrv: string } }
    expect(Object.keys(connectionStrings)).toEqual(['standardSrv'])
    expect(connectionStrings.standardSrv).toMatch(/^mongodb\+srv:\/\/free\.[a-z0-9]{5,6}\.postern\.internal$/)
    await becomes('Free', 'IDLE')
    const own = await api.ask({
      method: 'GET',
      path: `/api/postern/v1/groups/${api.groupId}/clusters/Free/connectionStrings`,
    })
    expect(own.body).toMatchObject({ ready: false, endpoints: [], missing: [] })
    expect((own.body as { reason: string }).reason).toMatch(/^M0 clusters have no private endpoints/)
  })

  test.each([
    {
      version: '2023-01-01',
      has: ['providerSettings', 'replicationSpec', 'diskSizeGB'],
      hasNot: ['effectiveReplicationSpecs'],
    },
    {
      version: '2023-02-01',
      has: ['diskSizeGB'],
      hasNot: ['providerSettings', 'effectiveReplicationSpecs', 'internalClusterRole'],
    },
    {
      version: '2024-08-05',
      has: ['effectiveReplicationSpecs', 'internalClusterRole', 'adaptiveCapacity'],
      hasNot: ['diskSizeGB', 'providerSettings'],
    },
  ])('in the dialect of $version', async ({ version, has, hasNot }) => {
    await post(wish('Dialects', { replicationSpecs: [{ regionConfigs: [region(1)] }] }))
    const answer = await get('Dialects', version)
    expect(answer.headers.get('content-type')).toContain(version)
    for (const field of has) expect(answer.body).toHaveProperty(field)
    for (const field of hasNot) expect(answer.body).not.toHaveProperty(field)
  })

  test('each dialect can be written too, and means the same', async () => {
    const legacy = {
      name: 'Old',
      providerSettings: { providerName: 'AWS', instanceSizeName: 'M20', regionName: 'EU_WEST_1' },
      replicationFactor: 3,
      diskSizeGB: 40,
    }
    expect((await post(legacy, '2023-01-01')).status).toBe(201)
    const { body } = await get('Old')
    expect(body).toMatchObject({
      replicationSpecs: [
        {
          regionConfigs: [
            { electableSpecs: { instanceSize: 'M20', diskSizeGB: 40, nodeCount: 3 }, regionName: 'EU_WEST_1' },
          ],
        },
      ],
    })
  })

  test('a list is paged and always has totalCount', async () => {
    for (const name of ['A', 'B', 'C']) {
      await post(wish(name, { replicationSpecs: [{ regionConfigs: [region(1)] }] }))
      const made = Date.now()
      // A list is in the order in which its rows were made, to the millisecond.
      await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(made)
    }
    const { body } = await api.ask({ method: 'GET', path: clusters('?itemsPerPage=2&pageNum=2') })
    expect(body).toMatchObject({ totalCount: 3, results: [{ name: 'C' }] })
  })

  test('a project without clusters has an empty list', async () => {
    const { body } = await api.ask({ method: 'GET', path: clusters() })
    expect(body).toMatchObject({ totalCount: 0, results: [] })
  })
})
