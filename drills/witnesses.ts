// Connections that ask once and then wait, so that it is seen which of them a fault has ended: drivers close their own.

import { connect } from 'node:net'
import { opMsg } from '../packages/edge/src/gateway/testing/fake-set.ts'

export interface Witnesses {
  open(): number
  /** Answers so far. */
  answered(): number
  /** Whoever is still there asks once more. */
  askAgain(): void
  close(): void
}

export const nobody: Witnesses = { open: () => 0, answered: () => 0, askAgain() {}, close() {} }

export function startWitnesses(at: { readonly host: string; readonly port: number }, count: number): Witnesses {
  const ping = opMsg(2, 0, false, { ping: 1, $db: 'admin' })
  let answered = 0
  const sockets = new Set(
    Array.from({ length: count }, () => {
      const socket = connect(at)
      let missing = 0
      socket.on('error', () => {})
      socket.on('data', (chunk: Buffer) => {
        // an answer comes as it was sent: none of these is longer than a packet
        if (missing === 0) missing = chunk.readInt32LE(0)
        missing -= chunk.length
        if (missing === 0) answered += 1
      })
      socket.once('close', () => sockets.delete(socket))
      socket.write(ping)
      return socket
    }),
  )
  return {
    open: () => sockets.size,
    answered: () => answered,
    askAgain() {
      for (const socket of sockets) socket.write(ping)
    },
    close() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
