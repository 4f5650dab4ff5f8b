// Many connections through a forwarder and a gateway, ended in every way that there is, leave nothing behind: no socket,
// no timer, no entry of a table. Counted, not measured.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { ForwarderListener } from '@postern/contract/snapshot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from './clock.ts'
import { createForwarder, type Forwarder } from './forwarder/forwarder.ts'
import { type Doors, linkId, openDoors } from './gateway/testing/doors.ts'
import { type FakeSet, opMsg, startFakeSet } from './gateway/testing/fake-set.ts'
import { type Alive, countAlive } from './testing/alive.ts'
import { eventually } from './testing/eventually.ts'
import { freePort } from './testing/free-port.ts'
import { createKeptLog } from './testing/kept-log.ts'

/** As many as the endpoint may have: one that stayed counted would keep a later one out. */
const atOnce = 20
const waves = 5

const hourMs = 3_600_000
/** A timer that is left would last until the test gives up. */
const patience = {
  headerMs: hourMs,
  dialMs: hourMs,
  firstMessageMs: hourMs,
  idleMs: hourMs,
  halfOpenMs: hourMs,
  lingerMs: hourMs,
}

let set: FakeSet
let doors: Doors
let forwarder: Forwarder
let alive: Alive
let attached: number
let unknown: number
let listeners: number
/** The gateway's own, whoever is connected. */
let timers: number

beforeAll(async () => {
  alive = countAlive()
  set = await startFakeSet({ members: 1 })
  doors = await openDoors(set, { parts: { limits: { ...patience, connectionsPerEndpoint: atOnce } } })
  forwarder = createForwarder({
    gatewayHost: '127.0.0.1',
    proofKey: null,
    allowRemote: false,
    log: createKeptLog().log,
    clock: systemClock,
    randomBytes,
    limits: { dialMs: hourMs },
  })
  attached = await freePort()
  unknown = await freePort()
  const listener = (id: string, port: number): ForwarderListener => ({
    id,
    provider: 'AWS',
    linkId: id,
    hosts: ['127.0.0.1'],
    port,
    gatewayPort: doors.gatewayPorts[0] ?? 0,
  })
  const body = { listeners: [listener(linkId, attached), listener('vpce-unknown', unknown)] }
  expect(await forwarder.take({ epoch: 'e', n: 1, body })).toMatchObject({ failed: [] })
  await eventually(() => expect(alive.sockets()).toBe(5)) // of the set, the test's own door, the gateway, and two
  listeners = alive.sockets()
  await eventually(() => expect(alive.timers()).toBe(1)) // what follows a snapshot is over
  timers = alive.timers()
})

afterAll(async () => {
  await forwarder?.close(0)
  await doors?.close()
  await set?.close()
  alive?.end()
})

const hello = opMsg(7, 0, false, { hello: 1, $db: 'admin' })
const ping = opMsg(8, 0, false, { ping: 1, $db: 'admin' })

async function dial(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true }).on('error', () => {})
  await once(socket, 'connect')
  return socket
}

const closed = async (socket: Socket): Promise<void> => {
  if (!socket.closed) await new Promise<void>((resolve) => socket.resume().once('close', () => resolve()))
}

/** Resolves when an answer came, or the connection ended. */
async function asked(request: Buffer): Promise<Socket> {
  const socket = await dial(attached)
  socket.on('end', () => socket.end()).write(request)
  await new Promise<void>((resolve) => {
    for (const event of ['data', 'close'] as const) socket.once(event, () => resolve())
  })
  return socket
}

const rows: readonly { readonly says: string; readonly one: () => Promise<void> }[] = [
  { says: 'the client is gone without a word', one: async () => void (await asked(ping)).destroy() },
  { says: 'the client resets', one: async () => void (await asked(ping)).resetAndDestroy() },
  {
    says: 'the client ends in good order',
    async one() {
      const socket = await asked(ping)
      socket.end()
      await closed(socket)
    },
  },
  {
    says: 'the client is gone before its answer',
    async one() {
      const socket = await dial(attached)
      socket.write(hello)
      socket.destroy()
    },
  },
  {
    says: 'the client says nothing MongoDB',
    async one() {
      const socket = await dial(attached)
      socket.on('end', () => socket.end()).write('GET / HTTP/1.1\r\n\r\n')
      await closed(socket)
    },
  },
  {
    says: 'the endpoint is not admitted',
    async one() {
      const socket = await dial(unknown)
      socket.on('end', () => socket.end())
      await closed(socket)
    },
  },
  {
    says: 'the member cuts them',
    async one() {
      const socket = await asked(ping)
      for (const one of set.members[0]?.sockets ?? []) one.resetAndDestroy()
      await closed(socket)
    },
  },
]

const held = () => {
  const { open, refused } = doors.gateway.stats()
  return {
    sockets: alive.sockets(),
    timers: alive.timers(),
    open,
    tooMany: refused.TOO_MANY_CONNECTIONS ?? 0,
    table: doors.gateway.connections().length,
    forwarded: forwarder.connections(),
    members: set.members[0]?.sockets.size,
  }
}

describe('nothing is left of a hundred connections when', () => {
  test.each(rows)('$says', async ({ one }) => {
    const { accepted } = doors.gateway.stats()
    for (let wave = 1; wave <= waves; wave++) {
      await Promise.all(Array.from({ length: atOnce }, one))
      await eventually(() => {
        expect(doors.gateway.stats().accepted).toBe(accepted + wave * atOnce)
        expect(held()).toEqual({
          sockets: listeners,
          timers,
          open: 0,
          tooMany: 0,
          table: 0,
          forwarded: 0,
          members: 0,
        })
      })
    }
  })
})
