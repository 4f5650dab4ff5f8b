// The join that runs everywhere: Node's sockets. The member's side is read into pooled buffers (`onread`), the client's by
// 'data', since an accepted socket has no public `onread`. A side is not read while what it said before still waits to be
// written to the other. What is here is held for each of thousands of idle connections: one object with methods, one
// function for each event of all sockets, one timer.

import type { OnReadOpts, Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { WireRefusal } from '../wire/refusal.ts'
import type { ConnectionEnd, Joined, JoinMethod, JoinParts, Side, Sides } from './join.ts'
import { createReadBuffer, type ReadBuffer, shared } from './read-buffers.ts'
import { Waiting } from './turns.ts'

export const onreadJoin: JoinMethod = { name: 'onread', prepare: prepareOnread }

/** One that another method may take over from, and begin again. */
export interface OnreadJoined extends Joined {
  /** Nothing that was read waits here, and neither side has said that it is done. */
  atRest(): boolean
  /** Closes both sockets at rest without a word to anybody: somebody else has their descriptors. */
  release(): void
}

interface Turn {
  /** What was read from either side before; it comes first. */
  readonly already?: { readonly fromClient: Buffer; readonly fromMember: Buffer }
  /** Told after every piece of the member's talk that was sent on. */
  readonly watcher?: { replied(): void }
}

export function prepareOnread(): {
  onread: OnReadOpts
  join(sides: Sides, parts: JoinParts, turn?: Turn): OnreadJoined
} {
  let joined: OnSockets | null = null
  return {
    onread: {
      buffer: () => joined?.buffer.current() ?? shared,
      callback: (bytes) => joined?.readMember(bytes) ?? true,
    },
    join(sides, parts, turn = {}) {
      joined = new OnSockets(sides, parts, turn)
      joined.begin(turn.already)
      return joined
    },
  }
}

class OnSockets implements OnreadJoined {
  /** What the member's side is read into. */
  readonly buffer: ReadBuffer
  readonly #client: Socket
  readonly #member: Socket
  readonly #parts: JoinParts
  readonly #watcher: Turn['watcher']
  readonly #waiting: Waiting
  #bytesFromClient = 0
  #bytesFromMember = 0
  #lastActivityAt: number
  #over = false
  #firstDone: Side | null = null
  #held: Promise<void> | null = null // a request waits for a word of the gateway's
  #standingIn = false // the member is gone, and another speaks for it
  #idle: NodeJS.Timeout | undefined
  #halfOpen: NodeJS.Timeout | undefined

  constructor({ client, member }: Sides, parts: JoinParts, { watcher }: Turn) {
    this.buffer = createReadBuffer({ endpointId: parts.endpointId, stops: !(member instanceof TLSSocket) })
    this.#client = client
    this.#member = member
    this.#parts = parts
    this.#watcher = watcher
    this.#waiting = new Waiting(parts.endpointId, this)
    this.#lastActivityAt = parts.now()
  }

  begin(already: Turn['already']): void {
    const { idleMs } = this.#parts
    if (idleMs > 0) {
      const reason = `no byte for ${idleMs / 1000} s`
      this.#idle = setTimeout(() => this.stop({ side: 'gateway', code: 'IDLE', reason }), idleMs).unref()
    }
    for (const [side, socket] of [
      ['client', this.#client],
      ['member', this.#member],
    ] as const) {
      joinedBy.set(socket, this)
      for (const [event, listener] of listeners) socket.on(event, listener)
      // a paused socket says so, too: before the join nobody may have listened
      if (socket.readableEnded) this.#done(side)
    }
    if (already !== undefined && already.fromClient.length > 0) this.readClient(already.fromClient)
    if (already !== undefined && already.fromMember.length > 0) {
      this.#readFromMember(already.fromMember.length)
      this.#passReplies(already.fromMember)
    }
    this.#client.on('data', onData)
    this.#client.resume()
  }

  traffic() {
    return {
      bytesFromClient: this.#bytesFromClient,
      bytesFromMember: this.#bytesFromMember,
      lastActivityAt: this.#lastActivityAt,
    }
  }

  stop(end: ConnectionEnd): void {
    if (this.#over) return
    this.#leave(this.#client.writableLength > 0)
    this.#parts.ended(end)
  }

  finish(end: ConnectionEnd, lastWords?: Buffer): void {
    this.#waiting.passAll('member') // what it still asked may come in its turn
    if (this.#over) return
    const client = this.#client
    this.#member.pause()
    if (lastWords !== undefined && !client.writableEnded) client.write(lastWords)
    client.end(() => this.stop(end))
  }

  attend(): void {
    this.#waiting.passAll()
  }

  atRest(): boolean {
    const [client, member] = [this.#client, this.#member]
    return (
      !this.#over &&
      this.#firstDone === null &&
      !this.#waiting.some &&
      !client.writableEnded &&
      client.writableLength + member.writableLength + client.readableLength === 0
    )
  }

  release(): void {
    this.#leave(false)
  }

  #leave(retained: boolean): void {
    this.#over = true
    this.#waiting.leave()
    clearTimeout(this.#idle)
    clearTimeout(this.#halfOpen)
    this.buffer.close(retained)
    this.#client.destroy()
    this.#member.destroy()
  }

  // What the sockets say

  readClient(chunk: Buffer): void {
    if (this.#over) return
    this.#bytesFromClient += chunk.length
    this.#moved()
    if (this.#waiting.mayPass(chunk.length)) this.#passRequests(chunk)
    else if (!this.#waiting.keep('client', chunk)) this.#client.pause()
  }

  #passRequests(chunk: Buffer): void {
    this.#memberTook()
    const pieces = this.#through('client', chunk)
    if (pieces !== null && !writeAll(this.#member, pieces)) this.#client.pause()
    const asking = this.#parts.exchange.asking?.() ?? null
    if (asking === null || this.#held !== null) return
    this.#client.pause()
    this.#tellTaken()
    this.#held = asking.then(() => {
      this.#held = null
      if (this.#over) return
      this.#passRequests(nothing)
      if (this.#held === null && !this.#member.writableNeedDrain) this.#client.resume()
    })
  }

  /** Once it is; what waits to be written may be too little for 'drain' to come. */
  #tellTaken(): void {
    const member = this.#member
    if (this.#over || member.writableNeedDrain) return
    if (member.writableLength === 0) this.#parts.exchange.taken?.()
    else if (member.writable) member.write(nothing, () => this.#memberTook())
  }

  #memberTook(): void {
    if (!this.#over && this.#member.writableLength === 0) this.#parts.exchange.taken?.()
  }

  /** So many bytes are in the buffer; true while the client takes more. */
  readMember(bytes: number): boolean {
    if (this.#over || this.#client.writableEnded) return false
    this.#readFromMember(bytes)
    if (!this.#waiting.mayPass(bytes)) {
      const mayRead = this.#waiting.keep('member', this.buffer.taken(bytes, true))
      this.buffer.done(bytes, this.#client.writableLength > 0)
      return mayRead
    }
    this.#passReplies(this.buffer.taken(bytes, false))
    if (this.#over) return false
    this.buffer.done(bytes, this.#client.writableLength > 0)
    const goOn = this.#mayReadMember()
    this.#watcher?.replied()
    return goOn
  }

  /** What has waited for its turn. */
  pass(side: 'client' | 'member', chunk: Buffer): void {
    const [client, member] = [this.#client, this.#member]
    if (this.#over) return
    if (side === 'client') {
      this.#passRequests(chunk)
      if (this.#held === null && !member.writableNeedDrain) client.resume()
      return
    }
    if (client.writableEnded) return
    this.#passReplies(chunk)
    if (this.#over) return
    if (this.#mayReadMember()) member.resume()
    else member.pause()
    this.#watcher?.replied()
  }

  drained(from: Socket): void {
    this.#idle?.refresh()
    if (from === this.#client) this.#clientTook()
    else {
      this.#memberTook()
      if (this.#held === null) this.#client.resume()
    }
  }

  #clientTook(): void {
    if (this.#over) return
    if (this.#client.writableLength === 0) this.buffer.released()
    if (this.#mayReadMember()) this.#member.resume()
  }

  /** Where not, it is read on once the client has taken what it was sent, or once what waits has passed. */
  #mayReadMember(): boolean {
    const client = this.#client
    if (client.writableEnded || client.writableNeedDrain || this.#waiting.holds('member')) return false
    if (client.writableLength === 0 || !this.buffer.borrowed()) return true
    client.write(nothing, () => this.#clientTook()) // what is in the buffer was too little for 'drain' to come
    return false
  }

  failed(from: Socket, error: Error): void {
    this.#waiting.passAll()
    const end = failure(this.#sideOf(from), error)
    if (!this.#stoodIn(from, end)) this.stop(end)
  }

  saidAll(from: Socket): void {
    this.#waiting.passAll()
    const side = this.#sideOf(from)
    if (this.#stoodIn(from, closedBy(side))) return
    if (this.#firstDone === this.#sideOf(this.#other(from)) && this.#isAllSaid()) this.stop(closedBy(this.#firstDone))
    else this.#done(side)
  }

  /** Nothing waits to be written to either, and closing both tells them so: TLS alone has words of its own for an end. */
  #isAllSaid(): boolean {
    const [client, member] = [this.#client, this.#member]
    const isPlain = !(client instanceof TLSSocket || member instanceof TLSSocket)
    return isPlain && client.writableLength + member.writableLength === 0
  }

  closed(from: Socket): void {
    this.#waiting.passAll()
    const side = this.#sideOf(from)
    if (this.#stoodIn(from, closedBy(side))) return
    // closed in good order, what it said last may still be on its way to the other, which closes by itself then
    if (this.#other(from).closed || !from.readableEnded || !from.writableFinished)
      this.stop(closedBy(this.#firstDone ?? side))
  }

  #done(side: Side): void {
    if (side === 'client' && this.#held !== null) {
      void this.#held.then(() => this.#done(side)) // what it said before comes first
      return
    }
    this.#firstDone ??= side
    const to = side === 'client' ? this.#member : this.#client
    to.end()
    this.#halfOpen ??= setTimeout(() => this.stop(closedBy(side)), this.#parts.halfOpenMs).unref()
  }

  /** Where the member ended before its client: whoever stands in has the client to itself, then it is closed. */
  #stoodIn(from: Socket, end: ConnectionEnd): boolean {
    if (from !== this.#member) return false
    if (this.#over || this.#standingIn) return true
    if (this.#firstDone !== null) return false
    const { standIn, halfOpenMs } = this.#parts
    if (!standIn?.wanted()) return false
    const client = this.#client
    this.#firstDone = 'member'
    this.#standingIn = true
    client.removeListener('data', onData)
    client.pause()
    this.#member.destroy()
    void standIn.serve(client).then((answered) => {
      this.#halfOpen ??= setTimeout(() => this.stop(end), halfOpenMs).unref()
      this.finish(answered ? { ...end, reason: `${end.reason}; a retryable write was answered for it` } : end)
    })
    return true
  }

  #readFromMember(bytes: number): void {
    this.#bytesFromMember += bytes
    this.#moved()
  }

  #passReplies(chunk: Buffer): void {
    const pieces = this.#through('member', chunk)
    if (pieces !== null) writeAll(this.#client, pieces)
  }

  #moved(): void {
    this.#lastActivityAt = this.#parts.now()
    this.#idle?.refresh()
  }

  /** What a direction makes of a chunk; null when it refused and the connection is over. */
  #through(side: 'client' | 'member', chunk: Buffer): readonly Buffer[] | null {
    const { exchange } = this.#parts
    try {
      return side === 'client' ? exchange.requests.push(chunk) : exchange.replies.push(chunk)
    } catch (error) {
      if (error instanceof WireRefusal) this.stop(failure(side, error))
      else this.stop({ side: 'gateway', code: 'DEFECT', reason: String(error instanceof Error ? error.stack : error) })
      return null
    }
  }

  #sideOf(socket: Socket): 'client' | 'member' {
    return socket === this.#client ? 'client' : 'member'
  }

  #other(socket: Socket): Socket {
    return socket === this.#client ? this.#member : this.#client
  }
}

/** Whose a socket is. */
const joinedBy = new WeakMap<Socket, OnSockets>()

function onData(this: Socket, chunk: Buffer): void {
  joinedBy.get(this)?.readClient(chunk)
}

/** Each is one function for all sockets, called with its socket as `this`, as an EventEmitter does. */
const listeners: readonly (readonly [string, (this: Socket, error: Error) => void])[] = [
  [
    'error',
    function (this: Socket, error) {
      joinedBy.get(this)?.failed(this, error)
    },
  ],
  [
    'end',
    function (this: Socket) {
      joinedBy.get(this)?.saidAll(this)
    },
  ],
  [
    'close',
    function (this: Socket) {
      joinedBy.get(this)?.closed(this)
    },
  ],
  [
    'drain',
    function (this: Socket) {
      joinedBy.get(this)?.drained(this)
    },
  ],
]

const nothing = Buffer.alloc(0)

/** Writes them all; false when the socket has had enough for now. */
function writeAll(to: Socket, pieces: readonly Buffer[]): boolean {
  if (pieces.length > 1) to.cork()
  for (const piece of pieces) to.write(piece)
  if (pieces.length > 1) to.uncork()
  return !to.writableNeedDrain
}

const failure = (side: Side, error: Error & { code?: string }): ConnectionEnd => ({
  side,
  code: error.code ?? error.name,
  reason: error.message,
})

const closedBy = (side: Side): ConnectionEnd => ({ side, code: 'closed', reason: `the ${side} closed the connection` })
