import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { overlap, ownAddresses, type Place, portBlocks } from './addresses.ts'
import { dialHosts, findPlaces, type PlaceSettings, type Search } from './place.ts'
import { type Probe, probeByListening } from './probe.ts'

const own: PlaceSettings = { ownAddresses: true, bind: null, advertise: null }
const blocks: PlaceSettings = { ...own, ownAddresses: false, localPorts: { from: 20_000, to: 20_199 } }
const free: Probe = async () => 'free'
const search = (over: Partial<Search>): Search => ({
  epoch: 'epoch of this store',
  settings: own,
  probe: free,
  used: [],
  last: null,
  portCount: 50,
  count: 1,
  ...over,
})

describe('own addresses', () => {
  test('lie in 127.64.0.0/10, begin at .1 of a /24 that the store’s mark picks, and go on in the next when it is full', () => {
    const some = [...take(ownAddresses('epoch of this store'), 255)].map(({ hosts }) => hosts[0] ?? '')
    expect(some.every((host) => /^127\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.\d+$/.test(host))).toBe(true)
    expect(new Set(some).size).toBe(255)
    expect(some[0]?.endsWith('.1')).toBe(true)
    expect(some[253]?.endsWith('.254')).toBe(true)
    expect(some[254]?.endsWith('.1')).toBe(true)
    expect(netOf(some[254] ?? '')).not.toBe(netOf(some[0] ?? ''))
  })

  test('two stores begin in two /24s', () => {
    const [one] = ownAddresses('one')
    const [two] = ownAddresses('two')
    expect(netOf(one?.hosts[0] ?? '')).not.toBe(netOf(two?.hosts[0] ?? ''))
  })

  test('the first that is neither used nor taken by another program is found', async () => {
    const [first, second, third] = [...take(ownAddresses('epoch of this store'), 3)]
    const probe: Probe = async (host) => (host === second?.hosts[0] ? 'taken' : 'free')
    expect(await findPlaces(search({ used: first === undefined ? [] : [first], probe }))).toEqual([third])
  })

  test('the search goes on behind the last one given, so that one that was freed is the last to come again', async () => {
    const ring = [...take(ownAddresses('epoch of this store'), 256)]
    for (const at of [0, 252, 253, 254]) {
      const [place] = await findPlaces(search({ last: lastOf(ring[at]) }))
      expect(place).toEqual(ring[at + 1])
    }
  })

  test('behind the ring’s last comes its first, wherever the store’s own /24 lies', () => {
    for (const epoch of ['one', 'two', 'epoch of this store']) {
      const [first] = ownAddresses(epoch)
      const firstNet = netOf(first?.hosts[0] ?? '')
      const [, high = 0, low = 0] = firstNet.split('.').map(Number)
      const before = ((high - 64) * 256 + low + 64 * 256 - 1) % (64 * 256)
      const host = `127.${64 + Math.floor(before / 256)}.${before % 256}.254`
      const [next] = ownAddresses(epoch, { host, firstPort: 1024, portCount: 1 })
      expect(next).toEqual(first)
    }
  })

  test('a last place of the other kind is none', () => {
    const [first] = ownAddresses('one')
    expect([...take(ownAddresses('one', { host: '127.0.0.1', firstPort: 20_000, portCount: 50 }), 1)]).toEqual([first])
  })

  test('several at once are all different', async () => {
    const places = await findPlaces(search({ count: 50, portCount: 1 }))
    expect(new Set(places.map(({ hosts }) => hosts[0])).size).toBe(50)
  })

  test('a machine that has none of them says so instead of trying for ever', async () => {
    await expect(findPlaces(search({ probe: async () => 'absent' }))).rejects.toMatchObject({
      code: 'POSTERN_NO_LOCAL_ADDRESS',
    })
  })
})

describe('blocks of ports', () => {
  test('follow each other on both loopback addresses', () => {
    expect([...portBlocks(['127.0.0.1', '::1'], { range: { from: 20_000, to: 20_120 }, portCount: 50 })]).toEqual([
      { hosts: ['127.0.0.1', '::1'], firstPort: 20_000, portCount: 50 },
      { hosts: ['127.0.0.1', '::1'], firstPort: 20_050, portCount: 50 },
    ])
  })

  test('the search goes on behind the last block given, of whatever size, and begins anew behind the range’s last', async () => {
    const at = async (firstPort: number, portCount: number) =>
      (await findPlaces(search({ settings: blocks, last: { host: '127.0.0.1', firstPort, portCount } })))[0]?.firstPort
    expect(await at(20_000, 50)).toBe(20_050)
    expect(await at(20_050, 1)).toBe(20_100)
    expect(await at(20_150, 50)).toBe(20_000)
    expect(await at(30_000, 50)).toBe(20_000)
    expect(await at(1_024, 50)).toBe(20_000)
  })

  test('a block with one port taken is passed over', async () => {
    const probe: Probe = async (_, port) => (port === 20_049 ? 'taken' : 'free')
    expect(await findPlaces(search({ settings: blocks, probe }))).toEqual([
      { hosts: ['127.0.0.1', '::1'], firstPort: 20_050, portCount: 50 },
    ])
  })

  test('blocks of another size are not overlapped', async () => {
    const used: readonly Place[] = [{ hosts: ['127.0.0.1', '::1'], firstPort: 20_000, portCount: 60 }]
    expect((await findPlaces(search({ settings: blocks, used })))[0]?.firstPort).toBe(20_100)
  })

  test('on a machine without IPv6 it is 127.0.0.1 alone', async () => {
    const probe: Probe = async (host) => (host === '::1' ? 'absent' : 'free')
    expect((await findPlaces(search({ settings: blocks, probe })))[0]?.hosts).toEqual(['127.0.0.1'])
  })

  test('a range that is used up is a clear error', async () => {
    const used: readonly Place[] = [{ hosts: ['127.0.0.1', '::1'], firstPort: 20_000, portCount: 200 }]
    await expect(findPlaces(search({ settings: blocks, used }))).rejects.toMatchObject({
      code: 'POSTERN_NO_LOCAL_ADDRESS',
    })
  })

  test('with a host to bind, blocks are on that host', async () => {
    const settings = { ...blocks, ownAddresses: true, bind: '0.0.0.0' }
    expect((await findPlaces(search({ settings })))[0]).toMatchObject({ hosts: ['0.0.0.0'], firstPort: 20_000 })
  })
})

describe('one host for all', () => {
  test('that is advertised alone needs blocks of ports too', async () => {
    const settings = { ...blocks, ownAddresses: true, advertise: 'host.containers.internal' }
    expect((await findPlaces(search({ settings })))[0]).toMatchObject({
      hosts: ['127.0.0.1', '::1'],
      firstPort: 20_000,
    })
  })
})

describe('what is dialled', () => {
  test.each([
    { says: 'what it listens on', advertise: null, hosts: ['127.64.0.1'], dial: ['127.64.0.1'] },
    { says: 'all addresses: loopback', advertise: null, hosts: ['0.0.0.0'], dial: ['127.0.0.1'] },
    {
      says: 'the host that was given instead',
      advertise: 'host.containers',
      hosts: ['0.0.0.0'],
      dial: ['host.containers'],
    },
  ])('$says', ({ advertise, hosts, dial }) => {
    expect(dialHosts({ advertise }, hosts)).toEqual(dial)
  })
})

describe('overlap', () => {
  const at = (host: string, firstPort: number, portCount: number): Place => ({ hosts: [host], firstPort, portCount })
  test.each([
    { says: 'ports side by side', one: at('a', 1, 5), other: at('a', 6, 5), answer: false },
    { says: 'one port in common', one: at('a', 1, 5), other: at('a', 5, 5), answer: true },
    { says: 'the same ports of two hosts', one: at('a', 1, 5), other: at('b', 1, 5), answer: false },
  ])('$says: $answer', ({ one, other, answer }) => {
    expect([overlap(one, other), overlap(other, one)]).toEqual([answer, answer])
  })
})

describe('the probe asks this machine', () => {
  test('a port is taken while somebody listens on it, and free after', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    expect(await probeByListening('127.0.0.1', port)).toBe('taken')
    await new Promise((resolve) => server.close(resolve))
    expect(await probeByListening('127.0.0.1', port)).toBe('free')
  })

  test('an address that this machine does not have is absent', async () => {
    expect(await probeByListening('192.0.2.1', 1024)).toBe('absent')
  })
})

const lastOf = (place: Place | undefined) => {
  const [host = ''] = place?.hosts ?? []
  return { host, firstPort: place?.firstPort ?? 0, portCount: place?.portCount ?? 0 }
}

function* take<Item>(items: Iterable<Item>, count: number): Generator<Item> {
  let left = count
  for (const item of items) {
    if (left-- === 0) return
    yield item
  }
}

const netOf = (host: string): string => host.split('.').slice(0, 3).join('.')
