// The standard listener at a real gateway: whose address is judged, that nobody comes in whom the list does not name, and that
// who came in by an entry goes with it, also while nothing is heard of the control plane.

import type { AccessRange, GatewayPolicy } from '@postern/contract/snapshot'
import { expect, test } from 'vitest'
import { type ListenersFile, noListeners } from '../listeners-file.ts'
import { eventually } from '../testing/eventually.ts'
import { createBench, hello, lineOf, port } from './testing/bench.ts'
import { awsHeader, linkId } from './testing/doors.ts'
import { startFakeSet } from './testing/fake-set.ts'

const { start, dial } = createBench()

const here = [{ cidr: '127.0.0.1/32' }]
/** What `awsHeader` names. */
const named = [{ cidr: '203.0.113.9/32' }]

const open = async (
  accessList: readonly AccessRange[] | null,
  { trustedProxies = [] as readonly string[], own = noListeners } = {},
) => {
  const time = { now: 1_000_000_000_000 }
  const { doors, set } = await start({
    parts: { trustedProxies, own, clock: { now: () => time.now } },
  })
  let n = 1
  const guard = (list: readonly AccessRange[] | null, more: Pick<GatewayPolicy, 'maxSnapshotAgeMs'> = {}) =>
    doors.gateway.take({
      epoch: 'e',
      n: ++n,
      body: {
        ...doors.snapshot,
        listeners: doors.snapshot.listeners.map((each) => ({ ...each, endpointId: 'endpoint-1' })),
        endpoints: doors.snapshot.endpoints.map((each) => ({ ...each, policy: list && { accessList: list, ...more } })),
      },
    })
  await guard(accessList)
  const dialledBefore = set.members[0]?.accepted()
  return {
    time,
    doors,
    guard,
    arrive(...bytes: readonly Buffer[]) {
      const client = dial(port(doors))
      client.socket.write(Buffer.concat([...bytes]))
      return client
    },
    dialled: () => Number(set.members[0]?.accepted()) - Number(dialledBefore),
    comesIn: () => eventually(() => expect(doors.gateway.connections()).toHaveLength(1)),
    async isRefused(closed: Promise<{ readonly bytes: Buffer }>, line: object) {
      expect((await closed).bytes).toHaveLength(0)
      expect(lineOf(doors, 'connection refused')).toMatchObject(line)
      expect(Number(set.members[0]?.accepted()) - Number(dialledBefore)).toBe(0)
    },
  }
}

test('who comes from an address of the list is let in, without a header, and told from where', async () => {
  const { doors, arrive, comesIn } = await open(here)
  const { socket } = arrive(hello)
  await comesIn()
  const [only] = doors.gateway.connections()
  expect(only).toMatchObject({ source: `127.0.0.1:${socket.localPort}`, endpointId: 'endpoint-1' })
})

test.each<{ says: string; list: readonly AccessRange[] | null }>([
  { says: 'an empty list', list: [] },
  { says: 'a list of others', list: [{ cidr: '127.0.0.2/32' }, { cidr: '::/0' }] },
  { says: 'an entry whose time is over', list: [{ cidr: '127.0.0.1/32', untilMs: 999_999_999_999 }] },
  { says: 'no list at all', list: null },
])('$says lets nobody in; the log names the address, and no member is dialled', async ({ list }) => {
  const { arrive, isRefused } = await open(list)
  const code = 'NOT_ON_ACCESS_LIST'
  await isRefused(arrive(hello).closed, {
    code,
    reason: expect.stringContaining('127.0.0.1'),
    endpointId: 'endpoint-1',
  })
})

test('an entry that has ended stays so when the clock is set back', async () => {
  const { time, doors, arrive, comesIn } = await open([{ cidr: '127.0.0.1/32', untilMs: 1_000_000_060_000 }])
  const { closed } = arrive(hello)
  await comesIn()
  time.now += 60_000
  await closed
  time.now -= 30_000
  expect((await arrive(hello).closed).bytes).toHaveLength(0)
  expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'NOT_ON_ACCESS_LIST' })
  expect(doors.gateway.connections()).toEqual([])
})

test('nor by a newer snapshot that lists it still, while what that lists for the first time is judged by the clock as it is', async () => {
  const ends = { cidr: '127.0.0.1/32', untilMs: 1_000_000_060_000 }
  const { time, doors, arrive, comesIn, guard } = await open([ends])
  time.now += 86_400_000
  expect((await arrive(hello).closed).bytes).toHaveLength(0)
  time.now -= 86_400_000
  await guard([ends])
  expect((await arrive(hello).closed).bytes).toHaveLength(0)
  expect(doors.gateway.refusals()).toMatchObject([{ code: 'NOT_ON_ACCESS_LIST', count: 2 }])
  await guard([ends, { cidr: '127.0.0.1/32', untilMs: time.now + 3_600_000 }])
  const { closed } = arrive(hello)
  await comesIn()
  time.now += 3_600_000
  await closed
})

test('strangers by the hundred fill no log, and hide nobody who is refused at another listener', async () => {
  const { doors } = await start({ parts: { trustedProxies: [] } }, await startFakeSet({ members: 2 }))
  const { listeners, endpoints } = doors.snapshot
  const body = {
    ...doors.snapshot,
    listeners: listeners.map((each, at) => ({ ...each, endpointId: `endpoint-${at + 1}` })),
    endpoints: [1, 2].flatMap((n) =>
      endpoints.map((each) => ({ ...each, id: `endpoint-${n}`, policy: { accessList: named } })),
    ),
  }
  await doors.gateway.take({ epoch: 'e', n: 2, body })
  await Promise.all(Array.from({ length: 100 }, () => dial(port(doors)).closed))
  await dial(Number(doors.gatewayPorts[1])).closed
  expect(doors.gateway.stats().refused).toEqual({ NOT_ON_ACCESS_LIST: 101 })
  const lines = doors.lines().filter(({ msg }) => msg === 'connection refused')
  expect(lines.length).toBeLessThan(90)
  expect(new Set(lines.map(({ endpointId }) => endpointId))).toEqual(new Set(['endpoint-1', 'endpoint-2']))
})

test('a header from an address that is not trusted changes nothing: the sender’s own address is judged', async () => {
  const { doors, arrive, isRefused } = await open(named)
  await isRefused(arrive(awsHeader(linkId), hello).closed, {
    code: 'NOT_ON_ACCESS_LIST',
    reason: expect.stringContaining('127.0.0.1'),
    source: expect.stringMatching(/^127\.0\.0\.1:/),
  })
  expect(doors.gateway.refusals()).toMatchObject([{ code: 'NOT_ON_ACCESS_LIST', count: 1, endpointId: 'endpoint-1' }])
})

test('nor does it where the sender is on the list: it is no MongoDB, and ends there', async () => {
  const { doors, arrive } = await open(here)
  expect((await arrive(awsHeader(linkId), hello).closed).bytes).toHaveLength(0)
  expect(lineOf(doors, 'connection ended')).toMatchObject({
    source: expect.stringMatching(/^127\.0\.0\.1:/),
    side: 'client',
  })
})

test('behind a trusted proxy the address that its header names is judged, whatever link it names', async () => {
  const proxied = await open(named, { trustedProxies: ['127.0.0.0/8'] })
  proxied.arrive(awsHeader('vpce-of-nobody'), hello)
  await proxied.comesIn()
  expect(proxied.doors.gateway.connections()).toMatchObject([{ source: '203.0.113.9:51000' }])
})

/** PROXY, of a connection whose addresses are not told. */
const nameless = Buffer.from('0d0a0d0a000d0a515549540a21000000', 'hex')

test.each([
  {
    says: 'the proxy’s own address opens nothing to those behind it',
    list: here,
    bytes: [awsHeader(linkId), hello],
    code: 'NOT_ON_ACCESS_LIST',
  },
  { says: 'nor may it leave the header out', list: here, bytes: [hello], code: 'PROXY_HEADER' },
  {
    says: 'nor the address in it',
    list: [{ cidr: '0.0.0.0/0' }],
    bytes: [nameless, hello],
    code: 'NOT_ON_ACCESS_LIST',
  },
])('behind a trusted proxy: $says', async ({ list, bytes, code }) => {
  const { arrive, isRefused } = await open(list, { trustedProxies: ['127.0.0.0/8'] })
  await isRefused(arrive(...bytes).closed, { code })
})

const ownProxies: ListenersFile = {
  ...noListeners,
  proxies: [{ endpointService: 'service-1', from: ['127.0.0.1/32'] }],
}

test('who is trusted may be told of one listener alone, and who came by them goes when they no longer are', async () => {
  const { doors, arrive, comesIn } = await open(named, { own: ownProxies })
  const { closed } = arrive(awsHeader(linkId), hello)
  await comesIn()
  doors.gateway.listenAs(noListeners)
  await closed
  expect(lineOf(doors, 'connection ended')).toMatchObject({ code: 'LISTENER_CHANGED' })
})

test('a header that was begun while its sender was trusted, and ended later, is not believed', async () => {
  const { doors, arrive, isRefused } = await open(named, { own: ownProxies })
  const header = awsHeader(linkId)
  const client = arrive(header.subarray(0, 20))
  await eventually(() => expect(doors.gateway.stats().open).toBe(1))
  doors.gateway.listenAs(noListeners)
  client.socket.write(Buffer.concat([header.subarray(20), hello]))
  await isRefused(client.closed, { code: 'LISTENER_CHANGED' })
})

test('who came in by an entry goes when it is taken away, and who another lets in stays', async () => {
  const { doors, arrive, comesIn, guard } = await open([...here, ...named])
  const { closed } = arrive(hello)
  await comesIn()
  await guard([{ cidr: '127.0.0.0/8' }])
  expect(doors.gateway.connections()).toHaveLength(1)
  await guard(named)
  await closed
  expect(lineOf(doors, 'connection ended')).toMatchObject({ code: 'NOT_ON_ACCESS_LIST', side: 'gateway' })
})

test('who came in by an entry that ends by itself goes then, though nothing is heard of the control plane', async () => {
  const { time, doors, arrive, comesIn } = await open([{ cidr: '127.0.0.1/32', untilMs: 1_000_000_060_000 }])
  const { closed } = arrive(hello)
  await comesIn()
  time.now += 60_000
  await closed
  expect(lineOf(doors, 'connection ended')).toMatchObject({ reason: expect.stringContaining('ended at') })
  await arrive(hello).closed
  expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'NOT_ON_ACCESS_LIST' })
})

test('with an oldest snapshot it fails closed: who is there goes and nobody comes in until the control plane is heard of', async () => {
  const { time, doors, arrive, comesIn, guard, dialled } = await open(here)
  await guard(here, { maxSnapshotAgeMs: 60_000 })
  doors.gateway.confirmed()
  const { closed } = arrive(hello)
  await comesIn()
  const before = dialled()
  time.now += 60_001
  await closed
  expect(lineOf(doors, 'connection ended')).toMatchObject({ code: 'SNAPSHOT_TOO_OLD', side: 'gateway' })
  expect((await arrive(hello).closed).bytes).toHaveLength(0)
  expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'SNAPSHOT_TOO_OLD', endpointId: 'endpoint-1' })
  expect(dialled()).toBe(before)
  doors.gateway.confirmed()
  arrive(hello)
  await comesIn()
})

test('when the listener is closed, whoever came through it is ended, and its port is shut', async () => {
  const { doors, arrive, comesIn } = await open(here)
  const { closed } = arrive(hello)
  await comesIn()
  const { bound } = await doors.gateway.take({ epoch: 'e', n: 9, body: { listeners: [], endpoints: [], clusters: [] } })
  await closed
  expect(bound).toEqual([])
  expect(await dial(port(doors)).closed).toMatchObject({ error: 'ECONNREFUSED' })
})
