// One target in a thread of its own, so that an input that never ends can be told and ended. What is being run lies in
// shared memory: how many were begun, the length, then the bytes.

import { parentPort, workerData } from 'node:worker_threads'
import { createRandom } from '../../packages/postern/src/simulation/random.ts'
import { targets } from '../targets.ts'
import { explore } from './explore.ts'

export interface Order {
  readonly counters: number
  readonly target: string
  readonly words: readonly Uint8Array[]
  readonly kept: readonly Uint8Array[]
  readonly seed: number
  /** Null: until `until`, in milliseconds since 1970. */
  readonly runs: number | null
  readonly until: number
  readonly shared: SharedArrayBuffer
}

const order = workerData as Order
// Put there by the bundle (see bundle.ts), which is how this file is run.
const counted = (globalThis as { readonly __postern_fuzz_counters?: Uint8Array }).__postern_fuzz_counters
const counters = counted?.subarray(0, order.counters) ?? new Uint8Array(0)
const target = targets[order.target]
if (target === undefined) throw new Error(`there is no target ${order.target}`)

const head = new Int32Array(order.shared, 0, 2)
const body = Buffer.from(order.shared, 8)
const explored = await explore({
  target,
  counters,
  words: order.words.map((word) => Buffer.from(word)),
  kept: order.kept.map((input) => Buffer.from(input)),
  random: createRandom(order.seed),
  goesOn: (executions) =>
    order.runs === null ? executions % 64 !== 0 || Date.now() < order.until : executions < order.runs,
  before: (input) => {
    head[1] = input.copy(body)
    Atomics.add(head, 0, 1)
  },
})
parentPort?.postMessage(explored)
