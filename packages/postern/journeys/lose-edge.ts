// Kills the edge of a running Postern and keeps it away, for journeys that ask what holds meanwhile. Linux only: what the
// edge was started with is read from /proc.

import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Child, startChild } from '../src/up/child.ts'
import { homePaths } from '../src/up/home.ts'
import type { Running } from '../src/up/start.ts'

/** What the edge was started with; what else would know the token of this start? */
const environmentOf = (pid: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .filter((line) => line.startsWith('POSTERN_'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  )

/** kill -9, and its supervisor does not start it again. Answers what brings it back, with other settings where given. */
export async function loseEdge(running: Running): Promise<(more?: Readonly<Record<string, string>>) => Promise<Child>> {
  const pid = running.children.edge.pid()
  if (pid === undefined) throw new Error('no edge')
  // As its supervisor would start it again: the DNS server keeps its port.
  const dnsPort = String(running.children.edge.ready().dnsAddress).split(':')[1] ?? '0'
  const environment = { ...environmentOf(pid), POSTERN_DNS_PORT: dnsPort }
  const gone = running.children.edge.stop(0)
  process.kill(pid, 'SIGKILL')
  await gone
  return async (more = {}) => {
    const stderr = openSync(join(homePaths(running.home).logs, 'edge.log'), 'a')
    const child = startChild({
      name: 'edge',
      environment: () => ({ ...environment, ...more }),
      stderr,
      onDeath: () => {},
    })
    await child.started
    return child
  }
}
