// Over which of several members a connection is dialled: the one that has fewest of those that were spread here, and of
// equals the one that waited longest. A member that could not be dialled is tried last for a while, and the next one at
// once, so that a router that is lost costs its own connections alone.

import type { OnReadOpts, Socket } from 'node:net'
import type { GatewayMember } from '@postern/contract/snapshot'
import type { Admission } from './admit.ts'
import { type Dial, DialError } from './upstream.ts'

/** How long a member that could not be dialled is tried last. */
const troubledMs = 10_000

export interface Spread {
  /** The members in the order in which they are to be tried. */
  order(members: readonly GatewayMember[]): readonly GatewayMember[]
  /** It was given a connection; to be called once that is over. */
  took(memberId: string): () => void
  /** It could not be dialled. */
  failed(memberId: string): void
}

/** `now`: milliseconds since 1970. One for the whole gateway: a member's load is what comes by all of its ports. */
export function createSpread(now: () => number): Spread {
  const load = new Map<string, number>()
  const lastTook = new Map<string, number>()
  const failedAt = new Map<string, number>()
  let turn = 0

  const isTroubled = (id: string): number => (Math.abs(now() - (failedAt.get(id) ?? -Infinity)) < troubledMs ? 1 : 0)

  return {
    order: (members) =>
      members.toSorted(
        (one, other) =>
          isTroubled(one.id) - isTroubled(other.id) ||
          (load.get(one.id) ?? 0) - (load.get(other.id) ?? 0) ||
          (lastTook.get(one.id) ?? 0) - (lastTook.get(other.id) ?? 0),
      ),
    took(id) {
      load.set(id, (load.get(id) ?? 0) + 1)
      lastTook.set(id, ++turn)
      let over = false
      return () => {
        if (over) return
        over = true
        const left = (load.get(id) ?? 1) - 1
        if (left > 0) load.set(id, left)
        else load.delete(id)
      }
    },
    failed(id) {
      failedAt.set(id, now())
    },
  }
}

export interface Dialled {
  readonly member: GatewayMember
  readonly socket: Socket
  /** To be called once the connection is over: a join may give its socket away before that. */
  readonly over: () => void
}

interface DialParts {
  readonly dial: Dial
  readonly spread: Spread
  readonly limits: { readonly dialMs: number }
}

/** Of no dial: it is held for as long as its connection lasts. */
const nothing = (): void => {}

/**
 * Dials the member that an arrival was admitted to, or one of those over which it is spread. Rejects with the DialError of
 * the last that was tried. A connection counts as its member's from the moment it is dialled, so that many at once do
 * not all go to the same.
 */
export async function dialAdmitted(
  { member: only, balances, cluster }: Pick<Extract<Admission, { admit: true }>, 'member' | 'balances' | 'cluster'>,
  onread: OnReadOpts,
  { dial, spread, limits }: DialParts,
): Promise<Dialled> {
  const open = ({ hostPort }: GatewayMember): Promise<Socket> =>
    dial({ hostPort, tls: cluster.cluster.tls, timeoutMs: limits.dialMs, onread })
  if (balances === null) return { member: only, socket: await open(only), over: nothing }

  let last: unknown
  for (const member of spread.order(balances)) {
    const over = spread.took(member.id)
    try {
      return { member, socket: await open(member), over }
    } catch (error) {
      over()
      if (!(error instanceof DialError)) throw error
      spread.failed(member.id)
      last = error
    }
  }
  throw last
}
