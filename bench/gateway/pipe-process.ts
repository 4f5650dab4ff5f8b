// The plainest TCP proxy that Node.js makes: two sockets, piped into each other. What it costs is what any proxy in Node.js
// costs before it knows a single word of the protocol. It reads no PROXY header.

import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { PipeDoor } from './targets.ts'

process.on('disconnect', () => process.exit())
process.on('message', async (doors: readonly PipeDoor[]) => process.send?.(await Promise.all(doors.map(open))))

const open = ({ memberPort, pem }: PipeDoor): Promise<number> =>
  new Promise((resolve) => {
    const accept = (client: Socket): void => {
      const member = connect({ host: '127.0.0.1', port: memberPort, noDelay: true })
      for (const [from, to] of [
        [client, member],
        [member, client],
      ] as const) {
        from.on('error', () => to.destroy())
        from.pipe(to)
      }
    }
    const text = pem === null ? null : readFileSync(pem, 'utf8')
    const server =
      text === null
        ? createServer({ noDelay: true }, accept)
        : createTlsServer({ key: text, cert: text, noDelay: true }, accept)
    server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => resolve((server.address() as AddressInfo).port))
  })
