// What a client gets to see when its member ends the connection first: with the member's listener still there, or gone.

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { BSON, type Document, Long, UUID } from 'bson'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { createBench, hello, lineOf, port } from './testing/bench.ts'
import { awsHeader, type Doors, type DoorsOptions, linkId, openDoors } from './testing/doors.ts'
import { opMsg } from './testing/fake-set.ts'

const { keep, dial } = createBench()

const session = { lsid: { id: new UUID().toBinary() }, $db: 'shop' }
const write = opMsg(11, 0, false, { insert: 'orders', ...session, txnNumber: Long.ONE, documents: [{ a: 1 }] })
const plainWrite = opMsg(11, 0, false, { insert: 'orders', ...session, documents: [{ a: 1 }] })
const read = opMsg(11, 0, false, { find: 'orders', ...session })

let member: Server
let sockets: Socket[] = []

/** A member that answers nothing, and the gateway before it. */
async function startBefore(parts: DoorsOptions['parts'] = {}): Promise<Doors> {
  sockets = []
  member = createServer((socket) => sockets.push(socket.on('error', () => {}).resume()))
  await new Promise<void>((resolve) => member.listen(0, '127.0.0.1', resolve))
  const hostPort = `127.0.0.1:${(member.address() as AddressInfo).port}`
  const doors = await openDoors({ members: [{ hostPort }] }, { parts })
  keep(doors)
  return doors
}

afterEach(() => {
  member.close()
  for (const socket of sockets) socket.destroy()
})

const reached = (bytes: number) => eventually(() => expect(sockets[0]?.bytesRead).toBe(bytes))
const bodyOf = (bytes: Buffer): Document => BSON.deserialize(bytes.subarray(21))

describe('the member is gone: its listener is closed, its connections are', () => {
  test.each([
    { how: 'closed', cut: (socket: Socket) => socket.destroy() },
    { how: 'reset', cut: (socket: Socket) => socket.resetAndDestroy() },
  ])('$how: a retryable write that waits gets an answer that is retried, then the connection ends', async ({ cut }) => {
    const doors = await startBefore()
    const { socket, closed } = dial(port(doors))
    socket.write(Buffer.concat([awsHeader(linkId), write]))
    await reached(write.length)
    member.close()
    for (const one of sockets) cut(one)
    const { bytes, error } = await closed
    expect(error).toBeNull()
    expect([bytes.length, bytes.readInt32LE(8)]).toEqual([bytes.readInt32LE(0), 11])
    expect(bodyOf(bytes)).toMatchObject({ ok: 0, code: 11600, errorLabels: ['RetryableWriteError'] })
    await eventually(() => expect(doors.gateway.stats()).toMatchObject({ open: 0, ended: { member: 1 } }))
    expect(lineOf(doors, 'connection ended')).toMatchObject({
      side: 'member',
      reason: expect.stringContaining('retryable write'),
    })
  })

  test('a retryable write that was just on its way is answered too', async () => {
    const doors = await startBefore({ limits: { lingerMs: 60_000 } })
    const { socket, closed } = dial(port(doors))
    const ping = opMsg(9, 0, true, { ping: 1 })
    socket.write(Buffer.concat([awsHeader(linkId), ping]))
    await reached(ping.length)
    member.close()
    sockets[0]?.destroy()
    await eventually(() => expect(doors.gateway.connections()).toHaveLength(1))
    socket.write(write.subarray(0, 30))
    setImmediate(() => socket.write(write.subarray(30)))
    expect(bodyOf((await closed).bytes)).toMatchObject({ code: 11600 })
  })

  test.each([
    { says: 'a write that may not be sent twice', request: plainWrite },
    { says: 'a read', request: read },
    { says: 'a monitor’s hello', request: hello },
  ])('$says: the connection ends without a byte', async ({ request }) => {
    const doors = await startBefore({ limits: { lingerMs: 60_000 } })
    const { socket, closed } = dial(port(doors))
    socket.write(Buffer.concat([awsHeader(linkId), request]))
    await reached(request.length)
    member.close()
    sockets[0]?.destroy()
    expect((await closed).bytes).toHaveLength(0)
  })

  test('a client at work that asks nothing is closed after a moment', async () => {
    const doors = await startBefore({ limits: { lingerMs: 20 } })
    const { socket, closed } = dial(port(doors))
    const ping = opMsg(9, 0, true, { ping: 1 })
    socket.write(Buffer.concat([awsHeader(linkId), ping]))
    await reached(ping.length)
    member.close()
    sockets[0]?.destroy()
    expect((await closed).bytes).toHaveLength(0)
    await eventually(() => expect(doors.gateway.stats()).toMatchObject({ open: 0, ended: { member: 1 } }))
  })

  test('an endpoint that is terminated meanwhile ends it at once', async () => {
    const doors = await startBefore({ limits: { lingerMs: 60_000 } })
    const { socket, closed } = dial(port(doors))
    const ping = opMsg(9, 0, true, { ping: 1 })
    socket.write(Buffer.concat([awsHeader(linkId), ping]))
    await reached(ping.length)
    member.close()
    sockets[0]?.destroy()
    await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, endpoints: [] } })
    await closed
    expect(doors.gateway.stats()).toMatchObject({ open: 0, ended: { gateway: 1 } })
  })
})

test('a member that is still there and ends one connection: nothing is said in its place', async () => {
  const doors = await startBefore()
  const { socket, closed } = dial(port(doors))
  socket.write(Buffer.concat([awsHeader(linkId), write]))
  await reached(write.length)
  sockets[0]?.destroy()
  expect((await closed).bytes).toHaveLength(0)
  await eventually(() => expect(lineOf(doors, 'connection ended')).toMatchObject({ side: 'member' }))
})
