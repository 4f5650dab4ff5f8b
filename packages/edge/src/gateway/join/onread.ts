// The join that runs everywhere: Node's sockets. The member's side is read into pooled buffers (`onread`), the client's by 'data', since an accepted socket has no public `onread`. A side is not read while what it said before
// still waits to be written to the other.

import type { OnReadOpts, Socket } from 'node:net'
import { WireRefusal } from '../wire/refusal.ts'
import type { ConnectionEnd, Joined, JoinMethod, JoinParts, Side } from './join.ts'
import { createReadBuffer, type ReadBuffer } from './read-buffers.ts'

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
  /** Called after every piece of the member's talk that was sent on. */
  readonly replied?: () => void
}

export function prepareOnread(): { onread: OnReadOpts; join(parts: JoinParts, turn?: Turn): OnreadJoined } {
  const buffer = createReadBuffer()
  let read: ((bytes: number) => boolean) | null = null
  return {
    onread: { buffer: () => buffer.current(), callback: (bytes) => read?.(bytes) ?? true },
    join(parts, turn = {}) {
      const { joined, readMember } = join(parts, buffer, turn)
      read = readMember
      return joined
    },
  }
}

function join(
  parts: JoinParts,
  buffer: ReadBuffer,
  { already, replied }: Turn,
): { joined: OnreadJoined; readMember: (bytes: number) => boolean } {
  const { client, member, exchange } = parts
  let bytesFromClient = 0
  let bytesFromMember = 0
  let lastActivityAt = parts.now()
  let over = false
  let halfOpen: NodeJS.Timeout | undefined
  let firstDone: Side | null = null
  let standingIn = false // the member is gone, and another speaks for it
  let held: Promise<void> | null = null // a request waits for a word of the gateway's

  const stop = (end: ConnectionEnd): void => {
    if (over) return
    over = true
    clearTimeout(halfOpen)
    buffer.close(client.writableLength > 0)
    client.destroy()
    member.destroy()
    parts.ended(end)
  }

  const finish = (end: ConnectionEnd, lastWords?: Buffer): void => {
    if (over) return
    member.pause()
    if (lastWords !== undefined && !client.writableEnded) client.write(lastWords)
    client.end(() => stop(end))
  }

  const failed = (side: Side, error: Error): void => stop(failure(side, error))

  /** The member ended before its client: whoever stands in has the client to itself, then it is closed. */
  const memberEnded = (otherwise: () => void, end: ConnectionEnd): void => {
    if (over || standingIn) return
    if (firstDone !== null || !parts.standIn?.wanted()) {
      otherwise()
      return
    }
    firstDone = 'member'
    standingIn = true
    client.removeListener('data', onClientData)
    client.pause()
    member.destroy()
    void parts.standIn.serve(client).then((answered) => {
      halfOpen ??= setTimeout(() => stop(end), parts.halfOpenMs).unref()
      finish(answered ? { ...end, reason: `${end.reason}; a retryable write was answered for it` } : end)
    })
  }

  /** What a direction makes of a chunk; null when it refused and the connection is over. */
  const through = (side: 'client' | 'member', chunk: Buffer): readonly Buffer[] | null => {
    try {
      return side === 'client' ? exchange.requests.push(chunk) : exchange.replies.push(chunk)
    } catch (error) {
      if (error instanceof WireRefusal) failed(side, error)
      else stop({ side: 'gateway', code: 'DEFECT', reason: String(error instanceof Error ? error.stack : error) })
      return null
    }
  }

  const onClientData = (chunk: Buffer): void => {
    if (over) return
    bytesFromClient += chunk.length
    lastActivityAt = parts.now()
    const pieces = through('client', chunk)
    if (pieces !== null && !writeAll(member, pieces)) client.pause()
    const asking = exchange.asking?.() ?? null
    if (asking === null || held !== null) return
    client.pause()
    held = asking.then(() => {
      held = null
      if (over) return
      onClientData(nothing)
      if (held === null && !member.writableNeedDrain) client.resume()
    })
  }

  /** True while the client takes more. */
  const onMemberData = (chunk: Buffer): boolean => {
    bytesFromMember += chunk.length
    lastActivityAt = parts.now()
    const pieces = through('member', chunk)
    return pieces !== null && writeAll(client, pieces)
  }

  const readMember = (bytes: number): boolean => {
    if (over || client.writableEnded) return false
    const goOn = onMemberData(buffer.taken(bytes))
    if (over) return false
    buffer.done(bytes, client.writableLength > 0)
    replied?.()
    return goOn
  }

  const sides: readonly [Side, Socket, Socket][] = [
    ['client', client, member],
    ['member', member, client],
  ]
  for (const [side, from, to] of sides) {
    const ended = side === 'member' ? memberEnded : (otherwise: () => void) => otherwise()
    from.on('error', (error) => ended(() => failed(side, error), failure(side, error)))
    const done = (): void => {
      if (side === 'client' && held !== null) {
        void held.then(done) // what it said before comes first
        return
      }
      firstDone ??= side
      to.end()
      halfOpen ??= setTimeout(() => stop(closedBy(side)), parts.halfOpenMs).unref()
    }
    if (from.readableEnded)
      done() // a paused socket says so, too: before the join nobody may have listened
    else from.on('end', () => ended(done, closedBy(side)))
    from.on('close', () =>
      ended(() => {
        // closed in good order, what it said last may still be on its way to the other, which closes by itself then
        if (to.closed || !from.readableEnded || !from.writableFinished) stop(closedBy(firstDone ?? side))
      }, closedBy(side)),
    )
    from.on('drain', () => {
      if (side === 'client') buffer.released()
      to.resume()
    })
    if (parts.idleMs > 0) from.setTimeout(parts.idleMs, () => idle())
  }
  // each socket's own timer only knows its own bytes, but every byte of one passes through the other
  const idle = (): void => stop({ side: 'gateway', code: 'IDLE', reason: `no byte for ${parts.idleMs / 1000} s` })

  const atRest = (): boolean =>
    !over &&
    firstDone === null &&
    !client.writableEnded &&
    client.writableLength + member.writableLength + client.readableLength === 0

  const release = (): void => {
    over = true
    buffer.close(false)
    client.destroy()
    member.destroy()
  }

  const traffic = () => ({ bytesFromClient, bytesFromMember, lastActivityAt })
  if (already !== undefined && already.fromClient.length > 0) onClientData(already.fromClient)
  if (already !== undefined && already.fromMember.length > 0) onMemberData(already.fromMember)
  client.on('data', onClientData)
  client.resume()
  return { joined: { traffic, stop, finish, attend() {}, atRest, release }, readMember }
}

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
