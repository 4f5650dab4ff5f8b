// Every Atlas operation of this server, made once on the whole control plane (all handlers, all reconcilers, the real
// sandbox as the deployment, an edge that acknowledges), each answer held against Atlas, under both fidelities. Prints
// what is not covered yet.

import type { CloudProvider } from '@postern/contract/cloud'
import { fidelities } from '@postern/contract/fidelity'
import type { Feed, Numbered, SnapshotBody } from '@postern/contract/snapshot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEventWitness, type EventWitness } from '../resources/event/witness.testing.ts'
import { createContractWitness, type Exemption, machineOperations, peopleOperations } from './contract.testing.ts'
import { type Answer, ask, byToken, type TestApi, testHttpParts } from './testing.ts'
import { startWhole, type Whole } from './whole.testing.ts'

/** In `address` form these names would lead a client into a DNS that cannot know them (design, section 5). */
const withoutSrv: readonly Exemption[] = [
  'connectionStrings.standardSrv',
  'connectionStrings.awsPrivateLinkSrv',
  'connectionStrings.privateEndpoint[].srvConnectionString',
].flatMap((field) => [
  {
    operations: [
      'createGroupCluster',
      'getGroupCluster',
      'updateGroupCluster',
      'getGroupFlexCluster',
      'updateGroupFlexCluster',
    ],
    field,
    reason: 'SRV fields are left out in address form',
  },
  {
    operations: ['listGroupClusters', 'listGroupFlexClusters'],
    field: `results[].${field}`,
    reason: 'SRV fields are left out in address form',
  },
])

/** Recorded of one API key's work on teams; here it is a service account's, on other things, and the system's. */
const ofAnApiKeyOnTeams = ['apiKeyId', 'publicKey', 'remoteAddress', 'teamId'].flatMap(
  (field): readonly Exemption[] => [
    { operations: ['listOrgEvents'], field: `results[].${field}`, reason: 'told where it applies' },
    { operations: ['getOrgEvent'], field, reason: 'told where it applies' },
  ],
)

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came; the witness says what it must be.
type Body = any

describe.each(fidelities)('fidelity %s', (fidelity) => {
  // Atlas's behaviour shows SRV strings always: nothing is exempt of them then.
  const witness = createContractWitness([...(fidelity === 'atlas' ? [] : withoutSrv), ...ofAnApiKeyOnTeams])
  let whole: Whole
  let api: TestApi
  let events: EventWitness
  let group: string

  beforeAll(async () => {
    whole = await startWhole({}, { fidelity })
    api = whole.api
    group = `/groups/${api.groupId}`
    events = createEventWitness(whole.store)
  })
  afterAll(() => whole?.close())

  const call = async (
    method: string,
    path: string,
    more: { body?: unknown; version?: string } = {},
  ): Promise<Answer & { body: Body }> => {
    const answer = await ask(events.watch(witness.watch(api.http)), {
      method,
      path: `/api/atlas/v2${path}`,
      as: api.owner,
      ...more,
    })
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer
  }
  const local = async (path: string, body: unknown): Promise<Body> => {
    const answer = await ask(api.http, { method: 'POST', path: `/api/postern/v1/local${path}`, body, as: api.owner })
    if (answer.status >= 400) throw new Error(answer.text)
    return answer.body
  }
  const until = (says: string, look: () => Promise<boolean>) =>
    expect.poll(look, { message: says, timeout: 30_000, interval: 20 }).toBe(true)

  /** Does what a real edge does: takes a snapshot over and says so. */
  const edgeTakesOver = async (): Promise<void> => {
    const as = byToken(testHttpParts.edgeToken)
    const base = '/api/postern/v1/edges/edge-1'
    const fetched = async <F extends Feed>(feed: F) =>
      (await ask(api.http, { method: 'GET', path: `${base}/snapshots/${feed}`, as })).body as Numbered<SnapshotBody[F]>
    const gateway = await fetched('gateway')
    const forwarder = await fetched('forwarder')
    const reports = {
      gateway: { ...gateway, bound: gateway.body.listeners.map(({ gatewayPort }) => String(gatewayPort)) },
      forwarder: { ...forwarder, bound: forwarder.body.listeners.map(({ id }) => id) },
    }
    for (const [feed, { epoch, n, bound }] of Object.entries(reports))
      await ask(api.http, {
        method: 'POST',
        path: `${base}/reports/${feed}`,
        body: { epoch, n, bound, failed: [] },
        as,
      })
  }

  const settles = (name: string) =>
    until(`${name} is IDLE`, async () => {
      const { body } = await call('GET', `${group}/clusters/${name}`, { version: '2024-08-05' })
      return body.stateName === 'IDLE'
    })

  const newService = async (provider: CloudProvider, region: string, more: object = {}): Promise<Body> => {
    const body = { providerName: provider, region, ...more }
    const { id } = (await call('POST', `${group}/privateEndpoint/endpointService`, { body })).body
    const path = `${group}/privateEndpoint/${provider}/endpointService/${id}`
    await until(`${provider} service is AVAILABLE`, async () => (await call('GET', path)).body.status === 'AVAILABLE')
    return { path, ...(await call('GET', path)).body }
  }

  const attach = async (service: Body, endpointId: string, body: unknown): Promise<void> => {
    await call('POST', `${service.path}/endpoint`, { body })
    const path = `${service.path}/endpoint/${encodeURIComponent(endpointId)}`
    await until(`${endpointId} is AVAILABLE`, async () => {
      await edgeTakesOver()
      const { connectionStatus, status, errorMessage } = (await call('GET', path)).body
      if (errorMessage) throw new Error(errorMessage)
      return (connectionStatus ?? status) === 'AVAILABLE'
    })
  }

  describe('answers as Atlas gives them', () => {
    test('regional mode', async () => {
      await call('GET', `${group}/privateEndpoint/regionalMode`)
      await call('PATCH', `${group}/privateEndpoint/regionalMode`, { body: { enabled: true } })
      await call('PATCH', `${group}/privateEndpoint/regionalMode`, { body: { enabled: false } })
    })

    test('clusters', async () => {
      const region = {
        providerName: 'AWS',
        regionName: 'US_EAST_1',
        priority: 7,
        electableSpecs: { instanceSize: 'M10', nodeCount: 3 },
      }
      const body = { name: 'Cluster0', clusterType: 'REPLICASET', replicationSpecs: [{ regionConfigs: [region] }] }
      await call('POST', `${group}/clusters`, { body, version: '2024-10-23' })
      await call('POST', `${group}/clusters`, {
        body: { ...body, name: 'Cluster1', replicationSpecs: [{ numShards: 1, regionConfigs: [region] }] },
        version: '2023-02-01',
      })
      await settles('Cluster0')
    })

    test('private endpoints on AWS', async () => {
      const service = await newService('AWS', 'us-east-1')
      await call('GET', `${group}/privateEndpoint/AWS/endpointService`)
      const { vpcEndpointId } = await local('/aws/vpcEndpoints', { serviceName: service.endpointServiceName })
      await attach(service, vpcEndpointId, { id: vpcEndpointId })
      await call('GET', service.path)
      const patch = { cloudProvider: 'AWS', supportedRemoteRegions: ['EU_WEST_1'] }
      await call('PATCH', `${group}/privateEndpoint/endpointService/${service.id}`, { body: patch })
      for (const version of ['2023-02-01', '2024-08-05']) {
        await call('GET', `${group}/clusters/Cluster0`, { version })
        await call('GET', `${group}/clusters`, { version })
      }
      if (fidelity === 'atlas') await settles('Cluster0')
      const { body } = await call('GET', `${group}/clusters/Cluster0`)
      expect(body.connectionStrings.privateEndpoint).toHaveLength(1)
      for (const nodeCount of [5, 3]) {
        const electableSpecs = { instanceSize: 'M10', nodeCount }
        const regionConfigs = [{ providerName: 'AWS', regionName: 'US_EAST_1', priority: 7, electableSpecs }]
        await call('PATCH', `${group}/clusters/Cluster0`, { body: { replicationSpecs: [{ regionConfigs }] } })
        await until(`the private string names ${nodeCount} members`, async () => {
          const { stateName, connectionStrings } = (await call('GET', `${group}/clusters/Cluster0`)).body
          const hosts = connectionStrings.privateEndpoint[0].connectionString.split(',')
          return stateName === 'IDLE' && hosts.length === nodeCount
        })
      }
      await call('DELETE', `${service.path}/endpoint/${vpcEndpointId}`)
    })

    test('private endpoints on Azure', async () => {
      const service = await newService('AZURE', 'eastus2')
      const made = await local('/azure/privateEndpoints', {
        name: 'pe-1',
        privateLinkServiceId: service.privateLinkServiceResourceId,
      })
      await attach(service, made.id, { id: made.id, privateEndpointIPAddress: made.privateIPAddress })
      await call('GET', `${group}/privateEndpoint/AZURE/endpointService`)
      await call('DELETE', `${service.path}/endpoint/${encodeURIComponent(made.id)}`)
    })

    test('private endpoints on Google Cloud, port-mapped', async () => {
      const service = await newService('GCP', 'us-east4', { portMappingEnabled: true })
      const made = await local('/gcp/forwardingRules', { name: 'psc', target: service.serviceAttachmentNames[0] })
      const [rule] = made.forwardingRules
      await attach(service, made.endpointGroupName, {
        endpointGroupName: made.endpointGroupName,
        gcpProjectId: rule.project,
        endpoints: [{ endpointName: rule.name, ipAddress: rule.IPAddress }],
      })
      await call('GET', `${group}/privateEndpoint/GCP/endpointService`)
      await call('DELETE', `${service.path}/endpoint/${made.endpointGroupName}`)
    })

    test('a service that goes without ever having had an endpoint', async () => {
      const service = await newService('GCP', 'europe-west1')
      await call('DELETE', service.path)
    })

    test('database users', async () => {
      const users = `${group}/databaseUsers`
      const body = {
        databaseName: 'admin',
        groupId: api.groupId,
        username: 'app',
        password: 'correct-horse-battery',
        roles: [{ databaseName: 'admin', roleName: 'readWriteAnyDatabase' }],
      }
      await call('POST', users, { body })
      await call('GET', users)
      await call('GET', `${users}/admin/app`)
      await call('PATCH', `${users}/admin/app`, {
        body: { ...body, roles: [{ databaseName: 'admin', roleName: 'atlasAdmin' }] },
      })
      await call('DELETE', `${users}/admin/app`)
      const external = { databaseName: '$external', groupId: api.groupId, x509Type: 'MANAGED' }
      await call('POST', users, { body: { ...external, username: 'ada', roles: body.roles } })
      const pem = (await call('POST', `${users}/ada/certs`, { body: { monthsUntilExpiration: 6 } })).text
      expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----.+-----END PRIVATE KEY-----\n$/s)
      expect((await call('GET', `${users}/ada/certs`)).body.totalCount).toBe(1)
    })

    test('custom roles', async () => {
      const roles = `${group}/customDBRoles/roles`
      const body = {
        roleName: 'mine',
        actions: [
          { action: 'UPDATE', resources: [{ collection: 'things', db: 'app' }] },
          { action: 'LIST_SESSIONS', resources: [{ cluster: true }] },
        ],
        inheritedRoles: [{ db: 'admin', role: 'enableSharding' }],
      }
      await call('POST', roles, { body })
      await call('GET', roles)
      await call('GET', `${roles}/mine`)
      await call('PATCH', `${roles}/mine`, { body: { actions: body.actions.slice(0, 1) } })
      await call('DELETE', `${roles}/mine`)
    })

    test('API keys, limits, groups and organizations', async () => {
      const key = (await call('POST', `${group}/apiKeys`, { body: { desc: 'x', roles: ['GROUP_OWNER'] } })).body
      await call('GET', `${group}/apiKeys`)
      await call('DELETE', `${group}/apiKeys/${key.id}`)
      const limit = 'atlas.project.deployment.clusters'
      await call('GET', `${group}/limits`)
      await call('PATCH', `${group}/limits/${limit}`, { body: { value: 30 } })
      await call('GET', `${group}/limits/${limit}`)
      await call('DELETE', `${group}/limits/${limit}`)
      const tags = [{ key: 'env', value: 'e2e' }]
      const made = (await call('POST', '/groups', { body: { name: 'Contract', orgId: api.orgId, tags } })).body
      await call('GET', '/groups')
      await call('GET', `/groups/${made.id}`)
      await call('GET', '/groups/byName/Contract')
      await call('GET', '/orgs')
      await call('GET', `/orgs/${api.orgId}`)
      await call('GET', `/orgs/${api.orgId}/groups`)
      await call('DELETE', `/groups/${made.id}`)
    })

    test('changes of clusters', async () => {
      const cluster = `${group}/clusters/Cluster0`
      await call('PATCH', cluster, { body: { tags: [{ key: 'env', value: 'e2e' }] }, version: '2023-02-01' })
      await call('PATCH', cluster, { body: { pitEnabled: true }, version: '2024-10-23' })
      await settles('Cluster0')
      for (const version of ['2023-01-01', '2024-08-05']) {
        await call('PATCH', `${cluster}/processArgs`, { body: { noTableScan: true }, version })
        await call('GET', `${cluster}/processArgs`, { version })
      }
      await call('GET', `${cluster}/autoScalingConfiguration`)
      await call('GET', `${cluster}/status`)
      await call('POST', `${cluster}/restartPrimaries`)
      await call('GET', `${group}/clusters/provider/regions?providers=AWS&tier=M10`)
      await call('GET', '/clusters')
    })

    test('Flex clusters', async () => {
      const flex = `${group}/flexClusters`
      const providerSettings = { backingProviderName: 'AWS', regionName: 'US_EAST_1' }
      await call('POST', flex, { body: { name: 'Flex0', providerSettings } })
      await until('the Flex cluster is IDLE', async () => {
        return (await call('GET', `${flex}/Flex0`)).body.stateName === 'IDLE'
      })
      await call('GET', flex)
      await call('PATCH', `${flex}/Flex0`, { body: { tags: [{ key: 'env', value: 'e2e' }] } })
      await call('DELETE', `${flex}/Flex0`)
    })

    test('clusters that go', async () => {
      await call('DELETE', `${group}/clusters/Cluster1`, { version: '2023-02-01' })
      await until('the cluster is gone', async () => {
        const { status } = await ask(api.http, {
          method: 'GET',
          path: `/api/atlas/v2${group}/clusters/Cluster1`,
          as: api.owner,
        })
        return status === 404
      })
    })
  })

  test('events of all that', async () => {
    for (const path of [`${group}/events`, `/orgs/${api.orgId}/events`]) {
      const [first] = (await call('GET', path)).body.results
      expect((await call('GET', `${path}?includeCount=false`)).body.totalCount).toBe(0)
      expect((await call('GET', `${path}/${first.id}`)).body).toEqual(first)
      expect((await call('GET', `${path}/${first.id}?includeRaw=true`)).body.raw.id).toBe(first.id)
    }
  })

  test('every write left an event, with who acted and from where', () => {
    expect(events.problems()).toEqual([])
    expect(events.unseen(witness.covered())).toEqual([])
  })

  test('no answer of these differed from Atlas, and every operation was among them', () => {
    const elsewhere = [...peopleOperations, ...machineOperations]
    const uncovered = witness.uncovered().filter((operation) => !elsewhere.includes(operation))
    process.stdout.write(
      `contract (${fidelity}): ${witness.covered().size} Atlas operations held against recordings and contract; not covered yet: ${uncovered.join(', ') || 'none'}\n`,
    )
    expect(witness.differences()).toEqual([])
    expect(uncovered).toEqual([])
  })
})
