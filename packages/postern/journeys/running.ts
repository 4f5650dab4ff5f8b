// What the journeys share: a running Postern in a temporary home, its gateway's log, drills at the sandbox, and a watch
// on every socket that this process opens, so that a direct dial of a member cannot go unseen.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { type ClusterShape, createCluster as createClusterIn } from '../src/quickstart/cluster.ts'
import type { UpOptions } from '../src/up/flags.ts'
import { homePaths } from '../src/up/home.ts'
import { type Running, type StartOptions, start } from '../src/up/start.ts'
import { builtBin } from './built-bin.ts'

export const testOptions: UpOptions = {
  home: null,
  port: 0,
  json: false,
  sample: false,
  apply: null,
  logLevel: 'info',
  unknownEndpoints: 'reject',
  fidelity: 'postern',
  fidelityDelayMs: 100,
  bind: null,
  advertise: null,
  hosts: null,
  localAddresses: process.platform === 'linux' ? 'own' : 'block',
  httpsPort: null,
  localProvisionMs: 50,
  domain: null,
  databaseUrl: null,
  testing: false,
}

export const startForTest = async (
  options: Partial<UpOptions> & Pick<StartOptions, 'console'> = {},
): Promise<Running> => start({ ...testOptions, bin: await builtBin(), ...options, tell: () => {} })

/** In the project of the first start. */
export const createCluster = (
  { client, bootstrap }: Running,
  clusterName: string,
  shape?: ClusterShape,
): Promise<void> => createClusterIn(client, { groupId: bootstrap.groupId, clusterName }, shape)

export interface GatewayLine {
  readonly msg: string
  readonly source: string | null
  readonly cloudEndpointId: string | null
  readonly memberId?: string
  readonly code?: string
}

/** Every line that the gateway has logged so far. */
export const gatewayLog = (running: Running): readonly GatewayLine[] =>
  readFileSync(join(homePaths(running.home).logs, 'edge.log'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes('"connection '))
    .map((line) => JSON.parse(line) as GatewayLine)

/** One socket that this process opened. Addresses are `host:port`. */
export interface Dial {
  readonly from: string
  readonly to: string
}

/** Notes every TCP connection that this process makes from now on, until `end`. */
export function watchDials(): { readonly dials: () => readonly Dial[]; readonly end: () => void } {
  const dials: Dial[] = []
  const onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket }
    socket.once('connect', () => {
      dials.push({
        from: `${socket.localAddress}:${socket.localPort}`,
        to: `${socket.remoteAddress}:${socket.remotePort}`,
      })
    })
  }
  subscribe('net.client.socket', onSocket)
  return { dials: () => dials, end: () => unsubscribe('net.client.socket', onSocket) }
}

/** `host:port` of every target of a `mongodb://` string. */
export const targetsOf = (uri: string): readonly string[] =>
  uri
    .replace(/^mongodb:\/\/([^@/]*@)?/, '')
    .replace(/\/.*$/, '')
    .split(',')

interface DoorMember {
  readonly id: string
  readonly hostPort: string
  readonly state?: string
}

/** Drills at the sandbox's admin door, on the one cluster that runs there. */
export function drills(running: Running) {
  const door = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${running.sandbox.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${running.sandbox.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response.status === 204 ? null : response.json()
  }
  return {
    async members(clusterId: string): Promise<readonly DoorMember[]> {
      return ((await door('GET', `/clusters/${clusterId}`)) as { members: DoorMember[] }).members
    },
    // Whoever stepped down may be elected again after a second, so that a journey can have any number of step-downs.
    stepDown: (clusterId: string) => door('POST', `/clusters/${clusterId}/stepDown`, { seconds: 1 }),
    /** Whoever is primary steps down for an hour, even where nobody can follow. */
    stepDownForLong: (clusterId: string) =>
      door('POST', `/clusters/${clusterId}/stepDown`, { seconds: 3600, force: true }),
    /** Ends it as SIGTERM ends a mongod: what is under way is answered first. */
    killMember: (clusterId: string, member: string) => door('POST', `/clusters/${clusterId}/members/${member}/kill`),
    /** Closes its listener and cuts its connections, all at once. */
    cutMember: (clusterId: string, member: string) =>
      door('POST', `/clusters/${clusterId}/members/${member}/kill`, { abrupt: true }),
    reviveMember: (clusterId: string, member: string) =>
      door('POST', `/clusters/${clusterId}/members/${member}/revive`),
  }
}
