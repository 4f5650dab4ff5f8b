// The load's process as its parent sees it.

import { startNode } from './node-process.ts'

/** Where to connect, and what to say first. */
export interface Door {
  readonly port: number
  /** In hex. */
  readonly preface: string
  readonly tls: { readonly ca: string; readonly servername: string } | null
}

interface Window {
  readonly door: Door
  readonly connections: number
  readonly replyBytes: number
  readonly warmMs: number
  readonly ms: number
  /** The process whose CPU time is taken, too. */
  readonly watch: number | null
}

export type Ask =
  | ({ readonly do: 'operations' /** Between a reply and the next request. */; readonly pauseMs: number } & Window)
  | ({ readonly do: 'connects' } & Window)
  /** Of 0 bytes: they only say hello. */
  | ({ readonly do: 'hold' } & Pick<Window, 'door' | 'connections' | 'replyBytes'>)
  /** As 'hold', but one that is turned away is no failure; answers how many are held more. */
  | ({ readonly do: 'fill' } & Pick<Window, 'door' | 'connections' | 'replyBytes'>)
  /** Every one that is held asks once more; answers how many were answered. */
  | { readonly do: 'ask all'; readonly replyBytes: number }
  /** `count`: of those that are held, all unless it is said. */
  | { readonly do: 'release'; readonly count?: number }

export interface Answer {
  readonly operations: number
  readonly seconds: number
  /** Of the watched process, within the window. */
  readonly cpuMicros: number
  /** How much of a core the load itself took: near 1, it is the load that was measured. */
  readonly loadShare: number
  readonly p50Micros: number
  readonly p99Micros: number
}

export interface Load {
  readonly pid: number
  readonly ask: (ask: Ask) => Promise<Answer>
  readonly close: () => Promise<void>
}

export function startLoad(folder: string): Load {
  const { child, pid, close } = startNode(`${folder}load-process.js`)
  return {
    pid,
    ask: (ask) =>
      new Promise((resolve, reject) => {
        child.once('message', (said: Answer | { readonly failed: string }) =>
          'failed' in said ? reject(new Error(said.failed)) : resolve(said),
        )
        child.send(ask)
      }),
    close,
  }
}
