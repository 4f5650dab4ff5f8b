// The join with a native thread in its middle, for Linux. It begins as `onread` does. As soon as a connection works and
// nothing is on its way, the thread takes both descriptors and moves the bytes of ordinary messages; it judges nothing.
// Whatever it does not know (a hello, an end, an error) it hands back with the state that the talk is in, and `onread`
// goes on from there, until the connection is ordinary again. So every rule is in TypeScript, once.

import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { getSystemErrorName } from 'node:util'
import { createIdleWatch } from '../idle.ts'
import type { Exchange } from '../translate/exchange.ts'
import type { ConnectionEnd, Joined, JoinMethod, JoinParts } from './join.ts'
import type { Given, Native } from './native.ts'
import { type OnreadJoined, prepareOnread } from './onread.ts'

/** Who comes back before so many requests was not worth the way, and has to answer more of them before the next. */
const shortStay = 64
const mostPatience = 4096

export interface RelayJoin extends JoinMethod {
  /** How many connections the thread has now. */
  carried(): number
}

/** Starts the thread. Throws where it cannot be started, or was before. */
export function createRelayJoin(native: Native): RelayJoin {
  /** What takes a connection back, by its id. */
  const away = new Map<number, () => void>()
  native.start(() => {
    for (const id of native.returned()) away.get(id)?.()
  })
  return {
    name: 'relay',
    descriptors: 98, // 48 pipes, an epoll and an eventfd (native/relay.cc)
    carried: () => away.size,
    prepare() {
      const { onread, join } = prepareOnread()
      return {
        onread,
        join: (parts) => {
          const { client, member, exchange } = parts
          const plain = !(client instanceof TLSSocket) && !(member instanceof TLSSocket)
          return plain && canBeLent(exchange) ? joinByTurns(parts, { exchange, native, away, join }) : join(parts)
        },
      }
    },
  }
}

type Lendable = Pick<Exchange, 'requests' | 'replies' | 'portable' | 'lend' | 'resume'>

const canBeLent = (exchange: JoinParts['exchange']): exchange is Lendable => 'lend' in exchange

interface Turns {
  readonly exchange: Lendable
  readonly native: Native
  readonly away: Map<number, () => void>
  readonly join: ReturnType<typeof prepareOnread>['join']
}

/** Where what `look` says is read from; a call of it is over before the next. */
const seen = new Float64Array(5)

function joinByTurns(both: JoinParts, { exchange, native, away, join }: Turns): Joined {
  const { client, member, ...parts } = both
  let here: OnreadJoined | null = null
  let sockets: Both | null = null // of now: whoever has none keeps none, since a closed one is 3 KiB, too
  let id = 0 // the thread's, while it has the connection
  let staysHere = false
  let patience = 1
  let answered = 0
  /** Of the stays that are over, here and there. */
  let before: Traffic = { bytesFromClient: 0, bytesFromMember: 0, lastActivityAt: parts.now() }

  /** What the thread has seen: of a connection that it has. */
  const look = (): Seen => {
    native.look(id, seen)
    return told()
  }
  const told = (): Seen => {
    const [bytesFromClient = 0, bytesFromMember = 0, requests = 0, still = 0, quiet = 1] = seen
    return { bytesFromClient, bytesFromMember, requests, quiet: quiet === 1, lastActivityAt: parts.now() - still }
  }

  const traffic = (): Traffic => (here !== null ? sum(before, here.traffic()) : id !== 0 ? sum(before, look()) : before)

  /** While it is away; here the sockets have timers of their own. */
  const idle = createIdleWatch({
    now: parts.now,
    lastActivityAt: () => traffic().lastActivityAt,
    quiet: () => true,
    idle: (ms) => stop({ side: 'gateway', code: 'IDLE', reason: `no byte for ${ms / 1000} s` }),
  })

  const begin = (both: Both, join: Turns['join'], given?: Given): void => {
    sockets = both
    const already = given && { fromClient: given.requests.head, fromMember: given.replies.head }
    here = join({ ...parts, ...both }, { replied: handOver, ...(already && { already }) })
  }

  const handOver = (): void => {
    if (
      here === null ||
      sockets === null ||
      staysHere ||
      ++answered < patience ||
      !exchange.portable() ||
      !here.atRest()
    )
      return
    const taken = native.take(descriptorOf(sockets.client), descriptorOf(sockets.member))
    if (taken === 0) return
    before = traffic()
    here.release() // the thread has descriptors of its own: closing these ends nothing
    here = null
    sockets = null
    id = taken
    away.set(id, takeBack)
    exchange.lend(look)
    idle.set(parts.idleMs > 0 ? parts.idleMs : null)
  }

  /** It is not away any more; what it was told there was the last. */
  const leave = (last: Traffic): void => {
    before = sum(before, last)
    away.delete(id)
    id = 0
    idle.set(null)
  }

  const takeBack = (): void => {
    const given = native.back(id)
    if (given === null) return
    leave({ ...given, lastActivityAt: parts.now() })
    patience = given.count >= shortStay ? 1 : Math.min(4 * patience, mostPatience)
    answered = 0
    exchange.resume({
      count: given.count,
      awaited: given.awaited,
      unanswered: given.unanswered,
      requestLeft: given.requests.left,
      replyLeft: given.replies.left,
    })
    const { onread, join: again } = prepareOnread()
    const ofBoth = { allowHalfOpen: true, readable: true, writable: true }
    const client = new Socket({ ...ofBoth, fd: given.client })
    const withOnread = { ...ofBoth, fd: given.member, onread } // the types do not say that it may be given here
    const member = new Socket(withOnread)
    if (given.replies.unsent.length > 0) client.write(given.replies.unsent)
    if (given.requests.unsent.length > 0) member.write(given.requests.unsent)
    begin({ client, member }, again, given)
    // a socket tells an error only once, and the thread was told
    fail(client, given.requests.readError || given.replies.writeError)
    fail(member, given.replies.readError || given.requests.writeError)
  }

  const stop = (end: ConnectionEnd): void => {
    if (here !== null) here.stop(end)
    if (id === 0) return
    native.close(id, seen)
    const last = told()
    leave(last)
    exchange.resume({ count: last.requests, awaited: 0, unanswered: null, requestLeft: 0, replyLeft: 0 })
    parts.ended(end)
  }

  const attend = (): void => {
    staysHere = true
    if (id !== 0) takeBack()
  }

  begin({ client, member }, join)
  return {
    traffic,
    stop,
    finish(end, lastWords) {
      attend()
      here?.finish(end, lastWords)
    },
    attend,
  }
}

type Both = Pick<JoinParts, 'client' | 'member'>
type Traffic = ReturnType<Joined['traffic']>
type Seen = Traffic & ReturnType<Parameters<Exchange['lend']>[0]>

const sum = (before: Traffic, now: Traffic): Traffic => ({
  bytesFromClient: before.bytesFromClient + now.bytesFromClient,
  bytesFromMember: before.bytesFromMember + now.bytesFromMember,
  lastActivityAt: now.lastActivityAt,
})

/** Node.js says it nowhere else; -1 where there is none, and then nothing is taken. */
const descriptorOf = (socket: Socket): number =>
  (socket as unknown as { readonly _handle: { readonly fd?: number } | null })._handle?.fd ?? -1

function fail(socket: Socket, errno: number): void {
  if (errno === 0) return
  const code = getSystemErrorName(-errno)
  socket.destroy(Object.assign(new Error(`relay ${code}`), { code }))
}
