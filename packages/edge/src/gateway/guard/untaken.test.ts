// What was judged is whole, and may be a thousand times what came. A member that does not read its connection makes its client
// wait: nobody fills the gateway's memory with requests that a still member would have to take.

import { connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { awsHeader, type Doors, linkId, openDoors } from '../testing/doors.ts'
import { opMsg, zlibbed } from '../testing/fake-set.ts'
import { createExchange } from '../translate/exchange.ts'
import { heldByAll, uncountedBytes } from '../wire/held-bytes.ts'
import { createGuard } from './guard.ts'

const find = (id: number, bytes: number): Buffer =>
  zlibbed(opMsg(id, 0, false, { find: 'c', filter: { a: 'x'.repeat(bytes) }, $db: 'shop' }))
const many = (count: number, bytes: number): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, at) => find(8 + at, bytes)))
const hello = opMsg(7, 0, false, { hello: 1, $db: 'admin' })

/** A talk that is judged, as far as the client has come by its hello. */
function talk(endpointId = 'endpoint-1') {
  const holder = { endpointId, heldTooLong: () => {} }
  const names = () => ({ advertised: () => null, compressors: new Set(['zlib']) })
  const guard = createGuard({ readOnly: true, databaseUsers: null }, 'vpce-1', false)
  const exchange = createExchange({ now: Date.now, names, guard, holder })
  exchange.requests.push(hello)
  exchange.taken()
  const push = (chunk: Buffer): number => exchange.requests.push(chunk).reduce((sum, { length }) => sum + length, 0)
  return { exchange, push }
}

describe('while the member takes nothing', () => {
  test('of short requests no more goes on than one connection may hold, and one more; the rest comes as it is taken', async () => {
    const { exchange, push } = talk()
    const most = uncountedBytes + 40_100
    const first = push(many(20, 40_000))
    expect(first).toBeGreaterThan(uncountedBytes)
    expect(first).toBeLessThanOrEqual(most)
    let goneOn = first
    while (goneOn < 20 * 40_000) {
      const asking = exchange.asking()
      expect(push(Buffer.alloc(0))).toBe(0)
      exchange.taken()
      await asking
      const next = push(Buffer.alloc(0))
      expect(next).toBeGreaterThan(0)
      expect(next).toBeLessThanOrEqual(most)
      goneOn += next
    }
    expect([exchange.count(), exchange.asking()]).toEqual([21, null])
  })

  test('a long one keeps its room until it is taken, or its connection is over', async () => {
    const other = { endpointId: 'endpoint-2', heldTooLong: () => {} }
    const all = 536_870_912 / 2 // an endpoint leaves as much to the others as it has
    for (const end of ['taken', 'over'] as const) {
      const { exchange, push } = talk()
      expect(push(find(8, 1_000_000))).toBeGreaterThan(1_000_000)
      const room = heldByAll.claim(other, all)
      expect(room).not.toBeNull()
      exchange[end]()
      await room
      heldByAll.release(other)
    }
  })
})

describe('through the gateway', () => {
  const open: { close(): unknown }[] = []
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close()
  })

  test.each([
    { says: 'short ones', count: 500, bytes: 60_000 },
    { says: 'long ones', count: 10, bytes: 3_000_000 },
  ])('a member that reads late gets all of them, in their order: $says', async ({ count, bytes }) => {
    let got = 0
    const still: Socket[] = []
    const member = createServer((socket) => {
      socket
        .on('error', () => {})
        .on('data', (chunk: Buffer) => {
          got += chunk.length
        })
      socket.once('data', () => still.push(socket.pause()))
    })
    await new Promise<void>((resolve) => void member.listen(0, '127.0.0.1', resolve))
    open.push(member)
    const address = member.address()
    const hostPort = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    const doors: Doors = await openDoors({ members: [{ hostPort }] }, { endpoint: { policy: { readOnly: true } } })
    open.push(doors)
    const client = connect(doors.gatewayPorts[0] ?? 0, '127.0.0.1').on('error', () => {})
    open.push({ close: () => client.destroy() })
    client.write(Buffer.concat([awsHeader(linkId), hello, many(count, bytes)]))
    const counted = (): number => doors.gateway.connections()[0]?.operations ?? 0
    await eventually(() => expect([still.length, counted() > 1]).toEqual([1, true]))
    expect(counted()).toBeLessThan(1 + count) // more than the two systems between them take
    for (const socket of still) socket.resume()
    const plain = opMsg(8, 0, false, { find: 'c', filter: { a: 'x'.repeat(bytes) }, $db: 'shop' }).length
    await eventually(() => expect([counted(), got]).toEqual([1 + count, hello.length + count * plain]))
  })
})
