// Those of whom it is not known yet whether they may send a PROXY header: from addresses that nobody trusts, where a forwarder's
// proof could make up for that. They say nothing for as long as a header may take, so they have a share of the places alone: one
// address an eighth (of IPv6 its /64), all of them half.

import { networkOf } from '../network.ts'

export interface WaitingRoom {
  /** Answers with what is to be called when it is known; null: there are as many as there may be. */
  enter(address: string): (() => void) | null
}

/** `places`: connections that the gateway may have by now. */
export function createWaitingRoom(places: () => number): WaitingRoom {
  const perAddress = new Map<string, number>()
  let all = 0
  return {
    enter(address) {
      const from = address.includes(':') ? networkOf(address, 'host') : address
      const own = perAddress.get(from) ?? 0
      if (own >= Math.max(1, places() / 8) || all >= Math.max(1, places() / 2)) return null
      perAddress.set(from, own + 1)
      all += 1
      return () => {
        all -= 1
        const left = (perAddress.get(from) ?? 1) - 1
        if (left === 0) perAddress.delete(from)
        else perAddress.set(from, left)
      }
    },
  }
}
