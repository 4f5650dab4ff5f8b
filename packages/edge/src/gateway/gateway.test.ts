// The gateway and its snapshots: what is bound, who is cut off when a newer one comes, and how it shuts down.

import { randomBytes } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { GatewayEndpoint, GatewaySnapshot } from '@postern/contract/snapshot'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { freePort } from '../testing/free-port.ts'
import { createGateway } from './gateway.ts'
import { StaleSnapshotError } from './register.ts'
import { awsHeader, type Doors, linkId, openDoors } from './testing/doors.ts'
import { type FakeSet, opMsg, startFakeSet } from './testing/fake-set.ts'
import { memberDialler } from './upstream.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

async function start(members = 1): Promise<{ set: FakeSet; doors: Doors }> {
  const set = await startFakeSet({ members })
  open.push(set)
  const doors = await openDoors(set)
  open.push(doors)
  return { set, doors }
}

const hello = opMsg(1, 0, false, { hello: 1, $db: 'admin' })
const ping = opMsg(2, 0, false, { ping: 1, $db: 'admin' })

/** A client that has said hello and been answered. */
async function client(port: number): Promise<{ socket: Socket; closed: Promise<void> }> {
  const socket = connect({ host: '127.0.0.1', port })
  open.push({ close: () => socket.destroy() })
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.write(Buffer.concat([awsHeader(linkId), hello]))
  await new Promise((resolve) => socket.once('data', resolve))
  return { socket, closed }
}

const port = (doors: Doors, index = 0): number => doors.gatewayPorts[index] ?? 0
const withEndpoint = ({ snapshot }: Doors, change: Partial<GatewayEndpoint>): GatewaySnapshot => ({
  ...snapshot,
  endpoints: snapshot.endpoints.map((endpoint) => ({ ...endpoint, ...change })),
})
const refusedDial = (to: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: to })
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
    socket.on('connect', () => {
      socket.destroy()
      resolve('connected')
    })
  })

describe('take', () => {
  test('says which ports are bound, and which number is held', async () => {
    const { doors } = await start(3)
    expect(doors.gateway.held()).toEqual({ epoch: 'e', n: 1 })
    const { bound, failed } = await doors.gateway.take({ epoch: 'e', n: 2, body: doors.snapshot })
    expect(bound.sort()).toEqual(doors.gatewayPorts.map(String).sort())
    expect(failed).toEqual([])
    expect(doors.gateway.held()).toEqual({ epoch: 'e', n: 2 })
  })

  test('refuses an older number of the same epoch, and takes any of another', async () => {
    const { doors } = await start()
    await doors.gateway.take({ epoch: 'e', n: 5, body: withEndpoint(doors, { status: 'DELETING' }) })
    await expect(doors.gateway.take({ epoch: 'e', n: 4, body: doors.snapshot })).rejects.toThrow(StaleSnapshotError)
    expect(doors.gateway.held()).toEqual({ epoch: 'e', n: 5 })
    await doors.gateway.take({ epoch: 'f', n: 1, body: doors.snapshot })
    expect(doors.gateway.held()).toEqual({ epoch: 'f', n: 1 })
  })

  test.each([
    { says: 'its endpoint is being deleted', change: (doors: Doors) => withEndpoint(doors, { status: 'DELETING' }) },
    { says: 'its endpoint was refused', change: (doors: Doors) => withEndpoint(doors, { status: 'REFUSED' }) },
    { says: 'its endpoint is gone', change: (doors: Doors) => ({ ...doors.snapshot, endpoints: [] }) },
    {
      says: 'its link is another endpoint’s now',
      change: (doors: Doors) => withEndpoint(doors, { linkIds: ['vpce-2'] }),
    },
    { says: 'its service is gone', change: (doors: Doors) => ({ ...doors.snapshot, listeners: [] }) },
    { says: 'its member is gone', change: (doors: Doors) => ({ ...doors.snapshot, clusters: [] }) },
  ])('cuts a connection off before it returns when $says', async ({ change }) => {
    const { set, doors } = await start()
    const { closed } = await client(port(doors))
    const taken = doors.gateway.take({ epoch: 'e', n: 2, body: change(doors) })
    expect(doors.gateway.connections()).toEqual([])
    await Promise.all([taken, closed])
    await eventually(() => expect(set.members[0]?.sockets.size).toBe(0))
    expect(doors.lines().find(({ msg }) => msg === 'connection ended')).toMatchObject({ side: 'gateway' })
  })

  test('a member that left its set: who is there is let go a moment later, for the set has told its driver', async () => {
    const set = await startFakeSet({ members: 2 })
    open.push(set)
    const doors = await openDoors(set)
    open.push(doors)
    const { socket, closed } = await client(port(doors, 1))
    const listeners = doors.snapshot.listeners.slice(0, 1)
    await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, listeners } })
    socket.write(ping)
    await new Promise((resolve) => socket.once('data', resolve))
    await closed
    await eventually(() => expect(doors.gateway.connections()).toEqual([]))
  })

  test.each([
    { says: 'a policy that leaves its cluster out', over: { policy: { clusterIds: [] } }, code: 'CLUSTER_NOT_ALLOWED' },
    { says: 'an endpoint that is deleted', over: { status: 'DELETING' as const }, code: 'NOT_AVAILABLE' },
  ])('… but at once where there comes with it $says', async ({ over, code }) => {
    const set = await startFakeSet({ members: 2 })
    open.push(set)
    const doors = await openDoors(set)
    open.push(doors)
    await client(port(doors, 1))
    const listeners = doors.snapshot.listeners.slice(0, 1)
    await doors.gateway.take({ epoch: 'e', n: 2, body: { ...withEndpoint(doors, over), listeners } })
    expect(doors.gateway.connections()).toEqual([])
    await eventually(() => expect(doors.lines().at(-1)).toMatchObject({ code }))
  })

  test('… and stays where the member is back by then', async () => {
    const set = await startFakeSet({ members: 3 })
    open.push(set)
    const doors = await openDoors(set)
    open.push(doors)
    const back = await client(port(doors, 1))
    const gone = await client(port(doors, 2))
    const take = (n: number, members: number) => {
      const listeners = doors.snapshot.listeners.slice(0, members)
      return doors.gateway.take({ epoch: 'e', n, body: { ...doors.snapshot, listeners } })
    }
    await take(2, 1)
    await take(3, 2)
    await gone.closed
    back.socket.write(ping)
    await new Promise((resolve) => back.socket.once('data', resolve))
    expect(doors.gateway.connections()).toHaveLength(1)
  })

  test('a member that is another server by now: who is there is let go when nothing is on its way', async () => {
    const set = await startFakeSet({ members: 2 })
    open.push(set)
    const doors = await openDoors(set)
    open.push(doors)
    const { closed } = await client(port(doors, 0))
    const [cluster] = doors.snapshot.clusters
    const [first, second] = cluster?.members ?? []
    if (!cluster || !first || !second) throw new Error('the snapshot has two members')
    const members = [{ ...first, hostPort: second.hostPort }]
    const listeners = doors.snapshot.listeners.slice(0, 1)
    const body = { ...doors.snapshot, listeners, clusters: [{ ...cluster, members }] }
    await doors.gateway.take({ epoch: 'e', n: 2, body })
    await closed
    await eventually(() => expect(doors.lines().at(-1)).toMatchObject({ code: 'MEMBER_MOVED' }))
    await client(port(doors, 0))
    expect(doors.gateway.connections().map(({ member }) => member)).toEqual([second.hostPort])
  })

  test('leaves the connections of other endpoints alone', async () => {
    const { doors } = await start()
    const [endpoint] = doors.snapshot.endpoints
    if (endpoint === undefined) throw new Error('the snapshot has an endpoint')
    const other: GatewayEndpoint = { ...endpoint, id: 'endpoint-2', linkIds: ['vpce-2'], cloudEndpointId: 'vpce-2' }
    await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, endpoints: [endpoint, other] } })
    const { socket } = await client(port(doors))
    const gone = { ...other, status: 'DELETING' as const }
    await doors.gateway.take({ epoch: 'e', n: 3, body: { ...doors.snapshot, endpoints: [endpoint, gone] } })
    socket.write(ping)
    await new Promise((resolve) => socket.once('data', resolve))
    expect(doors.gateway.connections()).toHaveLength(1)
  })

  test('cuts off a connection that has only said where it comes from', async () => {
    const set = await startFakeSet({ members: 1 })
    open.push(set)
    let dialled = 0
    const doors = await openDoors(set, { parts: { dial: () => new Promise(() => dialled++) } })
    open.push(doors)
    const socket = connect({ host: '127.0.0.1', port: port(doors) })
    socket.on('error', () => {})
    socket.write(awsHeader(linkId))
    await eventually(() => expect(dialled).toBe(1))
    await doors.gateway.take({ epoch: 'e', n: 2, body: withEndpoint(doors, { status: 'DELETING' }) })
    await new Promise((resolve) => socket.once('close', resolve))
  })

  test('closes the ports that nobody needs any more, and opens new ones', async () => {
    const { doors } = await start()
    const [listener] = doors.snapshot.listeners
    if (listener === undefined) throw new Error('the snapshot has a listener')
    const gatewayPort = await freePort()
    const { bound } = await doors.gateway.take({
      epoch: 'e',
      n: 2,
      body: { ...doors.snapshot, listeners: [{ ...listener, gatewayPort }] },
    })
    expect(bound).toEqual([String(gatewayPort)])
    expect(await refusedDial(port(doors))).toBe('ECONNREFUSED')
    await client(gatewayPort)
  })

  test('names a port that somebody else holds, binds the others, and tries again with the same number', async () => {
    const { doors } = await start()
    const [listener] = doors.snapshot.listeners
    if (listener === undefined) throw new Error('the snapshot has a listener')
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port: taken } = holder.address() as AddressInfo
    const body = { ...doors.snapshot, listeners: [listener, { ...listener, gatewayPort: taken }] }
    const first = await doors.gateway.take({ epoch: 'e', n: 2, body })
    expect(first).toEqual({
      bound: [String(port(doors))],
      failed: [{ id: String(taken), reason: expect.stringContaining(`port ${taken} is in use by another program`) }],
    })
    await new Promise((resolve) => holder.close(resolve))
    const second = await doors.gateway.take({ epoch: 'e', n: 2, body })
    expect(second).toMatchObject({ bound: [String(port(doors)), String(taken)], failed: [] })
  })

  test('taken three times at once, the newest wins', async () => {
    const { doors } = await start()
    const [listener] = doors.snapshot.listeners
    if (listener === undefined) throw new Error('the snapshot has a listener')
    const ports = [await freePort(), await freePort(), await freePort()]
    const results = await Promise.all(
      ports.map((gatewayPort, index) =>
        doors.gateway.take({
          epoch: 'e',
          n: 2 + index,
          body: { ...doors.snapshot, listeners: [{ ...listener, gatewayPort }] },
        }),
      ),
    )
    expect(results.at(-1)?.bound).toEqual([String(ports[2])])
    expect(await refusedDial(ports[0] ?? 0)).toBe('ECONNREFUSED')
  })
})

describe('close', () => {
  test('ends what is idle, lets an answer that is on its way arrive, and takes nobody in', async () => {
    const answers: (() => void)[] = []
    const slow = createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (request: Buffer) => {
        const id = request.readInt32LE(4)
        const answer = () => socket.write(opMsg(90 + id, id, false, { ok: 1 }))
        if (request.includes('ping')) answers.push(answer)
        else answer()
      })
    })
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
    open.push({ close: () => slow.close() })
    const { doors } = await start()
    const body: GatewaySnapshot = {
      ...doors.snapshot,
      clusters: [
        {
          id: 'cluster-1',
          name: 'Cluster0',
          members: [{ id: 'member-0', hostPort: `127.0.0.1:${(slow.address() as AddressInfo).port}` }],
          tls: null,
        },
      ],
    }
    await doors.gateway.take({ epoch: 'e', n: 2, body })
    const idle = await client(port(doors))
    const busy = await client(port(doors))
    busy.socket.write(ping)
    await eventually(() => expect(answers).toHaveLength(1))

    const closing = doors.gateway.close(60_000)
    await idle.closed
    expect(await refusedDial(port(doors))).toBe('ECONNREFUSED')
    expect(doors.gateway.connections()).toHaveLength(1)
    const reply = new Promise<Buffer>((resolve) => busy.socket.once('data', resolve))
    for (const answer of answers) answer()
    expect((await reply).readInt32LE(8)).toBe(2)
    await Promise.all([busy.closed, closing])
    expect(doors.gateway.stats()).toMatchObject({ open: 0, ended: { gateway: 2 } })
  })

  test('cuts what does not end in time', async () => {
    const { set, doors } = await start()
    const { socket, closed } = await client(port(doors))
    socket.write(ping.subarray(0, 20)) // half a message: it would never be quiet
    await eventually(() => expect(doors.gateway.connections()[0]?.bytesFromClient).toBe(hello.length + 20))
    await doors.gateway.close(10)
    await closed
    await eventually(() => expect(set.members[0]?.sockets.size).toBe(0))
  })
})

test('a trusted range that is no CIDR is refused at the start', () => {
  const parts = {
    host: '127.0.0.1',
    proofKey: null,
    certificateFor: null,
    dial: memberDialler(() => null),
    clock: { now: () => 0 },
    randomBytes,
    log: { info() {}, warn() {}, error() {}, debug() {} },
  }
  for (const cidr of ['10.0.0.0/33', '10.0.0/8', 'all', '::1/129', '10.0.0.0/8/8', '10.0.0.0/']) {
    expect(() => createGateway({ ...parts, trustedProxies: [cidr] })).toThrow(RangeError)
  }
})
