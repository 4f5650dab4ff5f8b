// A port that was free a moment ago, for places where a snapshot has to name one. From below those that systems give out by
// themselves, the sandbox to members and the local cloud to endpoints: so nothing that begins meanwhile, in this test or
// another, can have taken it.

import { randomInt } from 'node:crypto'
import { createServer, type Server } from 'node:net'

const [from, to] = [10_000, 15_000]
/** A process names none twice. */
const named = new Set<number>()

export async function freePort(host = '127.0.0.1'): Promise<number> {
  const [port = 0] = await freePorts(1, host)
  return port
}

/** As many, and no two alike. */
export async function freePorts(count: number, host = '127.0.0.1'): Promise<readonly number[]> {
  const held = new Map<number, Server>()
  while (held.size < count) {
    const port = randomInt(from, to)
    const server = named.has(port) ? null : await listening(port, host)
    if (server === null) continue
    named.add(port)
    held.set(port, server)
  }
  await Promise.all([...held.values()].map((server) => new Promise((resolve) => server.close(resolve))))
  return [...held.keys()]
}

/** Null where somebody has the port. Rejects where it is another trouble. */
const listening = (port: number, host: string): Promise<Server | null> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    )
    server.listen(port, host, () => resolve(server))
  })
