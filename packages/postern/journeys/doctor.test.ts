// The doctor, proven by breaking: one running Postern, in which one thing after another is broken. Each time the doctor
// must name exactly that, and nothing that only follows from it; where nothing is broken it must find nothing.

import { chmod } from 'node:fs/promises'
import { createServer } from 'node:net'
import { ApiError } from '@postern/contract/client'
import type { CheckId } from '@postern/contract/diagnosis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  attach,
  connectionStringThrough,
  createService,
  endpointAvailable,
  endpointForms,
} from '../src/quickstart/forms.ts'
import type { Child } from '../src/up/child.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import {
  application,
  besideTheServer,
  createShell,
  doctorAt,
  type Environment,
  type Examined,
  elsewhere,
  findingOf,
  isWell,
  names,
  statusOf,
  warns,
} from './examined.ts'
import { loseEdge } from './lose-edge.ts'
import { createCluster, drills, startForTest, targetsOf } from './running.ts'

const linux = process.platform === 'linux'
const secret = 'a-password-of-nobody-7f3a'

let running: Running
let edge: Child | null = null
/** Through the sample's endpoint, to the sample's cluster. */
let uri: string
let endpointId: string
type Doctor = ReturnType<typeof doctorAt>
let at: Doctor
let paste: Awaited<ReturnType<typeof createShell>>

beforeAll(async () => {
  running = await startForTest({ sample: true })
  at = doctorAt(running, [secret])
  paste = await createShell(running)
  uri = running.bootstrap.connectionStrings[0] ?? ''
  const { body } = await running.client.call('listLocalAwsVpcEndpoints')
  endpointId = body.results[0]?.vpcEndpointId ?? ''
  await createCluster(running, 'Second', { regionName: 'US_EAST_1' })
})
afterAll(async () => {
  await edge?.stop(4_000)
  await running?.stop()
})

const as = (username: string, password: string, string = uri): string =>
  string.replace('mongodb://', `mongodb://${username}:${encodeURIComponent(password)}@`)
const asOwner = (string = uri): string => as(running.bootstrap.dbUser, running.bootstrap.dbPassword, string)
const doctor = (...argv: Parameters<Doctor['doctor']>) => at.doctor(...argv)
const examine = (string: string, env?: Environment) => at.examine(string, env === undefined ? {} : { env })

describe('where nothing is broken, nothing is found', () => {
  test.each<{ says: string; look: () => Promise<Examined>; made: readonly CheckId[] }>([
    {
      says: 'the installation',
      look: () => doctor([]),
      made: ['home-closed', 'server-ready', 'keys-accepted', 'clock', 'edges-heard', 'edges-current', 'dns-answers'],
    },
    {
      says: 'a cluster and every road to it',
      look: () => doctor(['Cluster0']),
      made: ['cluster-running', 'regions-covered', 'edge-listens', 'port-open', 'member-answers', 'primary'],
    },
    {
      says: 'an endpoint',
      look: () => doctor([endpointId]),
      made: ['target-known', 'endpoint-accepted', 'port-open', 'member-answers', 'advertised'],
    },
    {
      says: 'a connection string, beside the control plane',
      look: () => examine(asOwner()),
      made: ['target-known', 'through-endpoint', 'user-known', 'user-applied', 'set-name', 'authentication'],
    },
    {
      says: 'a connection string, from the application’s side alone',
      look: () => examine(asOwner(), application),
      made: ['host-resolves', 'private-answer', 'port-open', 'admitted', 'member-answers', 'authentication'],
    },
  ])('$says', async ({ look, made }) => {
    const examined = await look()
    isWell(examined)
    expect(made.filter((id) => statusOf(examined, id) !== 'OK')).toEqual([])
  })
})

describe('a connection string', () => {
  test.each<{ says: string; string: () => string; first: CheckId }>([
    { says: 'with a wrong password', string: () => as('app', secret), first: 'authentication' },
    { says: 'with a user that the project does not have', string: () => as('nobody', secret), first: 'user-known' },
    {
      says: 'with an @ in its password',
      string: () => `mongodb://app:${secret}@@127.0.0.1/`,
      first: 'string-readable',
    },
    {
      says: 'of another set',
      string: () => asOwner(uri.replace(/replicaSet=[^&]*/, 'replicaSet=other')),
      first: 'set-name',
    },
    {
      says: 'that asks for a load balancer',
      string: () => asOwner(`${uri.replace(/&replicaSet=[^&]*/, '')}&loadBalanced=true`.replace(/,[^/]*/, '')),
      first: 'load-balanced',
    },
    { says: 'that asks an address for TLS', string: () => asOwner(`${uri}&tls=true`), first: 'tls' },
  ])('$says', async ({ string, first }) => {
    names(await examine(string()), first)
  })

  test('of the members themselves goes past every endpoint: a warning', async () => {
    const params = { groupId: running.bootstrap.groupId, clusterName: 'Cluster0' }
    const { body } = await running.client.call('getGroupClusterConnectionStrings', { params })
    warns(await examine(asOwner(body.standard ?? '')), 'through-endpoint')
  })

  test('of an endpoint that was deleted', async () => {
    const [form] = endpointForms
    if (form === undefined) throw new Error('no form')
    const { client, bootstrap } = running
    const { groupId, clusterName } = bootstrap
    const { body: services } = await client.call('listGroupPrivateEndpointEndpointService', {
      params: { groupId, cloudProvider: 'AWS' },
    })
    const at = { groupId, endpointServiceId: services[0]?.id ?? '' }
    const made = await form.createConsumer(client, at)
    await attach(client, form, { ...at, body: made.body })
    await endpointAvailable(client, form, { ...at, endpointId: made.endpointId })
    const old = await connectionStringThrough(client, { groupId, clusterName, endpointId: made.endpointId })
    expect((await examine(asOwner(old))).found).toEqual([])
    const params = { ...at, endpointId: made.endpointId, cloudProvider: 'AWS' }
    await client.call('deleteGroupPrivateEndpointEndpointServiceEndpoint', { params })
    await until('the endpoint being gone', 20_000, () =>
      client.call('getGroupPrivateEndpointEndpointServiceEndpoint', { params }).then(
        () => undefined,
        (error) => (error instanceof ApiError && error.status === 404 ? true : undefined),
      ),
    )
    names(await examine(asOwner(old)), 'target-known')
    names(await examine(asOwner(old), application), 'port-open')

    // What its consumer made is still there.
    const left = await doctor([])
    warns(left, 'leftovers')
    expect(findingOf(left, 'leftovers').found).toContain(made.endpointId)
    await paste(findingOf(left, 'leftovers').command)
    isWell(await doctor([]))
  })

  test('of the gateway itself, which nobody dials', async () => {
    const { host, firstPort } = running.bootstrap.gateway
    const string = asOwner(`mongodb://${host}:${firstPort}/`)
    names(await examine(string), 'through-endpoint')
    const alone = await examine(string, application)
    names(alone, 'admitted')
    expect(findingOf(alone, 'admitted').found).toMatch(/ended it without an answer/)
  })

  test('with a port that nobody listens on', async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
      }),
    )
    names(await examine(as('app', secret, `mongodb://127.0.0.1:${port}/`), application), 'port-open')
  })

  test('with a name that has no address, and with one that has no SRV records', async () => {
    names(await examine(as('app', secret, 'mongodb://no-such-host.invalid:1024/'), application), 'host-resolves')
    const srv = `mongodb+srv://app:${secret}@cluster0.no-such-zone.invalid/`
    names(await examine(srv, application), 'srv-resolves')
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

  test('a cluster whose region has no endpoint has no private string', async () => {
    await createCluster(running, 'Far', { regionName: 'EU_WEST_3' })
    names(await doctor(['Far']), 'regions-covered')
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

describe('what the installation stands on', () => {
  test('a home that others may open: a warning', async () => {
    await chmod(running.home, 0o755)
    const examined = await doctor([])
    warns(examined, 'home-closed')
    await paste(findingOf(examined, 'home-closed').command)
    isWell(await doctor([]))
  })

  test('keys that the control plane does not take', async () => {
    const env = { ...besideTheServer(running), ...elsewhere(running), POSTERN_PRIVATE_KEY: secret }
    names(await doctor([], { env }), 'keys-accepted')
  })

  test.skipIf(!linux)('the edge is away', async () => {
    const comeBack = await loseEdge(running)
    names(await doctor([]), 'edge-listens')
    names(await doctor(['Cluster0']), 'edge-listens')
    names(await examine(asOwner()), 'edge-listens')
    names(await examine(asOwner(), application), 'port-open')
    edge = await comeBack()
    await until('the installation being well again', 30_000, async () =>
      (await examine(asOwner())).found.length === 0 ? true : undefined,
    )
  })

  test('the control plane is away: nothing can be asked, and the road goes on', async () => {
    await running.children.server.stop(4_000)
    names(await doctor([]), 'server-reachable')
    names(await doctor(['Cluster0']), 'server-reachable')
    const examined = await examine(asOwner())
    warns(examined, 'server-reachable')
    expect(statusOf(examined, 'authentication')).toBe('OK')
  })
})
