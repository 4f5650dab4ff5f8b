// Walks one road: gathers every fact that can be had from here, in the order in which a driver would meet it. Nothing is
// judged. Phases that need an earlier one are left out where that gave nothing.

import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { type Door, dial, splitHostPort } from './dial.ts'
import { refusalsOf } from './gateway-log.ts'
import type { RoadFacts, UnreadableFile } from './judge-road.ts'
import { askHosts, askOwn, askSrv } from './names.ts'
import { type Road, withTxt } from './road.ts'
import { signIn } from './sign-in.ts'

export const timeoutMs = 5_000

export interface Home {
  readonly folder: string
  readonly caFile: string | undefined
  readonly dnsAddress: string | undefined
}

export interface Surroundings {
  /** The home of the server in use, where that is on this machine. */
  readonly home: Home | undefined
  readonly served: ReadonlySet<string> | null
  /** The road was made by the control plane, so that its own authority may be trusted. */
  readonly ours: boolean
  readonly inContainer: boolean
}

/** Never rejects for what is wrong on the road. */
export async function walk(asWritten: Road, { home, served, ours, inContainer }: Surroundings): Promise<RoadFacts> {
  const started = Date.now()
  const srv = asWritten.srvName === null ? null : await askSrv(asWritten.srvName)
  const road = srv === null ? asWritten : withTxt(asWritten, srv.txt)
  const hostPorts = srv === null ? road.hosts : (srv.hosts ?? [])
  const hosts = await askHosts(hostPorts)
  const caFile = road.caFile ?? (ours ? home?.caFile : undefined)
  const files = await Promise.all([
    textOf('tlsCAFile', caFile),
    textOf('tlsCertificateKeyFile', road.certificateKeyFile ?? undefined),
  ])
  const [ca, certificateKey] = files.map(({ text }) => text)
  const { tls, allowInvalidCertificates, allowInvalidHostnames, loadBalanced } = road
  const options = { tls, ca, certificateKey, allowInvalidCertificates, allowInvalidHostnames, loadBalanced, timeoutMs }
  const doors = await Promise.all(hostPorts.map((hostPort) => dial(hostPort, options)))
  // A driver takes no member of another set, and none that is no load balancer where it asks for one: it would only wait.
  const isUsable = ({ hello }: Door): boolean =>
    hello !== null &&
    hello.mismatch === null &&
    hello.hasServiceId === loadBalanced &&
    (road.setName === null || hello.setName === road.setName)
  const isUp = doors.some(isUsable)
  return {
    road,
    srv,
    hosts,
    own: await ownNames(home, road, hostPorts),
    doors,
    served,
    log: await refusalsOf(home?.folder, unanswered(doors), started),
    refused: null,
    signIn: isUp
      ? await signIn(road, { timeoutMs, caFile: road.caFile === null ? caFile : undefined })
      : road.hasCredentials
        ? { outcome: 'NO_ANSWER', error: 'no member to ask' }
        : { outcome: 'NOT_TRIED' },
    inContainer,
    besideEdge: home !== undefined,
    unreadable: files.flatMap(({ unreadable }) => unreadable ?? []),
    homeCaFile: home?.caFile,
    now: started,
  }
}

/** What cannot be read is as if it were not named, and told. */
const textOf = async (
  option: UnreadableFile['option'],
  file: string | undefined,
): Promise<{ readonly text?: string; readonly unreadable?: UnreadableFile }> =>
  file === undefined
    ? {}
    : readFile(file, 'utf8').then(
        (text) => ({ text }),
        ({ code = 'UNKNOWN' }: NodeJS.ErrnoException) => ({ unreadable: { option, file, code } }),
      )

/** Null where there is no name to ask for, or nobody to ask. */
const ownNames = async (home: Home | undefined, { srvName }: Road, hostPorts: readonly string[]) => {
  const named = srvName !== null || hostPorts.some((each) => isIP(splitHostPort(each)[0]) === 0)
  return home?.dnsAddress === undefined || !named ? null : askOwn(home.dnsAddress, { srvName, hostPorts })
}

const unanswered = (doors: readonly Door[]): ReadonlySet<string> =>
  new Set(doors.flatMap(({ hello, source }) => (hello === null && source !== null ? [source] : [])))
