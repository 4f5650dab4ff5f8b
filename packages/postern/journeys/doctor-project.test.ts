// The doctor at what a project has: its clusters with their members and users, its endpoints and their regions. One thing
// after another is broken; it names exactly that, and nothing that only follows from it.

import type { CheckId } from '@postern/contract/diagnosis'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  attach,
  connectionStringThrough,
  createService,
  endpointAvailable,
  endpointForms,
} from '../src/quickstart/forms.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { cutOff } from './cut-off.ts'
import { provesItsChecks } from './doctor-proof.ts'
import {
  application,
  doctorAt,
  type Environment,
  findingOf,
  isWell,
  names,
  signedIn,
  statusOf,
  warns,
} from './examined.ts'
import { createCluster, drills, startForTest, targetsOf } from './running.ts'

const secret = 'a-password-of-nobody-7f3a'

let running: Running
/** Through the sample's endpoint, to the sample's cluster. */
let uri: string
let endpointId: string
let at: ReturnType<typeof doctorAt>

beforeAll(async () => {
  running = await startForTest({ sample: true })
  at = doctorAt(running, [secret])
  uri = running.bootstrap.connectionStrings[0] ?? ''
  const { body } = await running.client.call('listLocalAwsVpcEndpoints')
  endpointId = body.results[0]?.vpcEndpointId ?? ''
  await createCluster(running, 'Second', { regionName: 'US_EAST_1' })
})
afterAll(() => running?.stop())

const as = (user: string, password: string, string = uri): string => signedIn(string, { user, password })
const asOwner = (string = uri): string => as(running.bootstrap.dbUser, running.bootstrap.dbPassword, string)
const doctor = (subject: readonly string[]) => at.doctor(subject)
const examine = (string: string, env?: Environment) => at.examine(string, env === undefined ? {} : { env })

describe('where nothing is broken, nothing is found', () => {
  test.each<{ says: string; subject: () => string; made: readonly CheckId[] }>([
    {
      says: 'a cluster and every road to it',
      subject: () => 'Cluster0',
      made: ['cluster-running', 'regions-covered', 'edge-listens', 'port-open', 'member-answers', 'primary'],
    },
    {
      says: 'an endpoint',
      subject: () => endpointId,
      made: ['target-known', 'endpoint-accepted', 'port-open', 'member-answers', 'advertised'],
    },
  ])('$says', async ({ subject, made }) => {
    const examined = await doctor([subject()])
    isWell(examined)
    expect(made.filter((id) => statusOf(examined, id) !== 'OK')).toEqual([])
  })
})

describe('what the project has', () => {
  test('no cluster and no endpoint of that name', async () => {
    names(await doctor(['vpce-00000000000000000']), 'target-known')
  })

  test('a VPC endpoint that does not exist was attached', async () => {
    const { client, bootstrap } = running
    const form = { ...endpointForms[0], region: 'eu-west-1' } as (typeof endpointForms)[number]
    const { groupId } = bootstrap
    const endpointServiceId = await createService(client, groupId, form)
    const id = 'vpce-11111111111111111'
    const at = { groupId, endpointServiceId, cloudProvider: 'AWS' }
    await client.call('createGroupPrivateEndpointEndpointServiceEndpoint', { params: at, body: { id } })
    await until('its refusal', 20_000, async () => {
      const { body } = await client.call('getGroupPrivateEndpointEndpointServiceEndpoint', {
        params: { ...at, endpointId: id },
      })
      return body.cloudProvider === 'AWS' && body.connectionStatus === 'REJECTED' ? true : undefined
    })
    const examined = await doctor([id])
    names(examined, 'endpoint-accepted')
    expect(findingOf(examined, 'endpoint-accepted').found).toMatch(/does not exist/)
    names(await doctor([]), 'endpoint-accepted')
    expect((await doctor(['Cluster0'])).found).toEqual([])
    await client.call('deleteGroupPrivateEndpointEndpointServiceEndpoint', { params: { ...at, endpointId: id } })
    await until('the installation being well again', 20_000, async () =>
      (await doctor([])).found.length === 0 ? true : undefined,
    )
  })

  test('of two regions one cannot be reached from here', async () => {
    const [form] = endpointForms
    if (form === undefined) throw new Error('no form')
    const { client, bootstrap } = running
    const at = {
      groupId: bootstrap.groupId,
      endpointServiceId: await createService(client, bootstrap.groupId, { ...form, region: 'us-west-1' }),
    }
    const made = await form.createConsumer(client, at)
    await attach(client, form, { ...at, body: made.body })
    await endpointAvailable(client, form, { ...at, endpointId: made.endpointId })
    isWell(await doctor(['Cluster0']))
    const far = await connectionStringThrough(client, { ...bootstrap, endpointId: made.endpointId })
    const restore = cutOff({ host: (targetsOf(far)[0] ?? '').split(':')[0] ?? '' }, 'ETIMEDOUT')
    const examined = await doctor(['Cluster0'])
    restore()
    names(examined, 'regions-reached')
    expect(findingOf(examined, 'regions-reached').found).toBe(
      'Not reached from here: AWS US_WEST_1. Reached: AWS US_EAST_1 3 of 3 ports; AWS US_WEST_1 0 of 3 ports.',
    )
  })

  test('a tier that has no private endpoints', async () => {
    const regionConfigs = [
      {
        providerName: 'TENANT' as const,
        backingProviderName: 'AWS' as const,
        regionName: 'US_EAST_1',
        priority: 7,
        electableSpecs: { instanceSize: 'M0' as const },
      },
    ]
    const params = { groupId: running.bootstrap.groupId, clusterName: 'Free' }
    await running.client.call('createGroupCluster', {
      params,
      body: { name: 'Free', clusterType: 'REPLICASET', replicationSpecs: [{ regionConfigs }] },
    })
    await until('it being IDLE', 20_000, async () =>
      (await running.client.call('getGroupCluster', { params })).body.stateName === 'IDLE' ? true : undefined,
    )
    names(await doctor(['Free']), 'cluster-tier')
  })

  test('a cluster at two clouds with an endpoint at one: a warning, since that leads to every member', async () => {
    const params = { groupId: running.bootstrap.groupId, clusterName: 'Both' }
    const specs = { instanceSize: 'M10', nodeCount: 2 } as const
    await running.client.call('createGroupCluster', {
      params,
      body: {
        name: 'Both',
        clusterType: 'REPLICASET',
        replicationSpecs: [
          {
            regionConfigs: [
              { providerName: 'AWS', regionName: 'US_EAST_1', priority: 7, electableSpecs: specs },
              { providerName: 'GCP', regionName: 'US_EAST_4', priority: 6, electableSpecs: { ...specs, nodeCount: 1 } },
            ],
          },
        ],
      },
    })
    await until('it being IDLE', 20_000, async () =>
      (await running.client.call('getGroupCluster', { params })).body.stateName === 'IDLE' ? true : undefined,
    )
    const examined = await doctor(['Both'])
    warns(examined, 'regions-covered')
    expect(findingOf(examined, 'regions-covered').found).toBe('No AVAILABLE private endpoint in: GCP US_EAST_4.')
  })

  test('a cluster whose region has no endpoint has no private string', async () => {
    await createCluster(running, 'Far', { regionName: 'EU_WEST_3' })
    names(await doctor(['Far']), 'regions-covered')
  })

  test('an application that dials the members themselves, beside one that comes through the endpoint', async () => {
    const params = { groupId: running.bootstrap.groupId, clusterName: 'Cluster0' }
    const { body } = await running.client.call('getGroupClusterConnectionStrings', { params })
    await using through = new MongoClient(asOwner(), { appName: 'comes-through' })
    await through.db('admin').command({ ping: 1 })
    isWell(await doctor(['Cluster0']))
    {
      await using past = new MongoClient(asOwner(body.standard ?? ''), { appName: 'goes-past' })
      await past.db('admin').command({ ping: 1 })
      const examined = await doctor(['Cluster0'])
      warns(examined, 'nobody-past-endpoint')
      const { found } = findingOf(examined, 'nobody-past-endpoint')
      expect(found).toMatch(/goes-past \(nodejs [\d.]+\) from 127\.0\.0\.1 as admin\.\w+, \d+ connections\.$/)
      expect(found).not.toContain('comes-through')
      // From the side of the application that comes through it is the same cluster.
      warns(await examine(asOwner()), 'nobody-past-endpoint')
      isWell(await doctor([endpointId]))
    }
    await until('it having gone', 20_000, async () =>
      (await doctor(['Cluster0'])).found.length === 0 ? true : undefined,
    )
  })

  test('a user whose scopes name another cluster', async () => {
    const body = {
      username: 'scoped',
      databaseName: 'admin' as const,
      password: secret,
      roles: [{ roleName: 'readAnyDatabase', databaseName: 'admin' }],
      scopes: [{ name: 'Far', type: 'CLUSTER' as const }],
    }
    await running.client.call('createGroupDatabaseUser', { params: { groupId: running.bootstrap.groupId }, body })
    names(await examine(as('scoped', secret)), 'user-in-scope')
  })

  test('a member is down: a warning, since the others carry on', async () => {
    const { groupId } = running.bootstrap
    const { body: cluster } = await running.client.call('getGroupCluster', {
      params: { groupId, clusterName: 'Second' },
    })
    const drill = drills(running)
    const members = await drill.members(cluster.id ?? '')
    const down = members.find(({ state }) => state !== 'PRIMARY')?.id ?? ''
    await drill.killMember(cluster.id ?? '', down)
    const string = await connectionStringThrough(running.client, { groupId, clusterName: 'Second', endpointId })
    expect(targetsOf(string)).toHaveLength(3)
    warns(await examine(asOwner(string)), 'member-answers')
    await drill.reviveMember(cluster.id ?? '', down)
    await until('the cluster being well again', 20_000, async () =>
      (await examine(asOwner(string))).found.length === 0 ? true : undefined,
    )
  })

  test('no majority: members are down, and nobody is primary', async () => {
    const { groupId } = running.bootstrap
    const { body: cluster } = await running.client.call('getGroupCluster', {
      params: { groupId, clusterName: 'Second' },
    })
    const drill = drills(running)
    const members = await drill.members(cluster.id ?? '')
    const string = await connectionStringThrough(running.client, { groupId, clusterName: 'Second', endpointId })
    for (const { id } of members.slice(0, 2)) await drill.cutMember(cluster.id ?? '', id)
    const examined = await until('it having no primary', 20_000, async () => {
      const found = await examine(asOwner(string), application)
      return found.found.includes('primary') ? found : undefined
    })
    names(examined, 'member-answers', 'primary')
    await drill.cutMember(cluster.id ?? '', members[2]?.id ?? '')
    const silent = await until('the deployment being silent', 30_000, async () => {
      const found = await doctor(['Second'])
      return found.found.includes('deployment-answers') ? found : undefined
    })
    names(silent, 'deployment-answers')
    for (const { id } of members) await drill.reviveMember(cluster.id ?? '', id)
    await until('the cluster being well again', 30_000, async () =>
      (await examine(asOwner(string))).found.length === 0 ? true : undefined,
    )
  })

  test('no primary, though every member answers: all of them have stepped down', async () => {
    const { groupId } = running.bootstrap
    const { body: cluster } = await running.client.call('getGroupCluster', {
      params: { groupId, clusterName: 'Second' },
    })
    const drill = drills(running)
    const members = await drill.members(cluster.id ?? '')
    const string = await connectionStringThrough(running.client, { groupId, clusterName: 'Second', endpointId })
    for (const _ of members) {
      await until('there being a primary', 20_000, async () =>
        (await drill.members(cluster.id ?? '')).some(({ state }) => state === 'PRIMARY') ? true : undefined,
      )
      await drill.stepDownForLong(cluster.id ?? '')
    }
    names(await examine(asOwner(string), application), 'primary')
    names(await examine(asOwner(string)), 'primary')
    // A member that was started anew may stand again.
    await drill.cutMember(cluster.id ?? '', members[0]?.id ?? '')
    await drill.reviveMember(cluster.id ?? '', members[0]?.id ?? '')
    await until('the cluster being well again', 30_000, async () =>
      (await examine(asOwner(string))).found.length === 0 ? true : undefined,
    )
  })

  test('a paused cluster', async () => {
    const { groupId } = running.bootstrap
    const params = { groupId, clusterName: 'Second' }
    const string = await connectionStringThrough(running.client, { groupId, clusterName: 'Second', endpointId })
    await running.client.call('updateGroupCluster', { params, body: { paused: true } })
    await until('it being paused', 20_000, async () => {
      const { body } = await running.client.call('getGroupCluster', { params })
      return body.paused && body.stateName === 'IDLE' ? true : undefined
    })
    names(await doctor(['Second']), 'cluster-running')
    names(await examine(asOwner(string)), 'cluster-running')
    expect((await doctor([])).found).toEqual([])
  })
})

provesItsChecks('project')
