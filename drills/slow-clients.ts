// Clients that are slow on purpose: a byte, and after a while the next, so that they are never silent and never done.

import { connect } from 'node:net'

const pauseMs = 50

export interface SlowClients {
  /** How many are not closed yet. */
  open(): number
}

export function startSlowClients(at: {
  readonly host: string
  readonly port: number
  readonly bytes: Buffer
  readonly count: number
}): SlowClients {
  let open = at.count
  for (let index = 0; index < at.count; index++) {
    const socket = connect({ host: at.host, port: at.port })
    let sent = 0
    const timer = setInterval(() => {
      if (sent < at.bytes.length) socket.write(at.bytes.subarray(sent, ++sent))
    }, pauseMs)
    socket.on('error', () => {})
    socket.resume()
    socket.once('close', () => {
      clearInterval(timer)
      open -= 1
    })
  }
  return { open: () => open }
}
