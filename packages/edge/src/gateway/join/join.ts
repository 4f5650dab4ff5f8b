// The seam at which two sockets become one connection. A method is asked for its part of the dial first (reading into
// a buffer of ours can only be arranged there), then joins; from then on it owns both sockets until it says `ended`,
// once. It moves bytes both ways through the exchange's directions with back-pressure, passes a half-close on, and
// keeps bounded memory. One case file (join.case.ts) holds for every method; `onread` runs everywhere, `relay` on Linux where
// its native part was built.

import type { OnReadOpts, Socket } from 'node:net'
import type { Exchange } from '../translate/exchange.ts'
import type { StandIn } from './stand-in.ts'

/** Who is the reason that a connection is over. */
export type Side = 'client' | 'gateway' | 'member'

export interface ConnectionEnd {
  readonly side: Side
  /** A short code, for counting: `closed`, `ECONNRESET`, `IDLE`, a WireRefusalCode … */
  readonly code: string
  /** A sentence for people. */
  readonly reason: string
}

/** The two sockets of one connection. */
export interface Sides {
  readonly client: Socket
  /** Dialled with this method's `onread`; nothing was read from it yet. */
  readonly member: Socket
}

/** Kept for as long as the connection lasts; the sockets may go before it. Called as its methods. */
export interface JoinParts {
  /** Those of one endpoint share its turns. */
  readonly endpointId: string
  /** With the last three, another than TypeScript may carry bytes that need no look. */
  readonly exchange: Pick<Exchange, 'requests' | 'replies'> &
    Partial<Pick<Exchange, 'asking' | 'taken' | 'portable' | 'lend' | 'resume'>>
  /** Milliseconds without a byte either way after which the connection ends; 0: never. */
  readonly idleMs: number
  /** Milliseconds that one side may stay open after the other has said that it is done. */
  readonly halfOpenMs: number
  /** Speaks for a member that is the first to end; without one its client is just closed. */
  readonly standIn?: StandIn
  /** Milliseconds since 1970. */
  now(): number
  /** Called once, when both sockets are closed or being closed; never before the join has returned. */
  ended(end: ConnectionEnd): void
}

export interface Joined {
  /** Bytes read from the client and from the member so far, and when the last of them came. */
  traffic(): { readonly bytesFromClient: number; readonly bytesFromMember: number; readonly lastActivityAt: number }
  /** Ends it now; does nothing when it is over already. */
  stop(end: ConnectionEnd): void
  /** Ends it when the client has been sent all that was read from the member, and `lastWords`; nothing more is read. */
  finish(end: ConnectionEnd, lastWords?: Buffer): void
  /** From now on the exchange sees every byte: nobody else carries them. */
  attend(): void
}

export interface JoinMethod {
  readonly name: string
  /** How many it may have open at a time itself, beside the two of each connection; absent: none. */
  readonly descriptors?: number
  /** What one connection's dial needs, and how it is joined then. */
  prepare(): { readonly onread: OnReadOpts; join(sides: Sides, parts: JoinParts): Joined }
}
