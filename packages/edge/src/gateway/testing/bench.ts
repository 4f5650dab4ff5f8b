// One client at a gateway's port, byte by byte, and what became of it; and what every test of single connections starts
// with and leaves behind.

import { connect, type Socket } from 'node:net'
import { afterEach } from 'vitest'
import { type Doors, type DoorsOptions, openDoors } from './doors.ts'
import { type FakeSet, opMsg, startFakeSet } from './fake-set.ts'

interface Started {
  readonly set: FakeSet
  readonly doors: Doors
}

export interface Peer {
  readonly socket: Socket
  /** Everything that came back, once the other side was done. */
  readonly closed: Promise<{ readonly bytes: Buffer; readonly error: string | null }>
}

/** Starts what a test file needs, and closes it after each of its tests. */
export function createBench() {
  const open: { close(): unknown }[] = []
  afterEach(async () => {
    for (const thing of open.splice(0).reverse()) await thing.close()
  })

  return {
    keep: (thing: { close(): unknown }): void => void open.push(thing),

    async start(options: DoorsOptions = {}, set: FakeSet | null = null): Promise<Started> {
      const fakeSet = set ?? (await startFakeSet({ members: 1 }))
      open.push(fakeSet)
      const doors = await openDoors(fakeSet, options)
      open.push(doors)
      return { set: fakeSet, doors }
    },

    dial(to: number): Peer {
      const socket = connect({ host: '127.0.0.1', port: to })
      open.push({ close: () => socket.destroy() })
      return { socket, closed: closing(socket) }
    },
  }
}

export function closing(socket: Socket): Peer['closed'] {
  const chunks: Buffer[] = []
  let error: string | null = null
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', (cause: NodeJS.ErrnoException) => {
    error = cause.code ?? cause.message
  })
  return new Promise((resolve) => socket.on('close', () => resolve({ bytes: Buffer.concat(chunks), error })))
}

/** The first member's gateway port. */
export const port = (doors: Doors): number => doors.gatewayPorts[0] ?? 0
export const hello = opMsg(7, 0, false, { hello: 1, $db: 'admin' })
/** The first log line with this message. */
export const lineOf = (doors: Doors, msg: string) => doors.lines().find((line) => line.msg === msg)
