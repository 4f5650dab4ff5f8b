// One member of a deployment, watched by the official driver over a direct connection: its monitor keeps a streaming
// hello open, so a change is known as soon as the member knows it. Direct, and not by the driver's own discovery,
// because members are dialled only after their address was looked at (dial-guard.ts).

import { MongoClient, type MongoClientOptions, type ServerDescription } from 'mongodb'
import { type Apart, apartOf } from './apart.ts'
import { guardedLookup, refusedHost, splitHostPort } from './dial-guard.ts'
import type { Reach } from './engine.ts'

/** As much of a member's last hello as is needed, in plain words. */
export interface MemberWord {
  readonly type: 'primary' | 'secondary' | 'arbiter' | 'other' | 'mongos' | 'standalone' | 'unknown'
  readonly setName: string | null
  /** Rises with each change of the set's configuration. */
  readonly setVersion: number | null
  /** In hex, of a primary; a later election's is greater. */
  readonly electionId: string | null
  readonly maxWireVersion: number
  /** `host:port` lists in lower case, as the member spells them. */
  readonly hosts: readonly string[]
  readonly passives: readonly string[]
  readonly arbiters: readonly string[]
  /** How the member calls itself. */
  readonly me: string | null
  readonly apart: Apart
  readonly error: string | null
}

export interface MemberClient {
  readonly hostPort: string
  readonly client: MongoClient
  /** The last word; `unknown` until the first answer. */
  readonly word: () => MemberWord
  /** It has answered, or is known not to. */
  readonly heard: () => boolean
  /** The driver has given up; a new client is needed. */
  readonly over: () => boolean
  readonly close: () => Promise<void>
}

const silent: MemberWord = {
  type: 'unknown',
  setName: null,
  setVersion: null,
  electionId: null,
  maxWireVersion: 0,
  hosts: [],
  passives: [],
  arbiters: [],
  me: null,
  apart: null,
  error: null,
}

const types: Readonly<Record<string, MemberWord['type']>> = {
  Standalone: 'standalone',
  RSPrimary: 'primary',
  RSSecondary: 'secondary',
  RSArbiter: 'arbiter',
  RSOther: 'other',
  RSGhost: 'other',
  Mongos: 'mongos',
  LoadBalancer: 'mongos',
}

const wordOf = (description: ServerDescription, apart: Apart): MemberWord => ({
  type: types[description.type] ?? 'unknown',
  setName: description.setName,
  setVersion: description.setVersion,
  electionId: description.electionId?.toHexString() ?? null,
  maxWireVersion: description.maxWireVersion,
  hosts: description.hosts,
  passives: description.passives,
  arbiters: description.arbiters,
  me: description.me,
  apart: types[description.type] === undefined ? null : apart,
  error: description.error?.message ?? null,
})

/** Options that every connection of the control plane to a deployment has. Milliseconds. */
export const clientOptions = (reach: Pick<Reach, 'tls' | 'admin'>, withAdmin: boolean): MongoClientOptions => ({
  appName: 'postern control plane',
  directConnection: true,
  connectTimeoutMS: 2000,
  serverSelectionTimeoutMS: 2000,
  socketTimeoutMS: 10_000,
  heartbeatFrequencyMS: 2000,
  minHeartbeatFrequencyMS: 250,
  maxPoolSize: 2,
  maxIdleTimeMS: 30_000,
  lookup: guardedLookup,
  ...(withAdmin &&
    reach.admin !== null && {
      auth: { username: reach.admin.user, password: reach.admin.password },
      authSource: reach.admin.source,
    }),
  ...(reach.tls !== null && {
    tls: true,
    tlsAllowInvalidHostnames: reach.tls.allowInvalidHostnames,
    ...(reach.tls.ca !== null && { ca: reach.tls.ca }),
    ...reach.tls.shown,
  }),
})

/** `mongodb://` for one host; IPv6 keeps its brackets. */
export const directUri = (hostPort: string): string => {
  const { host, port } = splitHostPort(hostPort)
  return `mongodb://${host.includes(':') ? `[${host}]` : host}:${port}/`
}

/**
 * Begins to watch one member; `onChange` is called when its word changed. Never throws: an address that must not be
 * dialled stays `unknown` with the reason. The driver gives up on a member that does not answer at first: such a
 * client is `over`, and its owner makes another one on a later look.
 */
export const watchMember = (hostPort: string, reach: Reach, onChange: () => void): MemberClient => {
  const problem = refusedHost(splitHostPort(hostPort).host)
  let word: MemberWord = { ...silent, error: problem }
  let over = problem !== null
  let heard = over
  const client = new MongoClient(directUri(hostPort), clientOptions(reach, false))
  const say = (next: MemberWord): void => {
    heard = true
    word = next
    onChange()
  }
  let apart: Apart = null
  // The driver's own description leaves it out; it is told of each answer before what changed by it.
  client.on('serverHeartbeatSucceeded', ({ reply }) => {
    apart = apartOf(reply)
  })
  client.on('serverDescriptionChanged', ({ newDescription }) => say(wordOf(newDescription, apart)))
  const connecting = over
    ? Promise.resolve()
    : client.connect().then(
        () => undefined,
        (error: Error) => {
          over = true
          say({ ...silent, error: error.message })
        },
      )
  return {
    hostPort,
    client,
    word: () => word,
    heard: () => heard,
    over: () => over,
    close: async () => {
      client.removeAllListeners('serverDescriptionChanged')
      client.removeAllListeners('serverHeartbeatSucceeded')
      await client.close()
      await connecting
    },
  }
}
