// Whether the control plane answers, and whether it still knows who asks: told by every answer, shown by the frame.

import { useSyncExternalStore } from 'react'

export interface Connection {
  /** Nothing answers at all; what was read before is still shown. */
  readonly away: boolean
  /** The session ended while somebody worked with it. */
  readonly signedOut: boolean
}

let now: Connection = { away: false, signedOut: false }
const listeners = new Set<() => void>()

export const connectionNow = (): Connection => now

export function noteConnection(change: Partial<Connection>): void {
  const next = { ...now, ...change }
  if (next.away === now.away && next.signedOut === now.signedOut) return
  now = next
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useConnection = (): Connection => useSyncExternalStore(subscribe, connectionNow)
