// Is a port free, and if not, who has it? Asked before the control plane is started, so that a taken port is told in a
// sentence and a free one is used instead.

import { createSocket } from 'node:dgram'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'

/** True when a listener on (host, port) could be opened just now. */
export const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })

/** The port of this address where TCP and UDP could both be opened on it just now, else 0: any free one. */
export async function keptDnsPort(address: string | null): Promise<number> {
  const [host = '', digits = ''] = address?.split(':') ?? []
  const port = Number(digits)
  if (host === '' || !Number.isInteger(port) || port < 1 || port > 65535) return 0
  return (await isFree(host, port)) && (await isFreeForDatagrams(host, port)) ? port : 0
}

const isFreeForDatagrams = (address: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.once('error', () => socket.close(() => resolve(false)))
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(true)))
  })

/** A sentence about the process that listens on this port, as far as this system tells: `node (pid 4711)`. */
export function holderOf(port: number): string {
  const inode = listeningInode(port)
  if (inode === null) return 'another program'
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const fds = readdirSync(`/proc/${pid}/fd`)
      if (fds.some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`))
        return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (pid ${pid})`
    } catch {
      // Another user's process, or one that ended meanwhile.
    }
  }
  return 'another program'
}

const listenState = '0A'

function listeningInode(port: number): string | null {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    try {
      for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
        const fields = line.trim().split(/\s+/)
        if (fields[1]?.endsWith(`:${hexPort}`) && fields[3] === listenState && fields[9]) return fields[9]
      }
    } catch {
      // No such table here: not Linux.
    }
  }
  return null
}
