// One client's life on a member: bytes in, frames, commands one after another, replies out with back-pressure; and
// the hello stream, which keeps answering one request until the connection ends.
import type { Socket } from 'node:net'
import { Long, serialize } from 'bson'
import type { Logger } from 'pino'
import { Client } from './client.ts'
import { Command } from './command.ts'
import { CommandError } from './command-error.ts'
import { type CommandReply, type CommandTable, execute, type Member, type Session } from './execute.ts'
import { topologyVersionOf } from './hello.ts'
import type { ReplicaSet } from './replica-set.ts'
import { type CursorReply, encodeCursorReply } from './wire/batch.ts'
import { compress, decompress } from './wire/compress.ts'
import { FrameError, FrameReader, maxFrameBytes } from './wire/frame.ts'
import { encodeMsg, encodeOpReply, opCodes, parseRequest, type Request, readHeader } from './wire/message.ts'

/** What a stranger may send in one message, in bytes: enough for a handshake. */
const strangersFrameBytes = 64 * 1024
const helloNames = new Set(['hello', 'isMaster', 'ismaster'])
/** Queued but unread bytes from which on the socket is no longer read. */
const maxQueuedBytes = 1 << 20

export type ConnectionParts = {
  readonly socket: Socket
  readonly connectionId: number
  readonly set: ReplicaSet
  readonly member: Member
  readonly table: CommandTable
  readonly log: Logger
}

let requestIds = 0
const nextRequestId = (): number => {
  requestIds = (requestIds + 1) & 0x7fffffff
  return requestIds
}

export class Connection {
  readonly #parts: ConnectionParts
  readonly #socket: Socket
  readonly #client: Client
  readonly #ended = new AbortController()
  readonly #reader = new FrameReader(strangersFrameBytes)
  #queue: Buffer[] = []
  #queuedBytes = 0
  #busy = false
  #retired = false

  constructor(parts: ConnectionParts) {
    this.#parts = parts
    this.#socket = parts.socket
    this.#client = new Client(parts.connectionId, `${parts.socket.remoteAddress}:${parts.socket.remotePort}`)
    parts.socket.setNoDelay(true)
    parts.socket.on('data', (chunk) => this.#receive(chunk))
    parts.socket.on('error', () => parts.socket.destroy())
    parts.socket.on('close', () => this.#ended.abort())
  }

  get session(): Session {
    return { client: this.#client, isBusy: this.#busy }
  }

  get isAuthenticated(): boolean {
    return this.#client.isAuthenticated
  }

  get userId(): string | undefined {
    return this.#client.userId
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Ends the connection as soon as nothing is under way on it. */
  retire(): void {
    this.#retired = true
    if (!this.#busy) this.#socket.destroySoon()
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.push(chunk)) {
        this.#queue.push(frame)
        this.#queuedBytes += frame.length
      }
    } catch (error) {
      this.#refuse(error)
      return
    }
    if (this.#queuedBytes > maxQueuedBytes) this.#socket.pause()
    if (!this.#busy) void this.#work()
  }

  async #work(): Promise<void> {
    this.#busy = true
    try {
      for (let frame = this.#queue.shift(); frame && !this.#ended.signal.aborted; frame = this.#queue.shift()) {
        this.#queuedBytes -= frame.length
        await this.#handle(frame)
        if (this.#retired) return this.#socket.destroySoon()
        if (this.#client.isAuthenticated) this.#reader.allow(maxFrameBytes)
        if (this.#queuedBytes <= maxQueuedBytes) this.#socket.resume()
      }
    } catch (error) {
      this.#refuse(error)
    } finally {
      this.#busy = false
    }
  }

  /** The stream makes no sense any more: say so in the log, never in detail, and end it. */
  #refuse(error: unknown): void {
    const { log } = this.#parts
    const expected = error instanceof FrameError || error instanceof CommandError
    const facts = { connectionId: this.#client.connectionId, remote: this.#client.remote }
    if (expected) log.warn({ ...facts, reason: error.message }, 'closing a connection that does not speak the protocol')
    else log.error({ ...facts, err: error }, 'closing a connection after an unexpected failure')
    this.#socket.destroy()
  }

  async #handle(frame: Buffer): Promise<void> {
    const compressed = readHeader(frame).opCode === opCodes.compressed
    const limit = this.#client.isAuthenticated ? maxFrameBytes : strangersFrameBytes
    const request = parseRequest(compressed ? decompress(frame, limit) : frame)
    const command = readCommand(request)
    if (command instanceof CommandError) {
      await this.#send(request, { reply: command.reply(), compressed, responseTo: request.requestId })
      return
    }
    if (request.via === 'query' && !helloNames.has(command.name)) {
      const error = new CommandError('UnsupportedOpQueryCommand', `Unsupported OP_QUERY command: ${command.name}`)
      await this.#send(request, { reply: error.reply(), compressed, responseTo: request.requestId })
      return
    }
    if (helloNames.has(command.name)) return this.#hello(command, compressed)
    const reply = await this.#execute(command)
    if (!request.moreToCome) await this.#send(request, { reply, compressed, responseTo: request.requestId })
  }

  #execute(command: Command): Promise<CommandReply> {
    const { table, set, member, log } = this.#parts
    return execute(table, { set, member, client: this.#client, command, log })
  }

  /** Answers at once, or waits for a change when the client knows this state; goes on by itself if it may. */
  async #hello(command: Command, compressed: boolean): Promise<void> {
    const { request } = command
    const { set } = this.#parts
    const wait = command.number('maxAwaitTimeMS')
    let seen = wait === undefined ? undefined : this.#knownCounter(command)
    let responseTo = request.requestId
    for (;;) {
      if (seen !== undefined && wait !== undefined) await set.changed(seen, Math.max(1, wait), this.#ended.signal)
      // A destroyed socket closes on a later turn of the loop, which a set that changes at once would never let come.
      if (this.#ended.signal.aborted || this.#socket.destroyed) return
      seen = set.counter
      const reply = await this.#execute(command)
      const moreToCome = request.exhaustAllowed && wait !== undefined
      responseTo = await this.#send(request, { reply, compressed, responseTo, moreToCome })
      if (!moreToCome) return
    }
  }

  /** The counter that the client has seen, if it is this process's. */
  #knownCounter(command: Command): bigint | undefined {
    const { set, member } = this.#parts
    const known = command.typed.topologyVersion
    const own = topologyVersionOf(set, member)
    if (typeof known !== 'object' || known === null || !('processId' in known) || !('counter' in known))
      return undefined
    if (!own.processId.equals(String(known.processId)) || !(known.counter instanceof Long)) return undefined
    return known.counter.toBigInt()
  }

  async #send(
    request: Request,
    message: { reply: CommandReply; compressed: boolean; responseTo: number; moreToCome?: boolean },
  ): Promise<number> {
    const requestId = nextRequestId()
    const { reply, responseTo, moreToCome = false } = message
    const encoded = { requestId, responseTo, body: bodyOf(reply), moreToCome }
    const frame = request.via === 'query' ? encodeOpReply(encoded) : encodeMsg(encoded)
    const bytes = message.compressed ? compress(frame) : frame
    if (!this.#socket.write(bytes) && !this.#socket.destroyed) await this.#drained()
    return requestId
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#socket.off('drain', done)
        this.#ended.signal.removeEventListener('abort', done)
        resolve()
      }
      this.#socket.once('drain', done)
      this.#ended.signal.addEventListener('abort', done)
    })
  }
}

/** Bytes that are no BSON end the connection; any other fault of the command gets an answer. */
function readCommand(request: Request): Command | CommandError {
  try {
    return new Command(request)
  } catch (error) {
    if (error instanceof CommandError && error.codeName !== 'InvalidBSON') return error
    throw error
  }
}

const isCursorReply = (reply: CommandReply): reply is CursorReply =>
  'batch' in reply && 'documents' in reply && !('ok' in reply)
const bodyOf = (reply: CommandReply): Uint8Array => (isCursorReply(reply) ? encodeCursorReply(reply) : serialize(reply))
