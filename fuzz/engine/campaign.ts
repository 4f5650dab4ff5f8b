// One target's share of a run, watched from outside: an input that is still being run after `stuckMs` is a finding.

import { Worker } from 'node:worker_threads'
import type { Bundle } from './bundle.ts'
import type { Explored } from './explore.ts'
import type { Order } from './worker.ts'

export interface Campaign {
  readonly bundle: Bundle
  readonly target: string
  readonly kept: readonly Buffer[]
  readonly seed: number
  /** How many executions; null: for `ms`. */
  readonly runs: number | null
  readonly ms: number
}

const stuckMs = 20_000
const longestInput = 1_048_576

export async function runCampaign({ bundle, target, kept, seed, runs, ms }: Campaign): Promise<Explored> {
  const shared = new SharedArrayBuffer(8 + longestInput)
  const head = new Int32Array(shared, 0, 2)
  const order: Order = {
    counters: bundle.counters,
    target,
    words: bundle.words,
    kept,
    seed,
    runs,
    until: Date.now() + ms,
    shared,
  }
  const worker = new Worker(bundle.path, {
    workerData: order,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  return new Promise((resolve, reject) => {
    let begun = -1
    const ended = (error: string): void => {
      clearInterval(watch)
      const input = Buffer.from(Buffer.from(shared, 8, head[1] ?? 0))
      resolve({ executions: head[0] ?? 0, places: 0, corpus: [...kept], findings: [{ input, error }] })
    }
    const watch = setInterval(() => {
      const now = Atomics.load(head, 0)
      if (now > 0 && now === begun) {
        ended(`still running after ${stuckMs / 1000} s`)
        void worker.terminate()
      }
      begun = now
    }, stuckMs)
    worker.once('message', (explored: Explored) => {
      clearInterval(watch)
      resolve({
        ...explored,
        corpus: explored.corpus.map((input) => Buffer.from(input)),
        findings: explored.findings.map(({ input, error }) => ({ input: Buffer.from(input), error })),
      })
    })
    worker.once('error', (error: Error & { code?: string }) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return ended('took more than 512 MB')
      clearInterval(watch)
      reject(error)
    })
  })
}
