// Walks one road: gathers every fact that can be had from here, in the order in which a driver would meet it. Nothing is
// judged. Phases that need an earlier one are left out where that gave nothing.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type Door, dial } from './dial.ts'
import { refusalsOf } from './gateway-log.ts'
import type { RoadFacts } from './judge-road.ts'
import { askHosts, askSrv } from './names.ts'
import type { Road } from './road.ts'
import { signIn } from './sign-in.ts'

export const timeoutMs = 5_000

export interface Surroundings {
  /** The home of the server in use, where that is on this machine. */
  readonly home: { readonly folder: string; readonly caFile: string | undefined } | undefined
  readonly served: ReadonlySet<string> | null
  /** The road was made by the control plane, so that its own authority may be trusted. */
  readonly ours: boolean
}

/** Never rejects for what is wrong on the road. */
export async function walk(road: Road, { home, served, ours }: Surroundings): Promise<RoadFacts> {
  const started = Date.now()
  const srv = road.srvName === null ? null : await askSrv(road.srvName)
  const hostPorts = srv === null ? road.hosts : (srv.hosts ?? [])
  const hosts = await askHosts(hostPorts)
  const caFile = road.caFile ?? (ours ? home?.caFile : undefined)
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8').catch(() => undefined)
  const { tls, allowInvalidCertificates, allowInvalidHostnames } = road
  const options = { tls, ca, allowInvalidCertificates, allowInvalidHostnames, timeoutMs }
  const doors = await Promise.all(hostPorts.map((hostPort) => dial(hostPort, options)))
  // A driver takes no member of another set, and none that is to be a load balancer: it would only wait.
  const isUsable = ({ hello }: Door): boolean =>
    hello !== null && (road.setName === null || hello.setName === road.setName)
  const isUp = !road.loadBalanced && doors.some(isUsable)
  return {
    road,
    srv,
    hosts,
    doors,
    served,
    log: await refusalsOf(home?.folder, unanswered(doors), started),
    signIn: isUp
      ? await signIn(road, { timeoutMs, caFile: road.caFile === null ? caFile : undefined })
      : road.hasCredentials
        ? { outcome: 'NO_ANSWER', error: 'no member to ask' }
        : { outcome: 'NOT_TRIED' },
    inContainer: existsSync('/.dockerenv') || existsSync('/run/.containerenv'),
    homeCaFile: home?.caFile,
    now: started,
  }
}

const unanswered = (doors: readonly Door[]): ReadonlySet<string> =>
  new Set(doors.flatMap(({ hello, source }) => (hello === null && source !== null ? [source] : [])))
