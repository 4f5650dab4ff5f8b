// The doctor, proven by breaking: one running Postern, in which one thing after another is broken. Each time the doctor
// must name exactly that, and nothing that only follows from it; where nothing is broken it must find nothing.

import { chmod } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
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
import { cutOff } from './cut-off.ts'
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
import { relayTo } from './relay.ts'
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

/** A client that connects, and says nothing. */
const takePlace = (hostPort: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const [host = '', port = ''] = hostPort.split(':')
    const socket = connect(Number(port), host, () => resolve(socket)).once('error', reject)
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
    {
      says: 'of another user database',
      string: () => asOwner(`${uri.replace('authSource=admin', 'authSource=other')}`),
      first: 'user-known',
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

  test('whose pool keeps connections longer than clouds do: a warning', async () => {
    warns(await examine(asOwner(`${uri}&maxIdleTimeMS=600000`)), 'idle-time')
  })

  test('through a firewall that lists single ports', async () => {
    const [, second = ''] = targetsOf(uri)
    const [host = '', port = ''] = second.split(':')
    const restore = cutOff({ host, port: Number(port) }, 'ETIMEDOUT')
    const [beside, alone] = [await examine(asOwner()), await examine(asOwner(), application)]
    restore()
    names(beside, 'port-open')
    names(alone, 'port-open')
    expect(findingOf(alone, 'port-open')).toMatchObject({
      found: `${second}: timed out.`,
      why: expect.stringMatching(/a firewall.*a rule lists single ports/),
    })
  })

  test('where this machine has no route', async () => {
    const [host = ''] = (targetsOf(uri)[0] ?? '').split(':')
    const restore = cutOff({ host }, 'ENETUNREACH')
    const examined = await examine(asOwner(), application)
    restore()
    names(examined, 'port-open')
    expect(findingOf(examined, 'port-open').found).toMatch(/: unroutable\.$/)
  })

  test('of a relay in between, behind which the members name hosts that are not reached', async () => {
    const targets = targetsOf(uri)
    const relays = await Promise.all(targets.map(relayTo))
    const relayed = asOwner(uri.replace(targets.join(), relays.map(({ hostPort }) => hostPort).join()))
    isWell(await examine(relayed, application))
    const restore = cutOff({ host: (targets[0] ?? '').split(':')[0] ?? '' }, 'ETIMEDOUT')
    const examined = await examine(relayed, application)
    restore()
    for (const { stop } of relays) stop()
    names(examined, 'advertised')
    expect(findingOf(examined, 'advertised').found).toContain(targets[0])
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

  test('a clock that goes wrong: a warning', async () => {
    const late: typeof fetch = async (url, init) => {
      const response = await fetch(url, init)
      const headers = new Headers(response.headers)
      headers.set('date', new Date(Date.now() - 600_000).toUTCString())
      return new Response(response.body, { status: response.status, headers })
    }
    const examined = await at.doctor([], { fetch: late })
    warns(examined, 'clock')
    expect(findingOf(examined, 'clock').found).toMatch(/60\d s apart/)
  })

  test('another machine, with keys and no home, finds nothing wrong where it reaches the endpoint', async () => {
    isWell(await examine(asOwner(), elsewhere(running)))
  })

  test.skipIf(!linux)('another program holds a port of an endpoint', async () => {
    const [form] = endpointForms
    if (form === undefined) throw new Error('no form')
    const { client, bootstrap } = running
    const at = {
      groupId: bootstrap.groupId,
      endpointServiceId: await createService(client, bootstrap.groupId, { ...form, region: 'us-west-2' }),
    }
    const made = await form.createConsumer(client, at)
    const { body } = await client.call('listLocalAwsVpcEndpoints')
    const host = body.results.find(({ vpcEndpointId }) => vpcEndpointId === made.endpointId)?.listen.hosts[0] ?? ''
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen(1025, host, resolve))
    await attach(client, form, { ...at, body: made.body })
    const examined = await until('the edge telling it', 20_000, async () => {
      const found = await doctor([made.endpointId])
      return found.found.includes('edges-serve') ? found : undefined
    })
    expect([examined.found[0], examined.code]).toEqual(['edges-serve', 1])
    expect(findingOf(examined, 'edges-serve').found).toMatch(/in use/)
    await new Promise((resolve) => squatter.close(resolve))
    await until('the endpoint being well', 30_000, async () =>
      (await doctor([made.endpointId])).found.length === 0 ? true : undefined,
    )
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
    const inContainer = await at.examine(asOwner(), { env: elsewhere(running), inContainer: true })
    names(inContainer, 'port-open')
    expect(findingOf(inContainer, 'port-open').why).toMatch(/the container itself/)

    edge = await comeBack({ POSTERN_ENDPOINT_CONNECTIONS: '4' })
    await until('something listening again', 30_000, async () =>
      (await examine(uri, application)).found.length === 0 ? true : undefined,
    )
    const crowd: Socket[] = []
    // A place is free only when the gateway knows that whoever had it has gone, so one more tries until all are taken.
    await until('every place being taken', 20_000, async () => {
      const { body } = await running.client.call('summarizeGroupConnections', {
        params: { groupId: running.bootstrap.groupId },
      })
      if (body.connections >= 4 && crowd.filter((socket) => !socket.closed).length >= 4) return true
      crowd.push(await takePlace(targetsOf(uri)[0] ?? ''))
      return undefined
    })
    const [crowded, remote] = [
      await until('the gateway being full', 20_000, async () => {
        const found = await examine(uri)
        return found.found.includes('room-for-connections') ? found : undefined
      }),
      await examine(uri, elsewhere(running)),
    ]
    for (const socket of crowd) socket.destroy()
    for (const each of [crowded, remote]) {
      names(each, 'room-for-connections')
      expect(findingOf(each, 'room-for-connections').found).toMatch(/ has 4 of 4 connections\. Most are of /)
    }
    expect(findingOf(crowded, 'admitted').found).toMatch(
      /^The gateway refused 127\S+ at 20\S+: .*\(TOO_MANY_CONNECTIONS\)/,
    )
    expect(findingOf(remote, 'admitted').found).toMatch(
      /^The gateway refused a connection through vpce-\w+ at 20\S+ \(TOO_MANY_CONNECTIONS\)/,
    )
    warns(
      await until('their places being free', 20_000, async () => {
        const found = await examine(asOwner())
        return found.code === 0 ? found : undefined
      }),
      'room-for-connections',
    )

    await edge.stop(4_000)
    edge = await comeBack({ POSTERN_EDGE_PROGRAMS: 'gateway,forwarder' })
    const nameless = await until('all but DNS being there', 30_000, async () => {
      const found = await doctor([])
      return found.found.includes('edge-listens') ? undefined : found
    })
    names(nameless, 'dns-answers')

    await edge.stop(4_000)
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
