// The join with a native thread in its middle, for Linux. It begins as `onread` does. As soon as a connection works and
// nothing is on its way, the thread takes both descriptors and moves the bytes of ordinary messages; it judges nothing.
// Whatever it does not know (a hello, an end, an error) it hands back with the state that the talk is in, and `onread`
// goes on from there, until the connection is ordinary again. So every rule is in TypeScript, once.

import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { getSystemErrorName } from 'node:util'
import { createIdleWatch, type IdleParts, type IdleWatch } from '../idle.ts'
import type { Exchange } from '../translate/exchange.ts'
import type { ConnectionEnd, Joined, JoinMethod, JoinParts, Sides } from './join.ts'
import type { Given, Native } from './native.ts'
import { type OnreadJoined, prepareOnread } from './onread.ts'
import { enterLine, leaveLine } from './turns.ts'

/** Who comes back before so many requests was not worth the way, and has to answer more of them before the next. */
const shortStay = 64
const mostPatience = 4096

export interface RelayJoin extends JoinMethod {
  /** How many connections the thread has now. */
  carried(): number
}

interface Relay {
  readonly native: Native
  /** Those that the thread has, by its ids. */
  readonly away: Map<number, ByTurns>
}

/** Starts the thread. Throws where it cannot be started, or was before. */
export function createRelayJoin(native: Native): RelayJoin {
  const relay: Relay = { native, away: new Map() }
  native.start(() => {
    for (const id of native.returned()) relay.away.get(id)?.takeBack()
  })
  return {
    name: 'relay',
    descriptors: 98, // 48 pipes, an epoll and an eventfd (native/relay.cc)
    carried: () => relay.away.size,
    prepare() {
      const { onread, join } = prepareOnread()
      return {
        onread,
        join(sides, parts) {
          const plain = !(sides.client instanceof TLSSocket) && !(sides.member instanceof TLSSocket)
          const { exchange } = parts
          if (!plain || !canBeLent(exchange)) return join(sides, parts)
          const joined = new ByTurns(relay, exchange, parts)
          joined.begin(sides, join)
          return joined
        },
      }
    },
  }
}

type Lendable = Pick<Exchange, 'requests' | 'replies' | 'portable' | 'lend' | 'resume'>

const canBeLent = (exchange: JoinParts['exchange']): exchange is Lendable => 'lend' in exchange

/** Where what `look` says is read from; a call of it is over before the next. */
const seen = new Float64Array(5)

interface Seen extends Traffic {
  readonly requests: number
  readonly quiet: boolean
}

/** A connection that is by turns here and with the thread. While it is there, this and its talk are all that is left of it here. */
class ByTurns implements Joined, IdleParts {
  readonly #relay: Relay
  readonly #exchange: Lendable
  readonly #parts: JoinParts
  /** Its sockets, while it is here: closed ones are 3 KiB, too. */
  #here: { readonly joined: OnreadJoined; readonly sides: Sides } | null = null
  #id = 0 // the thread's, while it has the connection
  #line: ReturnType<typeof enterLine> | null = null // meanwhile
  #staysHere = false
  #patience = 1
  #answered = 0
  /** Of the stays that are over, here and there. */
  #bytesFromClient = 0
  #bytesFromMember = 0
  #lastActivityAt: number
  /** While it is away; here there is a timer that each byte sets back. */
  #idle: IdleWatch | null = null

  constructor(relay: Relay, exchange: Lendable, parts: JoinParts) {
    this.#relay = relay
    this.#exchange = exchange
    this.#parts = parts
    this.#lastActivityAt = parts.now()
  }

  begin(sides: Sides, join: ReturnType<typeof prepareOnread>['join'], given?: Given): void {
    const already = given && { fromClient: given.requests.head, fromMember: given.replies.head }
    const joined = join(sides, this.#parts, { watcher: this, ...(already && { already }) })
    this.#here = { joined, sides }
  }

  traffic(): Traffic {
    if (this.#here !== null) return this.#withBefore(this.#here.joined.traffic())
    if (this.#id !== 0) return this.#withBefore(this.#look())
    return this.#before()
  }

  stop(end: ConnectionEnd): void {
    this.#here?.joined.stop(end)
    if (this.#id === 0) return
    this.#relay.native.close(this.#id, seen)
    const last = this.#told()
    this.#leave(last)
    this.#exchange.resume({ count: last.requests, awaited: 0, unanswered: null, requestLeft: 0, replyLeft: 0 })
    this.#parts.ended(end)
  }

  /** May be called while a request is looked at: what waits behind that one is not passed before its time. */
  finish(end: ConnectionEnd, lastWords?: Buffer): void {
    this.#stay()
    this.#here?.joined.finish(end, lastWords)
  }

  attend(): void {
    this.#stay()
    this.#here?.joined.attend()
  }

  #stay(): void {
    this.#staysHere = true
    if (this.#id !== 0) this.takeBack()
  }

  /** What the exchange is told of a connection that the thread has. */
  carrying(): Seen {
    return this.#look()
  }

  /** The member's talk was sent on: the moment to hand over, if nothing is on its way. */
  replied(): void {
    if (this.#here === null || this.#staysHere || ++this.#answered < this.#patience) return
    const { joined, sides } = this.#here
    if (!this.#exchange.portable() || !joined.atRest()) return
    const line = enterLine(this.#parts.endpointId)
    const taken = this.#relay.native.take(descriptorOf(sides.client), descriptorOf(sides.member), line.number)
    if (taken === 0) {
      leaveLine(line)
      return
    }
    this.#line = line
    this.#keep(joined.traffic())
    joined.release() // the thread has descriptors of its own: closing these ends nothing
    this.#here = null
    this.#id = taken
    this.#relay.away.set(taken, this)
    this.#exchange.lend(this)
    const { idleMs } = this.#parts
    if (idleMs === 0) return
    this.#idle = createIdleWatch(this)
    this.#idle.set(idleMs)
  }

  now(): number {
    return this.#parts.now()
  }

  lastActivityAt(): number {
    return this.traffic().lastActivityAt
  }

  quiet(): boolean {
    return true
  }

  idle(ms: number): void {
    this.stop({ side: 'gateway', code: 'IDLE', reason: `no byte for ${ms / 1000} s` })
  }

  takeBack(): void {
    const given = this.#relay.native.back(this.#id)
    if (given === null) return
    this.#leave({ ...given, lastActivityAt: this.#parts.now() })
    this.#patience = given.count >= shortStay ? 1 : Math.min(4 * this.#patience, mostPatience)
    this.#answered = 0
    this.#exchange.resume({
      count: given.count,
      awaited: given.awaited,
      unanswered: given.unanswered,
      requestLeft: given.requests.left,
      replyLeft: given.replies.left,
    })
    const { onread, join } = prepareOnread()
    const ofBoth = { allowHalfOpen: true, readable: true, writable: true }
    const client = new Socket({ ...ofBoth, fd: given.client })
    const withOnread = { ...ofBoth, fd: given.member, onread } // the types do not say that it may be given here
    const member = new Socket(withOnread)
    if (given.replies.unsent.length > 0) client.write(given.replies.unsent)
    if (given.requests.unsent.length > 0) member.write(given.requests.unsent)
    this.begin({ client, member }, join, given)
    // a socket tells an error only once, and the thread was told
    fail(client, given.requests.readError || given.replies.writeError)
    fail(member, given.replies.readError || given.requests.writeError)
  }

  /** What the thread has seen: of a connection that it has. */
  #look(): Seen {
    this.#relay.native.look(this.#id, seen)
    return this.#told()
  }

  #told(): Seen {
    const [bytesFromClient = 0, bytesFromMember = 0, requests = 0, still = 0, quiet = 1] = seen
    const lastActivityAt = this.#parts.now() - still
    return { bytesFromClient, bytesFromMember, requests, quiet: quiet === 1, lastActivityAt }
  }

  /** It is not away any more; what it was told there was the last. */
  #leave(last: Traffic): void {
    this.#keep(last)
    this.#relay.away.delete(this.#id)
    this.#id = 0
    if (this.#line !== null) leaveLine(this.#line)
    this.#line = null
    this.#idle?.set(null)
    this.#idle = null
  }

  #before(): Traffic {
    const lastActivityAt = this.#lastActivityAt
    return { bytesFromClient: this.#bytesFromClient, bytesFromMember: this.#bytesFromMember, lastActivityAt }
  }

  #withBefore({ bytesFromClient, bytesFromMember, lastActivityAt }: Traffic): Traffic {
    return {
      bytesFromClient: this.#bytesFromClient + bytesFromClient,
      bytesFromMember: this.#bytesFromMember + bytesFromMember,
      lastActivityAt,
    }
  }

  /** A stay is over. */
  #keep(stay: Traffic): void {
    const { bytesFromClient, bytesFromMember, lastActivityAt } = this.#withBefore(stay)
    this.#bytesFromClient = bytesFromClient
    this.#bytesFromMember = bytesFromMember
    this.#lastActivityAt = lastActivityAt
  }
}

type Traffic = ReturnType<Joined['traffic']>

/** Node.js says it nowhere else; -1 where there is none, and then nothing is taken. */
const descriptorOf = (socket: Socket): number =>
  (socket as unknown as { readonly _handle: { readonly fd?: number } | null })._handle?.fd ?? -1

function fail(socket: Socket, errno: number): void {
  if (errno === 0) return
  const code = getSystemErrorName(-errno)
  socket.destroy(Object.assign(new Error(`relay ${code}`), { code }))
}
