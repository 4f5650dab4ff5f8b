// HAProxy, the peer that counts, where it is on this machine: tcp mode, one thread, buffers of 128 KiB, and both ways of
// splicing, since one of them halves what large replies cost. It takes the same PROXY header as the gateway.

import { spawn } from 'node:child_process'
import { access, constants, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export const splices = ['splice-auto', 'splice-response'] as const
export type Splice = (typeof splices)[number]

export interface HaproxyDoor {
  readonly port: number
  readonly memberPort: number
  /** A file with certificate and key; null: plain. */
  readonly pem: string | null
}

/** `maxconn`: it does not start where twice as many descriptors may not be open. */
export const haproxyConfig = (splice: Splice, doors: readonly HaproxyDoor[]): string =>
  [
    'global',
    '  nbthread 1',
    '  tune.bufsize 131072',
    '  maxconn 6000',
    'defaults',
    '  mode tcp',
    `  option ${splice}`,
    '  timeout connect 10s',
    '  timeout client 1h',
    '  timeout server 1h',
    ...doors.flatMap(({ port, memberPort, pem }, at) => [
      `listen door${at}`,
      `  bind 127.0.0.1:${port} accept-proxy${pem === null ? '' : ` ssl crt ${pem}`}`,
      `  server member 127.0.0.1:${memberPort}`,
    ]),
    '',
  ].join('\n')

/** Where Debian puts it is in few people's PATH. */
export async function findHaproxy(path = `${process.env.PATH}${delimiter}/usr/sbin`): Promise<string | null> {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, 'haproxy')
    const there = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (there) return file
  }
  return null
}

interface Haproxy {
  readonly pid: number
  readonly close: () => Promise<void>
}

/** Resolves when it listens. Rejects with its own words when it ends before. */
export async function startHaproxy(
  binary: string,
  {
    folder,
    splice,
    doors,
  }: { readonly folder: string; readonly splice: Splice; readonly doors: readonly HaproxyDoor[] },
): Promise<Haproxy> {
  const file = join(folder, `haproxy-${splice}.cfg`)
  await writeFile(file, haproxyConfig(splice, doors))
  const child = spawn(binary, ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for (const { port } of doors) {
    while (!(await listens(port))) {
      if (child.exitCode !== null) throw new Error(`haproxy: ${complaint.slice(-2000)}`)
      await wait(20)
    }
  }
  return {
    pid: child.pid ?? 0,
    async close() {
      child.kill('SIGTERM')
      await gone
    },
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
