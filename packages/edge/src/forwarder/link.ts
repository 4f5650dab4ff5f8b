// One forwarded connection: the accepted client, the gateway dialled for it, the PROXY header first, then both ways
// until both sides have ended. Half-close is carried over; back-pressure is the pipe's. A failure of either side ends
// the other at once, by reset, so that nobody waits for an answer that cannot come.

import { connect, type Socket } from 'node:net'
import type { Clock } from '../clock.ts'

export interface LinkParts {
  /** Accepted with `allowHalfOpen` and paused, so that no byte is read before the gateway is there. */
  readonly client: Socket
  readonly gateway: { readonly host: string; readonly port: number }
  readonly header: Buffer
  readonly clock: Clock
  /** How long the gateway may take to accept, in milliseconds. */
  readonly dialLimitMs: number
  /** Called once; `problem` is null after a clean end and after `cut`. */
  readonly ended: (problem: string | null) => void
}

export interface Link {
  /** Ends both sides at once. */
  readonly cut: () => void
}

const keepAliveMs = 60_000

export function createLink({ client, gateway, header, clock, dialLimitMs, ended }: LinkParts): Link {
  const upstream = connect({ ...gateway, allowHalfOpen: true, noDelay: true })
  client.setNoDelay(true)
  client.setKeepAlive(true, keepAliveMs)
  const cancelLimit = clock.after(dialLimitMs, () => end(`the gateway did not accept within ${dialLimitMs / 1000} s`))
  let joined = false
  let open = 2
  let over = false

  function end(problem: string | null): void {
    if (over) return
    over = true
    cancelLimit()
    for (const socket of [client, upstream]) {
      // A reset of a socket that is still dialling would wait for the connection; one of a socket that is just saying
      // its end is refused by the system (EINVAL), and the socket would then never close.
      if (open === 0 || socket.connecting || socket.writableEnded) socket.destroy()
      else socket.resetAndDestroy()
    }
    ended(problem)
  }

  const closed = (): void => {
    open--
    if (open === 0) end(null)
  }
  client.on('error', () => end(null)).on('close', closed)
  // Once joined, a reset is how the gateway ends what it no longer admits; its own log says why.
  upstream.on('error', (error) => end(joined ? null : `the gateway was not reached: ${error.message}`))
  upstream.on('close', closed)
  upstream.once('connect', () => {
    joined = true
    cancelLimit()
    upstream.setKeepAlive(true, keepAliveMs)
    upstream.write(header)
    client.pipe(upstream)
    upstream.pipe(client)
  })

  return { cut: () => end(null) }
}
