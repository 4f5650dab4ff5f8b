// Asks this machine whether a port of an address can be listened on, by doing it for a moment. The edge binds it for
// good later; what another process takes in between shows up in the edge's report.

import { createServer } from 'node:net'

/** free: it can be bound. taken: something has it. absent: this machine has no such address (no IPv6, macOS's 127/8). */
type Probed = 'free' | 'taken' | 'absent'
export type Probe = (host: string, port: number) => Promise<Probed>

const absentCodes: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'])

export const probeByListening: Probe = (host, port) =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(absentCodes.has(error.code ?? '') ? 'absent' : 'taken')
    })
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve('free')))
  })
