// Who stands at the door silently, from an address that nobody trusts, on real sockets.

import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { encodeProxyHeader } from '../proxy-protocol/encode.ts'
import { eventually } from '../testing/eventually.ts'
import { createBench, hello, lineOf, port } from './testing/bench.ts'
import { awsHeader, type Doors, linkId } from './testing/doors.ts'
import { createWaitingRoom } from './waiting-room.ts'

const { start, dial, keep } = createBench()
const limits = { headerMs: 3_600_000, connections: 16 } // nothing here ends by waiting

const from = (localAddress: string, doors: Doors): Socket => {
  const socket = connect({ host: '127.0.0.1', port: port(doors), localAddress }).on('error', () => {})
  keep({ close: () => socket.destroy() })
  return socket
}

test('where no header of theirs could be believed they are closed without a word of theirs', async () => {
  const { doors } = await start({ parts: { trustedProxies: [], limits } })
  const { closed } = dial(port(doors))
  expect((await closed).bytes).toHaveLength(0)
  expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'UNTRUSTED_SOURCE', peer: /^127\.0\.0\.1:/ })
  expect(doors.gateway.stats()).toMatchObject({ open: 0, refused: { UNTRUSTED_SOURCE: 1 } })
})

const proofKey = randomBytes(32)
const proved = (): Buffer =>
  encodeProxyHeader({
    source: { address: '127.0.0.1', port: 50_000 },
    destination: { address: '127.0.0.1', port: 1024 },
    provider: 'AWS',
    linkId,
    proof: { key: proofKey, now: Date.now(), nonce: randomBytes(16) },
  })

test('where a proof could make up for that, one address has an eighth of the places; who has waited longest gives way', async () => {
  const { doors } = await start({ parts: { trustedProxies: ['127.0.0.2/32'], proofKey, limits } })
  const silent = [dial(port(doors)), dial(port(doors))]
  await eventually(() => expect(doors.gateway.stats().open).toBe(2))
  const newest = dial(port(doors))
  await silent[0]?.closed
  expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'TOO_MANY_HEADERS' })
  expect(doors.gateway.stats().open).toBe(2)

  const trusted = from('127.0.0.2', doors)
  trusted.write(Buffer.concat([awsHeader(linkId), hello]))
  await eventually(() => expect(doors.gateway.connections()).toHaveLength(1))
  newest.socket.write(Buffer.concat([proved(), hello]))
  await eventually(() => expect(doors.gateway.connections()).toHaveLength(2))
})

test('silence from however many addresses keeps no forwarder out, nor many of its connections at once', async () => {
  const { doors } = await start({ parts: { trustedProxies: [], proofKey, limits: { ...limits, connections: 80 } } })
  for (const at of [2, 3, 4, 5]) for (let n = 0; n < 10; n++) from(`127.0.0.${at}`, doors)
  await eventually(() => expect(doors.gateway.stats().open).toBe(40))
  for (let n = 0; n < 30; n++) dial(port(doors)).socket.write(Buffer.concat([proved(), hello]))
  await eventually(() => expect(doors.gateway.connections()).toHaveLength(30))
})

test.each([
  { says: 'nothing', sent: [] },
  { says: 'what is no header', sent: [Buffer.from('GET / HTTP/1.0\r\n\r\n')] },
  { says: 'a header without a proof', sent: [awsHeader(linkId)] },
])('strangers by the hundred that send $says fill no log', async ({ sent }) => {
  const all = { headerMs: 20, connections: 800 }
  const { doors } = await start({ parts: { trustedProxies: [], proofKey, limits: all } })
  const arrive = () => {
    const { socket, closed } = dial(port(doors))
    for (const bytes of sent) socket.write(bytes)
    return closed
  }
  await Promise.all(Array.from({ length: 100 }, arrive))
  expect(doors.gateway.stats().refused).toEqual({ UNTRUSTED_SOURCE: 100 })
  expect(doors.lines().filter(({ msg }) => msg === 'connection refused').length).toBeLessThan(90)
})

test('nor does a proof that is used again and again', async () => {
  const { doors } = await start({ parts: { trustedProxies: [], proofKey, limits: { connections: 800 } } })
  const header = proved()
  dial(port(doors)).socket.write(Buffer.concat([header, hello]))
  await eventually(() => expect(doors.gateway.connections()).toHaveLength(1))
  const again = Array.from({ length: 100 }, () => {
    const { socket, closed } = dial(port(doors))
    socket.write(header)
    return closed
  })
  await Promise.all(again)
  expect(doors.gateway.stats().refused).toEqual({ REPLAYED_PROOF: 100 })
  expect(doors.lines().filter(({ msg }) => msg === 'connection refused').length).toBeLessThan(90)
})

test('all of them together have half; an IPv6 network of one host counts as one; many may come at once', async () => {
  const room = createWaitingRoom(() => 16)
  const closed: string[] = []
  const enter = (address: string) => room.enter(address, () => closed.push(address))
  const addresses = Array.from({ length: 10 }, (_, at) => `192.0.2.${at}`)
  for (const address of addresses) enter(address)
  await eventually(() => expect(closed).toEqual(addresses.slice(0, 2)))
  for (const at of [1, 2, 3]) enter(`2001:db8::${at}`)
  await eventually(() => expect(closed).toEqual([...addresses.slice(0, 2), '2001:db8::1', ...addresses.slice(2, 4)]))
})
