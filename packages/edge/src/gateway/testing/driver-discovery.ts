// What the official driver makes of a set, from its own Topology, Server and pool, told hello answers and faults one by
// one instead of hearing them on sockets. A story is told whole within one turn of the event loop, and its dials find no
// address, so nothing but the story is ever heard. None of the driver's parts used here are in its public types: what is
// used is spelled out.

import { createRequire } from 'node:module'
import { BSON, type Document } from 'bson'
import { MongoClient, MongoNetworkError, MongoNetworkTimeoutError, MongoServerError } from 'mongodb'

/** Something that one server said, or that happened to it. */
export type Heard = HelloAnswer | Fault

export interface HelloAnswer {
  readonly from: string
  /** null: no answer, the monitor's connection failed. */
  readonly hello: Document | null
}

/** What befell an application's connection. */
export interface Fault {
  readonly at: string
  readonly fault: 'network' | 'timeout' | 'command'
  /** Whether the connection had been made when it happened. */
  readonly handshaken: boolean
  /** The pool's generation when the connection was made; left out: the newest. */
  readonly generation?: number
  /** The server's answer, for `command`. */
  readonly answer?: Document
}

export interface Story {
  /** A connection string; its hosts are the seeds. */
  readonly uri: string
  readonly steps: readonly (readonly Heard[])[]
}

/** What the driver knows of one server: everything that it keeps of a hello and that may name a member, and more. */
export interface ServerKnowledge extends Document {
  readonly type: string
  readonly setName: string | null
  /** Its pool's generation; null where it has none. */
  readonly pool: number | null
}

export interface Knowledge {
  readonly topology: string
  readonly setName: string | null
  readonly maxSetVersion: number | null
  readonly maxElectionId: unknown
  readonly logicalSessionTimeoutMinutes: number | null
  readonly compatible: boolean
  readonly servers: Readonly<Record<string, ServerKnowledge>>
}

interface Description extends Document {
  readonly type: string
  readonly setName: string | null
}
interface Pool {
  readonly generation: number
}
interface Server {
  readonly pool: Pool
  readonly monitor: { emit(event: 'resetServer', error: Error): void } | null
  handleError(error: Error): void
  decorateCommandError(connection: object, command: object, options: object, error: Error): Error
}
interface Topology {
  readonly description: {
    readonly type: string
    readonly setName: string | null
    readonly maxSetVersion: number | null
    readonly maxElectionId: unknown
    readonly logicalSessionTimeoutMinutes: number | null
    readonly compatible: boolean
    readonly servers: ReadonlyMap<string, Description>
  }
  readonly s: { readonly servers: ReadonlyMap<string, Server> }
  connect(): Promise<unknown>
  close(): void
  serverUpdateHandler(description: object): void
}

const load = createRequire(import.meta.url)
const { Topology } = load('mongodb/lib/sdam/topology.js') as {
  Topology: new (client: MongoClient, hosts: readonly unknown[], options: object) => Topology
}
const { ServerDescription } = load('mongodb/lib/sdam/server_description.js') as {
  ServerDescription: new (address: string, hello?: Document) => object
}

const kept = [
  'type',
  'setName',
  'setVersion',
  'electionId',
  'topologyVersion',
  'minWireVersion',
  'maxWireVersion',
  'logicalSessionTimeoutMinutes',
  'hosts',
  'passives',
  'arbiters',
  'primary',
  'me',
  'tags',
] as const

/** The driver's knowledge after each step of the story. */
export function tellDriver({ uri, steps }: Story): readonly Knowledge[] {
  const lookup = (): void => undefined
  const client = new MongoClient(uri, { lookup } as object)
  const topology = new Topology(client, client.options.hosts, client.options)
  topology.connect().catch(() => undefined) // it waits for a server to use, and the story ends before it has one
  try {
    return steps.map((step) => {
      for (const heard of step) {
        if ('from' in heard) hear(topology, heard)
        else befall(topology, heard)
      }
      return knowledge(topology)
    })
  } finally {
    topology.close()
  }
}

function hear(topology: Topology, { from, hello }: HelloAnswer): void {
  if (hello !== null) {
    topology.serverUpdateHandler(new ServerDescription(from, spelledAnew(hello)))
    return
  }
  const failed = new MongoNetworkError('the monitor’s connection was closed')
  failed.addErrorLabel('ResetPool') // as the driver's monitor does
  topology.s.servers.get(from)?.monitor?.emit('resetServer', failed)
}

/** The driver's connections do this to every answer, before its SDAM code sees it. */
const spelledAnew = (hello: Document): Document =>
  'isWritablePrimary' in hello ? hello : { ...hello, isWritablePrimary: hello.ismaster }

function befall(topology: Topology, { at, fault, handshaken, generation, answer }: Fault): void {
  const server = topology.s.servers.get(at)
  if (server === undefined) return
  const connection = { generation: generation ?? server.pool.generation }
  const error = errorOf(fault, handshaken, answer)
  if (handshaken) {
    server.decorateCommandError(connection, {}, {}, error)
    return
  }
  // As the driver's connect and pool do; a network error while a connection is being made speaks of an overloaded server.
  error.addErrorLabel('HandshakeError')
  if (fault !== 'command') error.addErrorLabel('SystemOverloadedError')
  Object.assign(error, { connectionGeneration: connection.generation })
  server.handleError(error)
}

function errorOf(fault: Fault['fault'], handshaken: boolean, answer: Document = {}): MongoNetworkError {
  const options = { beforeHandshake: !handshaken }
  if (fault === 'network') return new MongoNetworkError('the connection was closed', options)
  if (fault === 'timeout') return new MongoNetworkTimeoutError('the connection timed out', options)
  return new MongoServerError(BSON.deserialize(BSON.serialize(answer)))
}

function knowledge({ description, s }: Topology): Knowledge {
  const servers = [...description.servers].map(([address, server]): [string, ServerKnowledge] => [
    address,
    {
      ...Object.fromEntries(kept.map((name) => [name, server[name] ?? null])),
      type: server.type,
      setName: server.setName,
      pool: s.servers.get(address)?.pool.generation ?? null,
    },
  ])
  return {
    topology: description.type,
    setName: description.setName,
    maxSetVersion: description.maxSetVersion ?? null,
    maxElectionId: description.maxElectionId ?? null,
    logicalSessionTimeoutMinutes: description.logicalSessionTimeoutMinutes,
    compatible: description.compatible,
    servers: Object.fromEntries(servers),
  }
}
