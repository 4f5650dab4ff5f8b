// What must change between what is bound and what a new snapshot wants: pure, by listener id. A listener whose place or
// identity changed is closed and bound anew, since its connections were made under another identity.

import type { ForwarderListener } from '@postern/contract/snapshot'

export interface ForwarderPlan {
  /** Ids to be closed, their connections cut. */
  readonly close: readonly string[]
  /** Listeners to be bound, after everything is closed. */
  readonly open: readonly ForwarderListener[]
}

const sameListener = (one: ForwarderListener, other: ForwarderListener): boolean =>
  one.provider === other.provider &&
  one.linkId === other.linkId &&
  one.port === other.port &&
  one.gatewayPort === other.gatewayPort &&
  one.hosts.length === other.hosts.length &&
  one.hosts.every((host, index) => host === other.hosts[index])

/** `bound` holds only listeners that are wholly bound: one that failed is opened again by the next plan. */
export function planForwarder(
  bound: ReadonlyMap<string, ForwarderListener>,
  wanted: readonly ForwarderListener[],
): ForwarderPlan {
  const staying = new Set(
    wanted
      .filter((listener) => {
        const present = bound.get(listener.id)
        return present !== undefined && sameListener(present, listener)
      })
      .map(({ id }) => id),
  )
  return {
    close: [...bound.keys()].filter((id) => !staying.has(id)),
    open: wanted.filter(({ id }) => !staying.has(id)),
  }
}
