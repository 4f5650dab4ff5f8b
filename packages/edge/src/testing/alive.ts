// What this process holds open, counted exactly: every socket, listener and timer from its making to its end, also those
// that would not keep the process alive. Timers of the test runner's own are told apart by where they were made.

import { createHook } from 'node:async_hooks'

const sockets: ReadonlySet<string> = new Set(['TCPWRAP', 'TCPSERVERWRAP', 'TLSWRAP'])

export interface Alive {
  readonly sockets: () => number
  /** Those made in a source file of this workspace, or by a socket for its own idle time. */
  readonly timers: () => number
  readonly end: () => void
}

/** Counts what is made from now on. */
export function countAlive(): Alive {
  const alive = new Map<number, 'socket' | 'timer'>()
  const hook = createHook({
    init(id, type) {
      if (sockets.has(type)) alive.set(id, 'socket')
      else if (type === 'Timeout' && isOurs(new Error().stack ?? '')) alive.set(id, 'timer')
    },
    destroy: (id) => void alive.delete(id),
  }).enable()
  const count = (kind: 'socket' | 'timer'): number => [...alive.values()].filter((each) => each === kind).length
  return { sockets: () => count('socket'), timers: () => count('timer'), end: () => void hook.disable() }
}

const isOurs = (stack: string): boolean =>
  /edge\/src\/(?!testing\/)/.test(stack.replaceAll(/.*\.test\.ts.*/g, '')) || stack.includes('Socket.setTimeout')
