// A balancer in front of gateways, as `postern edges export` writes it down, where the program is on this machine.

import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { formats } from '../packages/cli/src/commands/edges/export-formats.ts'
import { type Doorway, fixedTlv } from './doorway.ts'

interface Program {
  /** Where it may be; the variable says so where it is in nobody's PATH. */
  readonly name: string
  readonly variable: string
  readonly file: string
  readonly check: (file: string) => readonly string[]
  readonly run: (file: string) => readonly string[]
}

export const balancers = {
  haproxy: {
    name: 'haproxy',
    variable: 'POSTERN_HAPROXY',
    file: 'haproxy.cfg',
    check: (file) => ['-c', '-f', file],
    run: (file) => ['-db', '-f', file],
  },
  envoy: {
    name: 'envoy',
    variable: 'POSTERN_ENVOY',
    file: 'envoy.yaml',
    check: (file) => ['--mode', 'validate', '--log-level', 'error', '--config-path', file],
    run: (file) => ['--log-level', 'error', '--concurrency', '1', '--use-dynamic-base-id', '--config-path', file],
  },
} as const satisfies Readonly<Record<string, Program>>
export type BalancerName = keyof typeof balancers

/** null where it is not on this machine. Debian puts HAProxy where few people's PATH leads. */
export function findBalancer(name: BalancerName): string | null {
  const { variable } = balancers[name]
  const given = process.env[variable]
  const folders = `${process.env.PATH}${delimiter}/usr/sbin`.split(delimiter)
  const found = [...(given ? [given] : []), ...folders.map((folder) => join(folder, name))].find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
  return found ?? null
}

export interface Balancer {
  /** What its own check says of the exported file; null: nothing. */
  readonly complaint: string | null
  close(): Promise<void>
}

/** Resolves when it listens. Rejects with its own words where it ends before. */
export async function startBalancer(name: BalancerName, program: string, doorway: Doorway): Promise<Balancer> {
  const { file, check, run } = balancers[name]
  const folder = await mkdtemp(join(tmpdir(), 'postern-balancer-'))
  const path = join(folder, file)
  const ports = doorway.ports.map((servicePort, at) => ({
    servicePort,
    gatewayPort: doorway.gatewayPorts[at] ?? 0,
    clusterName: 'Cluster0',
    member: doorway.set.members[at]?.hostPort ?? '',
  }))
  const gateways = doorway.starts.map(({ host }) => host)
  await writeFile(path, formats[name]({ ports, endpointId: fixedTlv.value, gateways, name: 'postern-gateway' }))
  const checked = spawnSync(program, check(path), { encoding: 'utf8' })
  const said = `${checked.status === 0 ? '' : checked.stdout}${checked.stderr}`.trim()
  const complaint = checked.status === 0 && said === '' ? null : `${checked.status}: ${said}`

  const child = spawn(program, run(path), { stdio: ['ignore', 'ignore', 'pipe'] })
  let words = ''
  child.stderr.on('data', (chunk) => {
    words += String(chunk)
  })
  let ended = false
  const gone = new Promise<void>((resolve) =>
    child.once('close', () => {
      ended = true
      resolve()
    }),
  )
  const close = async (): Promise<void> => {
    child.kill('SIGKILL')
    await gone
    await rm(folder, { recursive: true })
  }
  for (const port of doorway.ports) {
    while (!(await listens(port))) {
      if (!ended) continue
      await rm(folder, { recursive: true })
      throw new Error(`${name} ended: ${words}`)
    }
  }
  return { complaint, close }
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => setTimeout(() => resolve(false), 10))
  })
