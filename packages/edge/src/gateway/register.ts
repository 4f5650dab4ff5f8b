// What the gateway holds and what can be asked of it: the newest snapshot, every connection from its first byte to its
// end, and the counters. Nothing here opens, reads or closes; ending a connection is a function that it brought along.

import type { LiveConnection } from '@postern/contract/edge-question'
import type { GatewayCluster, GatewayEndpoint, GatewaySnapshot, Numbered } from '@postern/contract/snapshot'
import { type Admission, type Arrival, admit, indexSnapshot, type SnapshotAge, type SnapshotIndex } from './admit.ts'
import { createEnded } from './ended.ts'
import type { ConnectionEnd, Side } from './join/join.ts'
import { type EndpointLimit, once, type Places, type Standing } from './places.ts'
import type { Arriving } from './ports.ts'
import { type Refused, type Whose, whoseDoor } from './refusals.ts'
import type { Shutdown } from './shutdown.ts'
import { type Count, createTally, keptOf, statsOf } from './tally.ts'

/** One joined connection, with what is of interest only here. */
export interface JoinedConnection extends LiveConnection {
  readonly cloudEndpointId: string
  readonly memberId: string
  readonly gatewayPort: number
  /** From which the member was dialled; null where the socket no longer knew. */
  readonly memberPort: number | null
  /** It counts against the limit of its endpoint; see `begin`. */
  readonly working: boolean
  /** Answers to hello that were translated for it. */
  readonly hellos: number
  /** How long the member took for the answer to the first hello, in milliseconds; null until it came. */
  readonly handshakeMs: number | null
}

export interface GatewayStats {
  readonly accepted: number
  readonly admitted: number
  /** By refusal code; see admit.ts and connection.ts. */
  readonly refused: Readonly<Record<string, number>>
  /** Admitted connections that are over, by who was the reason. */
  readonly ended: Readonly<Record<Side, number>>
  /** Accepted and not over yet, admitted or not. */
  readonly open: number
  /** Answers to hello that were translated. */
  readonly hellos: number
  readonly bytesFromClients: number
  readonly bytesFromMembers: number
  /** Which join method serves. */
  readonly join: string
}

/** A connection in whatever phase it is. */
export interface OpenConnection {
  /** null until it is known; then it is re-examined with every snapshot. */
  arrival(): Arrival | null
  /** null until it is joined. */
  live(): JoinedConnection | null
  end(end: ConnectionEnd): void
  /** The gateway shuts down: what its client is told, and when, is in shutdown.ts. */
  drain(shutdown: Shutdown): void
  /** Ends one that drains, if nothing is on its way and nothing was asked since the last time. */
  rest(): void
  /** Ends it, and says so to a driver that waits for the answer to a retryable write. */
  speakLast(end: ConnectionEnd): void
  /** A newer snapshot lets it go on, and this is what it says of its endpoint. */
  renewed(endpoint: GatewayEndpoint, cluster: GatewayCluster): void
  /** Tells a client that watches its member of names that are others by now, before the member next has something to say. */
  tellAgain(): void
  /** Who is trusted, or what listens for whom, has changed: ends it where it would not come in any more as it did. */
  reexamine(): void
}

/** Thrown by `hold` for a snapshot that is older than the one held. */
export class StaleSnapshotError extends Error {
  override readonly name = 'StaleSnapshotError'
}

type Mark = Pick<Numbered<GatewaySnapshot>, 'epoch' | 'n'>

/** Throws StaleSnapshotError. */
export function refuseStale(held: Mark | null, { epoch, n }: Mark): void {
  if (held !== null && held.epoch === epoch && n < held.n)
    throw new StaleSnapshotError(`snapshot ${n} is older than ${held.n}, which is held (epoch ${epoch})`)
}

export type Register = ReturnType<typeof createRegister>

/**
 * How long connections to a member that left its set stay, through an endpoint that is served: drivers are told by the set, and
 * let go of it by themselves; cut before that, what they have on its way would be an error.
 */
const leaveMs = 1_000
/** How long one whose member is at another address by now may take to come to rest; then it is cut. */
const movedMs = 30_000

/** By endpoint and cluster, by their ids, a port that leads from one to the other. */
const servedIn = ({ endpoints, listeners }: GatewaySnapshot): ReadonlyMap<string, number> => {
  const ports = new Map<string, Map<string, number>>()
  for (const { serviceId, clusterId, gatewayPort } of listeners)
    ports.set(serviceId, (ports.get(serviceId) ?? new Map()).set(clusterId, gatewayPort))
  return new Map(
    endpoints.flatMap(({ id, serviceId }) =>
      [...(ports.get(serviceId) ?? [])].map(([to, port]) => [`${id} ${to}`, port] as const),
    ),
  )
}

const endOf = ({ code, reason }: Extract<Admission, { readonly admit: false }>): ConnectionEnd => ({
  side: 'gateway',
  code,
  reason,
})

interface RegisterParts {
  /** Which join method serves. */
  readonly join: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly places: Places
  /** Called when a connection is over, whatever became of it. */
  readonly left?: (() => void) | undefined
}

export function createRegister({ join, now, places, left }: RegisterParts) {
  let held: {
    readonly epoch: string
    readonly n: number
    readonly index: SnapshotIndex
    readonly served: ReadonlyMap<string, number>
  } | null = null
  /** Open connections with the endpoint that they came through, once it is known. */
  const open = new Map<OpenConnection, { readonly endpointId: string; readonly as: Standing } | null>()
  const whenEmpty: (() => void)[] = []
  /** Those whose member moved. */
  const leaving = new WeakSet<OpenConnection>()
  let confirmedAt: number | null = null
  const tally = createTally()
  let accepted = 0
  /** For entries of access lists that end by themselves; milliseconds since 1970. */
  let lookedAt = now()
  const ended = createEnded(now)
  const latest = ended.latest

  /** It has got this place, and leaves the one that it had. */
  const stand = (connection: OpenConnection, endpointId: string, as: Standing): void => {
    const before = open.get(connection)
    if (before === undefined) {
      places.leave(endpointId, as) // it is over by now
      return
    }
    if (before !== null) places.leave(before.endpointId, before.as)
    open.set(connection, { endpointId, as })
  }

  const forget = (connection: OpenConnection): void => {
    const place = open.get(connection)
    if (!open.delete(connection)) return
    if (place) places.leave(place.endpointId, place.as)
    left?.()
    if (open.size === 0) for (const resolve of whenEmpty.splice(0)) resolve()
  }

  const age = (): SnapshotAge => (confirmedAt === null ? null : now() - confirmedAt)

  /** Ends what this snapshot, at its age, would not admit any more; answers with what it would. */
  const stillAdmitted = (
    index: SnapshotIndex,
    connection: OpenConnection,
  ): Extract<Admission, { readonly admit: true }> | null => {
    const arrival = connection.arrival()
    if (arrival === null) return null
    const verdict = admit(index, arrival, age(), latest())
    if (verdict.admit) return verdict
    const { endpointId, clusterId } = connection.live() ?? {}
    const beside = verdict.code === 'NO_LISTENER' ? held?.served.get(`${endpointId} ${clusterId}`) : undefined
    if (beside === undefined) {
      connection.end(endOf(verdict))
      return null
    }
    // Its member is gone alone; what its endpoint lets in is said at another member's port.
    const { memberId: _, ...there } = { ...arrival, gatewayPort: beside }
    const allowed = admit(index, there, age(), latest())
    if (allowed.admit) {
      connection.renewed(allowed.endpoint, allowed.cluster.cluster)
      endSoon(connection, endOf(verdict))
    } else connection.end(endOf(allowed))
    return null
  }

  /** Unless the newest snapshot lets it in again by then. */
  const endSoon = (connection: OpenConnection, end: ConnectionEnd): void => {
    const again = (): boolean => {
      const arrival = connection.arrival()
      return held !== null && arrival !== null && admit(held.index, arrival, age(), latest()).admit
    }
    setTimeout(() => {
      if (!again()) connection.end(end)
    }, leaveMs).unref()
  }

  /**
   * Its member is another server by now, or the same by another name, and drivers are not told: the names that they know are
   * the same. So those that watch dial again, and what works ends when nothing is on its way.
   */
  const letGo = (connection: OpenConnection): void => {
    if (leaving.has(connection)) return
    leaving.add(connection)
    const reason = 'the member is at another address'
    const end = { side: 'gateway', code: 'MEMBER_MOVED', reason } as const
    const begin = (): void => {
      if (!isElsewhere(connection)) {
        leaving.delete(connection)
        return
      }
      connection.drain({ end, mayTurnAway: () => false })
      const turns = setInterval(() => {
        if (open.has(connection)) setImmediate(() => connection.rest())
        else clearInterval(turns)
      }, leaveMs).unref()
      const last = (): void => {
        clearInterval(turns)
        connection.speakLast(end)
        setTimeout(() => connection.end(end), leaveMs).unref()
      }
      setTimeout(last, movedMs).unref()
    }
    setTimeout(begin, leaveMs).unref()
  }

  /** Than the newest snapshot has its member. */
  const isElsewhere = (connection: OpenConnection): boolean => {
    const [arrival, live] = [connection.arrival(), connection.live()]
    if (held === null || arrival === null || live === null) return false
    const verdict = admit(held.index, arrival, age(), latest())
    return verdict.admit && verdict.member.hostPort !== live.member
  }

  const joined = (): readonly JoinedConnection[] =>
    [...open.keys()].map((connection) => connection.live()).filter((live) => live !== null)

  return {
    held: () => (held === null ? null : { epoch: held.epoch, n: held.n }),
    index: () => held?.index ?? null,
    /** Oldest first. */
    open: (): readonly OpenConnection[] => [...open.keys()],
    size: () => open.size,

    /** Takes a snapshot over at once and ends what it would not admit any more. Throws StaleSnapshotError. */
    hold({ epoch, n, body }: Numbered<GatewaySnapshot>): void {
      refuseStale(held, { epoch, n })
      const index = indexSnapshot(body, ended.follow(body))
      lookedAt = latest()
      held = { epoch, n, index, served: servedIn(body) }
      for (const connection of [...open.keys()]) {
        const verdict = stillAdmitted(index, connection)
        if (verdict === null) continue
        const live = connection.live()
        if (live !== null && live.memberId !== verdict.member.id) {
          connection.end({ side: 'gateway', code: 'MEMBER_CHANGED', reason: 'the port now stands for another member' })
        } else if (live !== null && live.tls !== verdict.endpoint.tls) {
          const reason = verdict.endpoint.tls
            ? 'from now on this endpoint speaks TLS'
            : 'this endpoint ends TLS no more'
          connection.end({ side: 'gateway', code: 'TLS_CHANGED', reason })
        } else {
          connection.renewed(verdict.endpoint, verdict.cluster.cluster)
          if (live !== null && live.member !== verdict.member.hostPort) letGo(connection)
        }
      }
      const kept = keptOf(body)
      tally.keep(kept)
      places.keep(kept.endpointIds)
    },

    /** The control plane said, so many milliseconds ago, that what is held is the newest. */
    confirmed(agoMs = 0): void {
      confirmedAt = now() - agoMs
    },
    age,
    /** By which it is judged what has ended; milliseconds since 1970. */
    latest,
    /** Ends who is there through an endpoint that fails closed at the snapshot's age by now, or by an entry whose time is over. */
    endAged(): void {
      const [before, at] = [lookedAt, latest()]
      lookedAt = at
      if (held === null) return
      const { ages, ends = [] } = held.index
      if (!ages && !ends.some((end) => before < end && end <= at)) return
      for (const connection of [...open.keys()]) stillAdmitted(held.index, connection)
    },

    accepted(connection: OpenConnection): void {
      accepted++
      open.set(connection, null)
    },
    /** Counts it among those of its endpoint that only watch; else says what stands against it. */
    enter: (connection: OpenConnection, { id }: Pick<GatewayEndpoint, 'id'>) =>
      once(places.enter({ id }), (against): EndpointLimit | null => {
        if (against === null) stand(connection, id, 'watching')
        return against
      }),
    /** Counts it among those that work, if its endpoint may have one more; else says which limit stands against it. */
    begin(connection: OpenConnection, endpoint: Pick<GatewayEndpoint, 'id' | 'limits'>) {
      if (open.get(connection)?.as === 'working') return null
      return once(places.begin(endpoint), (against): EndpointLimit | null => {
        if (against === null) stand(connection, endpoint.id, 'working')
        return against
      })
    },
    /** Whose door it is, as far as the port alone says. */
    whose: (arriving: Pick<Arriving, 'port' | 'ownDoors'>): Whose => whoseDoor(held?.index ?? null, arriving),
    refused(refused: Omit<Refused, 'lastAt'>): void {
      tally.refused({ ...refused, lastAt: now() })
    },
    /** It is over without having been joined. */
    gone: forget,
    /** A joined one is over; `last`: what was to be said of it then. */
    over(connection: OpenConnection, last: JoinedConnection, end: ConnectionEnd): void {
      if (!open.has(connection)) return
      tally.over(last, end)
      forget(connection)
    },
    /** Resolves when no connection is open. */
    empty: (): Promise<void> =>
      open.size === 0 ? Promise.resolve() : new Promise((resolve) => void whenEmpty.push(resolve)),
    connections: joined,
    counts: (): readonly Readonly<Count>[] => tally.counts(joined()),
    refusals: tally.refusals,

    stats: (): GatewayStats =>
      statsOf({ counts: tally.counts(joined()), refusals: tally.refusals(), accepted, open: open.size, join }),
  }
}
