// One TCP client of the DNS server: queries may be pipelined and are answered in order. A client that sends nothing
// whole for a while is closed, one that does not read its answers is neither answered nor read from until it does, and
// one that breaks the framing is cut.

import type { Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import { largestQuery } from './answer.ts'
import { frame, takeMessages } from './frames.ts'

export interface TcpClientParts {
  readonly socket: Socket
  readonly clock: Clock
  /** Without a whole query for this long, in milliseconds, the connection ends. */
  readonly idleMs: number
  readonly answer: (query: Buffer) => Buffer | null
}

export function serveTcpClient({ socket, clock, idleMs, answer }: TcpClientParts): void {
  let rest: Buffer = Buffer.alloc(0)
  let unanswered: Iterator<Buffer> = [].values()
  const idle = (): (() => void) => clock.after(idleMs, () => socket.destroy())
  let cancelIdle = idle()

  /** Answers while the client reads. Nothing arrives while it does not, so what waits is at most one chunk's queries. */
  function pump(): void {
    while (!socket.writableNeedDrain) {
      const next = unanswered.next()
      if (next.done) {
        socket.resume()
        return
      }
      const response = answer(next.value)
      if (response) socket.write(frame(response))
    }
    socket.pause()
    socket.once('drain', pump)
  }

  socket.on('data', (chunk: Buffer) => {
    const framed = takeMessages(rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk, largestQuery)
    if (framed.state === 'refused') {
      socket.destroy()
      return
    }
    // Copied, so that half a message does not keep the whole chunk alive.
    rest = Buffer.from(framed.rest)
    if (framed.messages.length === 0) return
    cancelIdle()
    cancelIdle = idle()
    unanswered = framed.messages.values()
    pump()
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => cancelIdle())
}
