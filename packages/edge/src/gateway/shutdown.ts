// How a gateway ends in good order, without an error for whoever retries (docs/decisions/0023-shutdown.md). Nobody says
// anything in a member's place; connections are ended where a driver takes it well. First those by which it watches a
// member: it looks for that member elsewhere, takes what is on its way as the answers that come, and uses none of its old
// connections again. A driver that watches through another gateway is not told so; it goes on asking, and one of its
// retryable writes is not carried on but loses its connection: just one, because drivers do not retry all of the writes
// that lose their connections at once. What was idle since is closed, what is still on its way when the time is over is cut.

import type { ConnectionEnd } from './join/join.ts'
import type { OpenConnection } from './register.ts'

export interface Shutdown {
  readonly end: ConnectionEnd
  /** Whether a client's write may lose its connection now, by the client's host. Saying yes counts. */
  mayTurnAway(host: string | null): boolean
}

/** How long a driver may take to hear of an end and to turn away, there and back included, in milliseconds. */
const turnMs = 250
/** How long last words may take to be sent, in milliseconds. */
const lastWordsMs = 200

const end: ConnectionEnd = { side: 'gateway', code: 'SHUTDOWN', reason: 'the gateway is shutting down' }

interface Connections {
  open(): readonly OpenConnection[]
  /** Resolves when no connection is open. */
  empty(): Promise<void>
}

/** Which turns are this gateway's, of several that share the clients of one host; by default all. */
export interface Turns {
  readonly of: number
  readonly mine: number
}

/** Nobody is let in any more. Resolves when nobody is there. */
export async function endAll(
  { open, empty }: Connections,
  drainMs: number,
  { of, mine }: Turns = { of: 1, mine: 0 },
): Promise<void> {
  const each = (work: (connection: OpenConnection) => void): void => open().forEach(work)
  let turnedAway: Set<string | null> | null = null // hosts, in this turn; in the first one nobody is
  let turn = -1
  const round = Math.min(of, Math.max(1, Math.ceil(drainMs / turnMs) - 1)) // each has one before the time is over
  const shutdown: Shutdown = {
    end,
    mayTurnAway(host) {
      if (turnedAway === null || turnedAway.has(host)) return false
      turnedAway.add(host)
      return true
    },
  }
  each((connection) => connection.drain(shutdown))
  // after a look at the sockets: what has arrived by then is not idle
  const turns = setInterval(() => {
    setImmediate(() => {
      turn += 1
      turnedAway = turn % round === mine % round ? new Set() : null
      each((connection) => connection.rest())
    })
  }, turnMs)
  const last = setTimeout(() => each((connection) => connection.speakLast(end)), drainMs)
  const cut = setTimeout(() => each((connection) => connection.end(end)), drainMs + lastWordsMs)
  await empty()
  clearInterval(turns)
  for (const timer of [last, cut]) clearTimeout(timer)
}
