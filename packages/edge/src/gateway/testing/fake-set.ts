// A replica set that only knows what drivers need to find their way: hello in every form that a real one answers it
// (OP_QUERY, OP_MSG, streamed with moreToCome, compressed), ping, and "ok" to everything else. It can step down and
// lose a member. Its messages are laid out here by hand and its documents by `bson`, so that it shares no code with
// what it tests.

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { deflateSync, inflateSync } from 'node:zlib'
import { BSON, type Document, Long, ObjectId } from 'bson'

export interface FakeSetOptions {
  readonly members?: number
  /** What the handshake offers; `zlib` is the only one that it speaks. */
  readonly compressors?: readonly string[]
  readonly tls?: TlsOptions
  /** How the members spell their host; it must resolve to 127.0.0.1. */
  readonly host?: string
  /** By number, members that are no ordinary ones: passive (priority 0), arbiters, and two that no list names. */
  readonly kinds?: Readonly<Record<number, 'passive' | 'arbiter' | 'hidden' | 'delayed'>>
  /** Routers of a sharded cluster, each with cursors of its own, which do not take a client in load balanced mode. */
  readonly routers?: boolean
}

interface FakeMember {
  readonly hostPort: string
  readonly port: number
  /** Connections that were ever accepted. */
  accepted(): number
  readonly sockets: ReadonlySet<Socket>
}

export interface FakeSet {
  readonly members: readonly FakeMember[]
  /** Another member becomes primary, as after a step-down. */
  elect(index: number): void
  /** A member leaves the set's configuration; it goes on listening. */
  remove(index: number): void
  /** This member accepts, and reads and answers nothing, until it is told otherwise. */
  hang(index: number, hangs: boolean): void
  /** What this member spells as its own name from now on. */
  rename(index: number, me: string): void
  /** Names of the commands seen, in order. */
  readonly commands: readonly string[]
  /** The same with whom they came to. */
  readonly asked: readonly Asked[]
  /** A member is lost: it listens no more, and its connections are cut. */
  lose(index: number): void
  /** How many requests came compressed. */
  compressed(): number
  close(): Promise<void>
}

interface Asked {
  readonly name: string
  readonly member: number
  readonly document: Document
}

interface Waiting {
  readonly wake: () => void
}

const MORE_TO_COME = 2
const EXHAUST_ALLOWED = 0x10000

export async function startFakeSet(options: FakeSetOptions = {}): Promise<FakeSet> {
  const host = options.host ?? 'localhost'
  const processId = new ObjectId()
  const servers: Server[] = []
  const members: (FakeMember & { me: string })[] = []
  const waiting = new Set<Waiting>()
  const commands: string[] = []
  const asked: Asked[] = []
  const removed = new Set<number>()
  const hanging = new Map<number, Set<() => void>>()
  const batches = new Map<string, number>()
  let cursors = 0
  let [primary, term, counter, setVersion, compressed, requestIds] = [0, 1, 1, 1, 0, 0]

  for (let index = 0; index < (options.members ?? 3); index++) {
    const sockets = new Set<Socket>()
    let accepted = 0
    const accept = (socket: Socket): void => {
      accepted++
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => {})
      serve(socket, index)
    }
    const server = options.tls ? createTlsServer(options.tls, accept) : createServer(accept)
    server.on('tlsClientError', () => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    servers.push(server)
    members.push({ hostPort: `${host}:${port}`, me: `${host}:${port}`, port, accepted: () => accepted, sockets })
  }

  const kindOf = (index: number) => options.kinds?.[index] ?? 'ordinary'
  const listed = (kind: ReturnType<typeof kindOf>): readonly string[] =>
    members.filter((_, index) => !removed.has(index) && kindOf(index) === kind).map(({ hostPort }) => hostPort)

  function hello(index: number, request: Document): Document {
    const isPrimary = index === primary && !removed.has(index)
    const writable = 'hello' in request ? { isWritablePrimary: isPrimary } : { ismaster: isPrimary }
    const offered = (request.compression as string[] | undefined) ?? []
    const common = (options.compressors ?? []).filter((name) => offered.includes(name))
    if (options.routers) return helloOfRouter(request)
    return {
      helloOk: true,
      topologyVersion: { processId, counter: Long.fromNumber(counter) },
      hosts: listed('ordinary'),
      ...(options.kinds && { passives: listed('passive'), arbiters: listed('arbiter') }),
      setName: 'rs0',
      setVersion,
      ...writable,
      secondary: !isPrimary && kindOf(index) !== 'arbiter',
      ...ofKind[kindOf(index)],
      primary: members[primary]?.hostPort,
      me: members[index]?.me,
      ...(isPrimary ? { electionId: new ObjectId(`7fffffff${term.toString(16).padStart(16, '0')}`) } : {}),
      lastWrite: { lastWriteDate: new Date(1_700_000_000_000) },
      maxBsonObjectSize: 16_777_216,
      maxMessageSizeBytes: 48_000_000,
      maxWriteBatchSize: 100_000,
      localTime: new Date(1_700_000_000_000),
      logicalSessionTimeoutMinutes: 30,
      connectionId: index + 1,
      minWireVersion: 0,
      maxWireVersion: 21,
      readOnly: false,
      ...(common.length > 0 ? { compression: common } : {}),
      ok: 1,
    }
  }

  /** Everything is done, and whoever signs in is let in at the second step. Of routers a find has three batches, each known to that router alone. */
  function done(index: number, name: string, document: Document): Document {
    if (/^sasl(Start|Continue)$/.test(name)) return { ok: 1, conversationId: 1, done: name === 'saslContinue' }
    if (!options.routers || !/^(find|getMore)$/.test(name))
      return { ok: 1, n: 1, cursor: { id: Long.ZERO, ns: 'a.b', firstBatch: [] } }
    if (name === 'find') {
      const cursor = Long.fromNumber(1000 + ++cursors)
      batches.set(`${index} ${cursor}`, 2)
      return { ok: 1, cursor: { id: cursor, ns: 'a.b', firstBatch: [{ router: index }] } }
    }
    const left = batches.get(`${index} ${document.getMore}`)
    if (left === undefined) return { ok: 0, code: 43, codeName: 'CursorNotFound', errmsg: 'no such cursor here' }
    batches.set(`${index} ${document.getMore}`, left - 1)
    const id = left > 1 ? Long.fromNumber(Number(document.getMore)) : Long.ZERO
    return { ok: 1, cursor: { id, ns: 'a.b', nextBatch: [{ router: index }] } }
  }

  function serve(socket: Socket, index: number): void {
    let held = Buffer.alloc(0)
    const read = (): void => {
      const waiting = hanging.get(index)
      if (waiting !== undefined) {
        waiting.add(read)
        return
      }
      while (held.length >= 4 && held.length >= held.readInt32LE(0)) {
        const message = held.subarray(0, held.readInt32LE(0))
        held = held.subarray(message.length)
        void answer(socket, index, message)
      }
    }
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      read()
    })
  }

  async function answer(socket: Socket, index: number, message: Buffer): Promise<void> {
    const id = message.readInt32LE(4)
    let [kind, body] = [message.readInt32LE(12), message.subarray(16)]
    const wasCompressed = kind === 2012
    if (wasCompressed) {
      compressed++
      kind = body.readInt32LE(0)
      body = inflateSync(body.subarray(9))
    }
    const flags = body.readUInt32LE(0)
    let at = kind === 2004 ? body.indexOf(0, 4) + 9 : 5 // a document; others may lie before or behind it in a sequence
    while (kind !== 2004 && body[at - 1] === 1) at += body.readInt32LE(at) + 1
    const document = BSON.deserialize(body.subarray(at, at + body.readInt32LE(at)))
    const name = Object.keys(document)[0] ?? ''
    commands.push(name)
    asked.push({ name, member: index, document })
    const send = (to: number, more: boolean, reply: Document): number => {
      const requestId = ++requestIds
      const bytes = kind === 2004 ? opReply(requestId, to, reply) : opMsg(requestId, to, more, reply)
      if (!socket.destroyed) socket.write(wasCompressed ? zlibbed(bytes) : bytes)
      return requestId
    }
    if (!/^(hello|isMaster|ismaster)$/.test(name)) {
      if ((flags & MORE_TO_COME) === 0 || kind === 2004) send(id, false, done(index, name, document))
      return
    }
    const awaited = document.maxAwaitTimeMS as number | undefined
    if (awaited === undefined) {
      send(id, false, hello(index, document))
      return
    }
    const streamed = (flags & EXHAUST_ALLOWED) !== 0
    let known = Number((document.topologyVersion as { counter: Long } | undefined)?.counter ?? -1)
    let to = id
    do {
      if (known === counter) await change(socket, awaited)
      if (socket.destroyed) return
      known = counter
      to = send(to, streamed, hello(index, document))
    } while (streamed)
  }

  const change = (socket: Socket, ms: number): Promise<void> =>
    new Promise((resolve) => {
      const entry = { wake: () => done() }
      const timer = setTimeout(() => done(), ms)
      const done = (): void => {
        clearTimeout(timer)
        waiting.delete(entry)
        socket.removeListener('close', done)
        resolve()
      }
      waiting.add(entry)
      socket.on('close', done)
    })

  const changed = (): void => {
    counter++
    for (const { wake } of [...waiting]) wake()
  }

  return {
    members,
    commands,
    asked,
    lose(index) {
      servers[index]?.close()
      for (const socket of members[index]?.sockets ?? []) socket.destroy()
    },
    compressed: () => compressed,
    elect(index) {
      primary = index
      term++
      changed()
    },
    remove(index) {
      removed.add(index)
      setVersion++
      changed()
    },
    hang(index, hangs) {
      const waiting = hanging.get(index)
      if (hangs) hanging.set(index, waiting ?? new Set())
      else hanging.delete(index)
      for (const read of hangs ? [] : (waiting ?? [])) read()
    },
    rename(index, me) {
      const member = members[index]
      if (member) member.me = me
      changed()
    },
    async close() {
      await Promise.all(
        servers.map((server, index) => {
          for (const socket of members[index]?.sockets ?? []) socket.destroy()
          return new Promise((resolve) => server.close(() => resolve(undefined)))
        }),
      )
    },
  }
}

/** What a member says of itself that is not like the others. */
const ofKind = {
  ordinary: {},
  passive: { passive: true },
  arbiter: { arbiterOnly: true },
  hidden: { passive: true, hidden: true },
  delayed: { passive: true, hidden: true, secondaryDelaySecs: 3600 },
} as const

/** A router that is behind no load balancer of MongoDB's own takes no client that says it is. */
const helloOfRouter = (request: Document): Document =>
  'loadBalanced' in request
    ? { ok: 0, code: 354, codeName: 'LoadBalancerSupportMismatch', errmsg: 'not behind a load balancer' }
    : {
        ...('hello' in request ? { isWritablePrimary: true } : { ismaster: true }),
        msg: 'isdbgrid',
        helloOk: true,
        maxBsonObjectSize: 16_777_216,
        maxMessageSizeBytes: 48_000_000,
        maxWriteBatchSize: 100_000,
        logicalSessionTimeoutMinutes: 30,
        minWireVersion: 0,
        maxWireVersion: 21,
        ok: 1,
      }

/** Header fields are int32 little-endian: length, request id, response to, opcode. */
export function message(kind: number, requestId: number, responseTo: number, body: Buffer): Buffer {
  const header = Buffer.alloc(16)
  header.writeInt32LE(16 + body.length, 0)
  header.writeInt32LE(requestId, 4)
  header.writeInt32LE(responseTo, 8)
  header.writeInt32LE(kind, 12)
  return Buffer.concat([header, body])
}

export function opMsg(requestId: number, responseTo: number, more: boolean, document: Document): Buffer {
  const flags = Buffer.from([more ? MORE_TO_COME : 0, 0, 0, 0, 0])
  return message(2013, requestId, responseTo, Buffer.concat([flags, BSON.serialize(document)]))
}

export function opReply(requestId: number, responseTo: number, document: Document): Buffer {
  const fields = Buffer.alloc(20)
  fields.writeInt32LE(8, 0) // AwaitCapable
  fields.writeInt32LE(1, 16)
  return message(1, requestId, responseTo, Buffer.concat([fields, BSON.serialize(document)]))
}

/** The same message inside OP_COMPRESSED, by zlib or by what `deflate` and `id` say. */
export function zlibbed(plain: Buffer, deflate: (body: Buffer) => Buffer = deflateSync, id = 2): Buffer {
  const fields = Buffer.alloc(9)
  plain.copy(fields, 0, 12, 16)
  fields.writeInt32LE(plain.length - 16, 4)
  fields[8] = id
  const body = Buffer.concat([fields, deflate(plain.subarray(16))])
  return message(2012, plain.readInt32LE(4), plain.readInt32LE(8), body)
}
