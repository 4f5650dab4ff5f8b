// One member's sockets: a listener with a fixed port and the connections that it took. Stopping closes the listener
// and cuts the connections at once, as a process that is killed would.
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { ObjectId } from 'bson'
import type { Logger } from 'pino'
import { Connection } from './connection.ts'
import { Cursors } from './cursors.ts'
import type { CommandTable, Member as MemberOfSet } from './execute.ts'
import type { ReplicaSet } from './replica-set.ts'

export type TlsMaterial = {
  readonly key: string
  readonly cert: string
  /** Whoever shows no certificate of this authority is let in nowhere. */
  readonly clientCa?: string
}
export type MemberParts = {
  readonly index: number
  readonly address: string
  readonly port: number
  /** `host:port` as the member spells it. */
  readonly hostPort: string
  readonly set: ReplicaSet
  readonly table: CommandTable
  readonly log: Logger
  readonly tls: TlsMaterial | undefined
}

/** How long what is under way may take to be answered, in ms: a busy disk is waited for, a stuck one is not. */
const patienceMs = 2000
/** How much longer than clients at work monitors live, in ms. */
const monitorsLaterMs = 20

let connectionIds = 0

export class Member {
  readonly #parts: MemberParts
  readonly #sockets = new Set<Socket>()
  readonly #connections = new Set<Connection>()
  #cursors: Cursors | undefined
  #server: Server | undefined
  #stopping: Promise<void> | undefined

  constructor(parts: MemberParts) {
    this.#parts = parts
  }

  /**
   * Listens on the member's own port, as a process that has just started.
   * @throws Error EADDRINUSE when somebody else has taken the port meanwhile
   */
  async start(): Promise<void> {
    await this.#stopping
    if (this.#server) return
    const { index, address, port, hostPort, set, table, log, tls } = this.#parts
    const cursors = new Cursors(set.now)
    this.#cursors = cursors
    const identity: MemberOfSet = {
      index,
      host: hostPort,
      processId: new ObjectId(),
      cursors,
      connections: () => this.#sockets.size,
      sessions: () => [...this.#connections].map(({ session }) => session),
    }
    const accept = (socket: Socket) => {
      connectionIds += 1
      const connection = new Connection({ socket, connectionId: connectionIds, set, member: identity, table, log })
      this.#connections.add(connection)
      socket.on('close', () => this.#connections.delete(connection))
    }
    const server = tls ? createTlsServer(tlsOptions(tls), accept) : createTcpServer(accept)
    server.on('connection', (socket: Socket) => this.#track(socket))
    server.on('tlsClientError', (error, socket) => {
      log.info({ member: index, reason: error.message }, 'a TLS handshake failed')
      socket.destroy()
    })
    await listen(server, { host: address, port })
    server.on('error', (error) => log.error({ err: error, member: index }, 'a listener failed'))
    this.#server = server
  }

  /**
   * Closes the listener at once and ends every connection after `quiesceMs`, once what was under way is answered
   * (with a refusal that is retried elsewhere, since the member is primary no longer). Clients at work are cut before
   * monitors: driver 7.9 does not retry a write whose connection it sees closed only after its monitor's.
   */
  async stop({ quiesceMs }: { quiesceMs: number }): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server) this.#stopping = this.#end(server, quiesceMs)
    await this.#stopping
  }

  async #end(server: Server, quiesceMs: number): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve))
    if (quiesceMs > 0) {
      await after(quiesceMs)
      for (const connection of this.#connections) if (connection.isAuthenticated) connection.retire()
      await this.#retired(this.#parts.set.now() + patienceMs)
      await after(monitorsLaterMs)
    }
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  async #retired(until: number): Promise<void> {
    const working = () => [...this.#connections].some(({ isAuthenticated }) => isAuthenticated)
    while (working() && this.#parts.set.now() < until) await after(5)
  }

  /** Ends every cursor, and the connections of everybody who signed in but this one user. */
  endSessions(spared: string | undefined): void {
    this.#cursors?.clear()
    for (const connection of this.#connections)
      if (connection.isAuthenticated && connection.userId !== spared) connection.destroy()
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
  }
}

const tlsOptions = ({ key, cert, clientCa }: TlsMaterial): TlsOptions => ({
  key,
  cert,
  ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
})

/** Resolves when the server listens, rejects when it cannot. */
export function listen(server: Server, at: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...at, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
