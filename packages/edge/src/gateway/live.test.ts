// Questions about live connections, asked of a gateway with real clients.

import { connect, type Socket } from 'node:net'
import type { ConnectionFilter } from '@postern/contract/edge-question'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { awsHeader, type Doors, linkId, openDoors } from './testing/doors.ts'
import { type FakeSet, opMsg, startFakeSet } from './testing/fake-set.ts'

let set: FakeSet
let doors: Doors
let sockets: Socket[]

const otherLink = 'vpce-0ffffffffffffffff'

beforeEach(async () => {
  sockets = []
  set = await startFakeSet({ members: 1 })
  doors = await openDoors(set)
  const [endpoint] = doors.snapshot.endpoints
  if (endpoint === undefined) throw new Error('the snapshot has an endpoint')
  const other = { ...endpoint, id: 'endpoint-2', linkIds: [otherLink], cloudEndpointId: otherLink }
  await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, endpoints: [endpoint, other] } })
})

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await doors.close()
  await set.close()
})

interface Arrived {
  readonly closed: Promise<void>
  readonly ping: () => Promise<void>
}

/** A client that has said hello and been answered. */
async function arrive(appName: string, { link = linkId, source = 51_000 } = {}): Promise<Arrived> {
  const socket = connect({ host: '127.0.0.1', port: doors.gatewayPorts[0] ?? 0 })
  sockets.push(socket)
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const answered = (): Promise<void> => new Promise((resolve) => socket.once('data', () => resolve()))
  const client = { application: { name: appName }, driver: { name: 'nodejs', version: '7.9.0' } }
  socket.write(Buffer.concat([awsHeader(link, { source }), opMsg(1, 0, false, { hello: 1, client, $db: 'admin' })]))
  await answered()
  return {
    closed,
    ping: () => {
      socket.write(opMsg(2, 0, false, { ping: 1, $db: 'admin' }))
      return answered()
    },
  }
}

const all: ConnectionFilter = {
  endpointIds: ['endpoint-1', 'endpoint-2'],
  clusterId: null,
  appName: null,
  connectionId: null,
}
const list = (where: Partial<ConnectionFilter> = {}, from = 0, limit = 500) =>
  doors.gateway.answer({ id: 'q', do: 'list', where: { ...all, ...where }, from, limit })
const kill = (where: Partial<ConnectionFilter>) =>
  doors.gateway.answer({ id: 'q', do: 'kill', where: { ...all, ...where }, from: 0, limit: 0 })
const apps = ({ connections }: ReturnType<typeof list>) => connections.map(({ appName }) => appName)

describe('list', () => {
  test('tells what is known of each, oldest first', async () => {
    await arrive('shop')
    await (await arrive('cart', { source: 51_001 })).ping()
    const { count, connections } = list()
    expect(count).toBe(2)
    expect(connections).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        endpointId: 'endpoint-1',
        clusterId: 'cluster-1',
        member: set.members[0]?.hostPort,
        source: '203.0.113.9:51000',
        tls: false,
        driver: 'nodejs 7.9.0',
        appName: 'shop',
        os: null,
        platform: null,
        user: null,
        startedAt: expect.any(Number),
        lastActivityAt: expect.any(Number),
        operations: 1,
        bytesFromClient: expect.any(Number),
        bytesFromMember: expect.any(Number),
      },
      expect.objectContaining({ appName: 'cart', source: '203.0.113.9:51001', operations: 2 }),
    ])
  })

  test('the longest page fits into what the control plane reads of a request', async () => {
    await arrive('漢'.repeat(200))
    const [connection] = list().connections
    const longest = {
      ...connection,
      driver: '漢'.repeat(128),
      os: '漢'.repeat(64),
      platform: '漢'.repeat(64),
      user: '漢'.repeat(64),
      member: 'm'.repeat(255),
    }
    const page = JSON.stringify({ count: 500, connections: Array.from({ length: 500 }, () => longest) })
    expect(connection?.appName).toHaveLength(128)
    expect(Buffer.byteLength(page)).toBeLessThan(1024 * 1024)
  })

  test('a part of them is cut out, and all are counted', async () => {
    for (const name of ['a', 'b', 'c']) await arrive(name)
    const { count, connections } = list({}, 1, 1)
    expect([count, connections.map(({ appName }) => appName)]).toEqual([3, ['b']])
    expect(list({}, 0, 0)).toEqual({ count: 3, connections: [] })
  })

  test.each([
    { says: 'an endpoint', where: { endpointIds: ['endpoint-2'] }, found: ['b'] },
    { says: 'no endpoint', where: { endpointIds: [] }, found: [] },
    { says: 'a cluster', where: { clusterId: 'cluster-1' }, found: ['a', 'b'] },
    { says: 'another cluster', where: { clusterId: 'cluster-2' }, found: [] },
    { says: 'an application', where: { appName: 'a' }, found: ['a'] },
    { says: 'an application through an endpoint', where: { appName: 'a', endpointIds: ['endpoint-2'] }, found: [] },
  ])('those of $says alone', async ({ where, found }) => {
    await arrive('a')
    await arrive('b', { link: otherLink })
    expect(apps(list(where))).toEqual(found)
  })

  test('who is not let in yet is not told of', async () => {
    const socket = connect({ host: '127.0.0.1', port: doors.gatewayPorts[0] ?? 0 })
    sockets.push(socket)
    await eventually(() => expect(doors.gateway.stats().open).toBe(1))
    expect(list()).toEqual({ count: 0, connections: [] })
  })
})

describe('summarize', () => {
  const summary = (where: Partial<ConnectionFilter> = {}) =>
    doors.gateway.answer({ id: 'q', do: 'summarize', where: { ...all, ...where }, from: 0, limit: 0 })

  test('counts by endpoint, application and source, most first, beside the limits', async () => {
    await arrive('cart')
    await arrive('shop', { source: 51_001 })
    await arrive('shop', { link: otherLink })
    expect(summary()).toEqual({
      count: 3,
      connections: [],
      summary: {
        endpoints: [
          { endpointId: 'endpoint-1', connections: 2, working: 0 },
          { endpointId: 'endpoint-2', connections: 1, working: 0 },
        ],
        appNames: [
          { appName: 'shop', connections: 2 },
          { appName: 'cart', connections: 1 },
        ],
        sources: [{ source: '203.0.113.9', connections: 3 }],
        refused: [],
        refusedUnknown: [],
        limits: { connections: 20_000, connectionsPerEndpoint: 5_000, newPerSecondPerEndpoint: 1_000 },
      },
    })
  })

  test('lists are cut, the count is not', async () => {
    for (let n = 0; n < 101; n++) await arrive(`app-${n}`)
    const { count, summary: said } = summary()
    expect([count, said?.appNames.length]).toEqual([101, 100])
  })

  test('who was turned away is told with the reason, of the endpoints that are meant alone', async () => {
    const [endpoint] = doors.snapshot.endpoints
    if (endpoint === undefined) throw new Error('the snapshot has an endpoint')
    const endpoints = [{ ...endpoint, status: 'DELETING' as const }]
    await doors.gateway.take({ epoch: 'e', n: 3, body: { ...doors.snapshot, endpoints } })
    const socket = connect({ host: '127.0.0.1', port: doors.gatewayPorts[0] ?? 0 })
    sockets.push(socket)
    socket.on('error', () => {}).write(awsHeader(linkId))
    await eventually(() => expect(doors.gateway.stats().refused).toEqual({ NOT_AVAILABLE: 1 }))
    expect(summary().summary?.refused).toEqual([
      {
        endpointId: 'endpoint-1',
        code: 'NOT_AVAILABLE',
        count: 1,
        lastAt: expect.any(Number),
        lastConnection: expect.stringMatching(/^[0-9a-f]{24}$/),
      },
    ])
    expect(summary({ endpointIds: ['endpoint-2'] }).summary?.refused).toEqual([])
  })
})

test('who was turned away before it was known through which endpoint is told of the services that are meant alone', async () => {
  const socket = connect({ host: '127.0.0.1', port: doors.gatewayPorts[0] ?? 0 })
  sockets.push(socket)
  socket.on('error', () => {}).write(awsHeader('vpce-of-nobody'))
  await eventually(() => expect(doors.gateway.stats().refused).toEqual({ UNKNOWN_ENDPOINT: 1 }))
  const told = (serviceIds: ConnectionFilter['serviceIds']) =>
    doors.gateway.answer({
      id: 'q',
      do: 'summarize',
      where: { ...all, serviceIds: serviceIds ?? null },
      from: 0,
      limit: 0,
    }).summary?.refusedUnknown
  expect(told(['service-1'])).toEqual([
    {
      serviceId: 'service-1',
      code: 'UNKNOWN_ENDPOINT',
      count: 1,
      lastAt: expect.any(Number),
      lastConnection: expect.stringMatching(/^[0-9a-f]{24}$/),
      lastPort: doors.gatewayPorts[0],
      lastFrom: '203.0.113.9',
    },
  ])
  expect([told(['service-2']), told(null)]).toEqual([[], []])
})

describe('ports', () => {
  const ports = (where: Partial<ConnectionFilter> = {}) =>
    doors.gateway.answer({ id: 'q', do: 'ports', where: { ...all, ...where }, from: 0, limit: 0 })

  test('are those from which members see it come, of the connections that are meant alone', async () => {
    await arrive('a')
    await arrive('b', { link: otherLink })
    const [member] = set.members
    if (member === undefined) throw new Error('the set has a member')
    const seen = [...member.sockets].map(({ remotePort }) => remotePort)
    expect(ports()).toEqual({ count: 2, connections: [], ports: [{ member: member.hostPort, ports: seen }] })
    expect(ports({ endpointIds: ['endpoint-2'] }).ports?.[0]?.ports).toEqual(seen.slice(1))
    expect(ports({ clusterId: 'cluster-2' })).toEqual({ count: 0, connections: [], ports: [] })
  })
})

describe('kill', () => {
  test('ends exactly the one that is named, at once, on both sides, and says so in the log', async () => {
    const [one, other] = [await arrive('a'), await arrive('a')]
    const [first] = list().connections
    expect(kill({ connectionId: first?.id ?? '' })).toEqual({ count: 1, connections: [] })
    expect(list().connections.map(({ id }) => id)).not.toContain(first?.id)
    await one.closed
    await other.ping()
    expect(list().count).toBe(1)
    await eventually(() => expect(set.members[0]?.sockets.size).toBe(1))
    expect(doors.lines().find(({ msg }) => msg === 'connection ended')).toMatchObject({
      connection: first?.id,
      side: 'gateway',
      code: 'KILLED',
    })
  })

  test('ends all of an application and nobody else', async () => {
    const gone = [await arrive('a'), await arrive('a', { link: otherLink })]
    const stays = await arrive('b')
    expect(kill({ appName: 'a' }).count).toBe(2)
    await Promise.all(gone.map(({ closed }) => closed))
    await stays.ping()
  })

  test('one of an endpoint that the caller may not ask about is not ended', async () => {
    const stays = await arrive('a')
    const [{ id } = { id: '' }] = list().connections
    expect(kill({ connectionId: id, endpointIds: ['endpoint-2'] }).count).toBe(0)
    await stays.ping()
  })

  test('none that fits: nothing happens', () => {
    expect(kill({ connectionId: 'f'.repeat(24) })).toEqual({ count: 0, connections: [] })
  })
})
