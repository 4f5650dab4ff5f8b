// Whose turn it is where several endpoints are served by one thread. An event loop serves whoever is ready in the order in which
// they became it, so that one endpoint's hundred busy connections are always before another's single one. Here an endpoint
// passes so much on in one turn of the loop; what is read for it beyond that waits, in order, and the endpoints that wait
// have their turns one after the other, each before the loop looks again who is ready. Nobody is read less for it: a socket
// is only stopped when too much of it waits. Where there is one endpoint, nothing waits.

import type { Side } from './join.ts'
import { muchBytes } from './read-buffers.ts'

type Speaker = Exclude<Side, 'gateway'>

interface Waiter {
  /** Of what waited, in order. */
  pass(side: Speaker, chunk: Buffer): void
}

/** Those of one endpoint. */
interface Line {
  readonly endpointId: string
  /** Of this thread's lines; it stays the same while somebody is there. */
  readonly number: number
  people: number
  /** What it has had of its turn. */
  had: number
  readonly waiting: Waiting[]
}

/** Of work in one turn; passing a message is one, and so are so many bytes of it. */
export const turnOfOne = 4
const workBytes = 16_384

const workOf = (bytes: number): number => 1 + Math.floor(bytes / workBytes)

/** One for each thread of JavaScript, as is the loop. */
const lines = new Map<string, Line>()
let lastNumber = 0
/** Those in which somebody waits, whose turn is next in front. */
let due: Line[] = []
/** Those that had all of their turn. */
let spent: Line[] = []
let isComing = false

export function enterLine(endpointId: string): Line {
  const line = lines.get(endpointId) ?? { endpointId, number: ++lastNumber, people: 0, had: 0, waiting: [] }
  lines.set(endpointId, line)
  line.people++
  return line
}

/** Once for each time that it was entered. */
export function leaveLine(line: Line): void {
  if (--line.people === 0) lines.delete(line.endpointId)
}

/** What waits of one connection. */
export class Waiting {
  readonly #line: Line
  readonly #waiter: Waiter
  #held: { readonly side: Speaker; readonly chunk: Buffer }[] | null = null
  #bytes = 0

  constructor(endpointId: string, waiter: Waiter) {
    this.#line = enterLine(endpointId)
    this.#waiter = waiter
  }

  get some(): boolean {
    return this.#held !== null
  }

  holds(of: Speaker): boolean {
    return this.#held?.some(({ side }) => side === of) ?? false
  }

  /** Whether so many bytes may go on now; else they are to be kept. */
  mayPass(bytes: number): boolean {
    if (this.#held !== null) return false
    if (lines.size === 1) return true
    const line = this.#line
    const work = workOf(bytes)
    if (work > turnOfOne || line.waiting.length > 0 || line.had >= turnOfOne) return false
    line.had += work
    if (line.had >= turnOfOne) {
      spent.push(line)
      come()
    }
    return true
  }

  /** Until its turn, which comes by itself. False where so much waits that no more should be read before. */
  keep(side: Speaker, chunk: Buffer): boolean {
    if (this.#held === null) {
      this.#held = []
      if (this.#line.waiting.length === 0) due.push(this.#line)
      this.#line.waiting.push(this)
      come()
    }
    this.#held.push({ side, chunk })
    this.#bytes += chunk.length
    return this.#bytes < muchBytes
  }

  /** Passes what waits, now, of both sides or of one; how much work that was. May be called while it passes something. */
  passAll(of?: Speaker): number {
    let bytes = 0
    for (;;) {
      const at = this.#held?.findIndex(({ side }) => of === undefined || side === of) ?? -1
      const [next] = at < 0 ? [] : (this.#held?.splice(at, 1) ?? [])
      if (next === undefined) return bytes === 0 ? 0 : workOf(bytes)
      bytes += next.chunk.length
      this.#bytes -= next.chunk.length
      if (this.#held?.length === 0) this.#held = null // until the last one passes, something waits
      this.#waiter.pass(next.side, next.chunk)
    }
  }

  /** It is over: what waits is lost. Once. */
  leave(): void {
    this.#held = null
    leaveLine(this.#line)
  }
}

function come(): void {
  if (isComing) return
  isComing = true
  setImmediate(nextTurn)
}

function nextTurn(): void {
  isComing = false
  for (const line of spent) line.had = 0
  spent = []
  const now = due
  due = []
  for (const line of now) {
    for (let had = 0; had < turnOfOne && line.waiting.length > 0; ) had += line.waiting.shift()?.passAll() ?? 0
    if (line.waiting.length > 0) due.push(line)
  }
  if (due.length > 0) come()
}
