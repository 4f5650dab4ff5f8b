// Those of whom it is not known yet whether they may send a PROXY header: from addresses that nobody trusts, where a forwarder's
// proof could make up for that. They say nothing for as long as a header may take, so they have a share of the places alone: one
// address an eighth (of IPv6 its /64), all of them half. Whoever comes is let in, in the place of the one that has waited longest,
// of its own address where that has its share already: a forwarder sends at once, so nobody's silence shuts it out.

import { networkOf } from '../network.ts'

export interface WaitingRoom {
  /** `close` is called when another needs its place. Answers with what is to be called when it is known. */
  enter(address: string, close: () => void): () => void
}

interface Waiter {
  readonly from: string
  readonly close: () => void
}

/** `places`: connections that the gateway may have by now. */
export function createWaitingRoom(places: () => number): WaitingRoom {
  /** The one that has waited longest first. */
  const all = new Set<Waiter>()
  const byAddress = new Map<string, Set<Waiter>>()

  const leave = (waiter: Waiter): void => {
    all.delete(waiter)
    const its = byAddress.get(waiter.from)
    its?.delete(waiter)
    if (its?.size === 0) byAddress.delete(waiter.from)
  }

  const closeLongest = (among: ReadonlySet<Waiter>, share: number): void => {
    const [longest] = among
    if (longest === undefined || among.size <= Math.max(1, share)) return
    leave(longest)
    longest.close()
  }

  return {
    enter(address, close) {
      const from = address.includes(':') ? networkOf(address, 'host') : address
      const waiter: Waiter = { from, close }
      const its = byAddress.get(from) ?? new Set()
      byAddress.set(from, its.add(waiter))
      all.add(waiter)
      onceHeard(() => {
        closeLongest(its, places() / 8)
        closeLongest(all, places() / 2)
      })
      return () => leave(waiter)
    },
  }
}

/** When what came along with those that were accepted in this turn of the loop has been read: many may come at once. */
const onceHeard = (work: () => void): void => void setImmediate(() => setImmediate(work))
