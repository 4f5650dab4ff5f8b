// A gateway as far as its feed goes. What it may take, when it asks again and whom it admits is the real edge's own code;
// its disk and its process are a model. What it serves is in memory, what it has reported is on its disk.

import type { GatewaySnapshot, Numbered } from '@postern/contract/snapshot'
import { withChange } from '@postern/contract/snapshot-change'
import { accepts, backOffMs, type Mark } from '@postern/edge/follow/decide'
import { typedSnapshot } from '@postern/edge/follow/parse-snapshot'
import { ChangeError, type RawWhole, rawWhole } from '@postern/edge/follow/raw-whole'
import { admit, indexSnapshot, type SnapshotIndex } from '@postern/edge/gateway/admit'
import type { Random } from '../random.ts'
import { doorPort } from './door.ts'
import type { FeedFault } from './faults.ts'
import { gatewayPort, type Heard, type Report } from './planes.ts'

export interface Gateway {
  readonly name: string
  readonly up: () => boolean
  readonly held: () => Mark | null
  /** When it will ask again, in milliseconds since 1970; null while a question is on its way. */
  readonly asksAt: () => number | null
  /** Begins a question: its number, and what to say. */
  readonly ask: () => { readonly question: number; readonly held: Mark | null; readonly changes: boolean }
  /** Null: no answer came, or nothing newer. Answers of questions that were given up are not heard. */
  readonly answered: (question: number, text: string | null, failed: boolean) => void
  readonly report: () => void
  /** What came of the report of this number; of those before it nothing is heard any more. */
  readonly heard: (report: number, heard: Heard) => void
  readonly crash: () => void
  readonly start: () => void
  readonly loseDisk: () => void
  readonly admits: (id: string) => boolean
  /** At the standard listener, whoever comes from there. */
  readonly letsIn: (address: string) => boolean
  /** What a start would do. */
  readonly wouldLetIn: (address: string) => boolean
  /** The newest number of this epoch that it said to have taken, as far as it remembers; 0: none. */
  readonly acknowledged: (epoch: string) => number
  /** False where its disk was lost since it reported: what it said of itself is not true any more. */
  readonly remembers: () => boolean
  /** What a start would serve. */
  readonly wouldAdmit: (id: string) => boolean
  /** What it serves, as JSON, as it came or as changes made it; null: nothing. */
  readonly serves: () => { readonly mark: Mark; readonly body: string } | null
  /** How many times changes led it on, and how many times they did not fit. */
  readonly changed: () => { readonly fitted: number; readonly refused: number }
  /** Where it went back within an epoch behind what it had reported or was serving; null: it never did. */
  readonly wentBack: () => string | null
  /** What it could make nothing of; null: it read all that came. */
  readonly unreadable: () => string | null
}

interface Around {
  readonly now: () => number
  readonly random: Random
  readonly send: (report: Report, number: number) => void
  readonly crashes: () => boolean
  readonly diskFull: () => boolean
  readonly portTaken: () => boolean
  /** An older one is only ever sent wholes. */
  readonly takesChanges: boolean
  readonly fault: FeedFault
}

interface Held {
  readonly snapshot: Numbered<GatewaySnapshot>
  readonly raw: RawWhole
  readonly index: SnapshotIndex
}

const nothing = indexSnapshot({ listeners: [], endpoints: [], clusters: [] })

export const createGateway = (name: string, around: Around): Gateway => {
  const { random, fault } = around
  const takes = fault.accepts ?? accepts
  let running = true
  let disk: Held | null = null
  let memory: Held | null = null
  let lost = false
  /**
   * A request has one response. That one is heard twice here, of two moments, stands for whatever may bring an older number
   * after a newer; of two epochs it would stand for what cannot be.
   */
  let answered: { readonly question: number; readonly epoch: string } | null = null
  const changed = { fitted: 0, refused: 0 }
  let index: SnapshotIndex = nothing
  let kept = true
  let question = 0
  let asksAt: number | null = 0
  let failures = 0
  let back: string | null = null
  let unreadable: string | null = null
  const reported = new Map<string, number>()
  let sent: { readonly number: number; readonly bound: boolean } = { number: 0, bound: false }
  /** Lists that the control plane has, as it said; null: none that this run knows of. */
  let known: boolean | null = null

  const admitting = (among: SnapshotIndex, id: string): boolean =>
    admit(among, { gatewayPort, link: { provider: 'AWS', linkId: id }, sni: 'unread' }).admit
  const lettingIn = (among: SnapshotIndex, source: string): boolean =>
    admit(among, { gatewayPort: doorPort, link: null, source, sni: 'unread' }).admit

  const serve = (held: Held): void => {
    const { snapshot } = held
    const served = memory?.snapshot.epoch === snapshot.epoch ? memory.snapshot.n : 0
    const floor = Math.max(reported.get(snapshot.epoch) ?? 0, served)
    if (snapshot.n < floor) back ??= `from ${floor} to ${snapshot.n}`
    memory = held
    index = held.index
  }

  const crash = (): void => {
    running = false
    memory = null
    index = nothing
    question += 1
    asksAt = null
    known = null
  }
  const dies = (): boolean => {
    if (running && around.crashes()) crash()
    return !running
  }

  const report = (): void => {
    const said = (fault.reportsUnkept || kept ? memory : disk)?.snapshot
    if (!running || said === undefined) return
    reported.set(said.epoch, Math.max(said.n, reported.get(said.epoch) ?? 0))
    sent = { number: sent.number + 1, bound: !around.portTaken() }
    const { number, bound } = sent
    around.send({ edge: name, epoch: said.epoch, n: said.n, bound, whole: known !== bound }, number)
  }

  const keep = (): void => {
    if (memory === null || around.diskFull()) return
    disk = memory
    kept = true
  }

  const take = (held: Held): void => {
    serve(held)
    kept = false
    if (fault.reportsUnkept) report()
    if (dies()) return
    keep()
    if (dies()) return
    report()
  }

  return {
    name,
    up: () => running,
    held: () => memory && markOf(memory),
    asksAt: () => (running ? asksAt : null),
    ask: () => {
      question += 1
      asksAt = null
      return { question, held: memory && markOf(memory), changes: around.takesChanges && memory !== null && !lost }
    },
    answered: (of, text, failed) => {
      if (!running || of !== question) return
      failures = failed ? failures + 1 : 0
      asksAt = around.now() + (failed ? backOffMs(failures, random.next) : 0)
      if (text === null) return
      try {
        const raw = fault.laysUnchecked
          ? laid(text, memory)
          : rawWhole(text, memory && { mark: markOf(memory), raw: memory.raw })
        const snapshot = typedSnapshot('gateway', raw.value)
        const offered = { raw, snapshot, index: indexSnapshot(snapshot.body) }
        if (answered !== null && answered.question === of && answered.epoch !== offered.snapshot.epoch) return
        answered = { question: of, epoch: offered.snapshot.epoch }
        if (text.includes('"changes":[')) changed.fitted += 1
        if (!takes(memory && markOf(memory), offered.snapshot)) return
        take(offered)
        lost = false
      } catch (error) {
        if (!(error instanceof ChangeError)) {
          unreadable ??= String(error)
          return
        }
        changed.refused += 1
        lost = true
        failures += 1
        asksAt = around.now() + backOffMs(failures, random.next)
      }
    },
    report: () => {
      if (running && !kept) keep()
      report()
    },
    heard: (number, heard) => {
      if (!running || number !== sent.number) return
      known = heard === 'known' ? sent.bound : null
      if (heard === 'unknown') report()
    },
    crash,
    start: () => {
      if (running) return
      running = true
      kept = true
      asksAt = around.now()
      lost = false
      if (disk !== null) serve(disk)
      report()
    },
    loseDisk: () => {
      crash()
      disk = null
      reported.clear()
    },
    admits: (id) => admitting(index, id),
    remembers: () => reported.size > 0,
    wouldAdmit: (id) => disk !== null && admitting(disk.index, id),
    letsIn: (address) => lettingIn(index, address),
    wouldLetIn: (address) => disk !== null && lettingIn(disk.index, address),
    acknowledged: (epoch) => reported.get(epoch) ?? 0,
    serves: () =>
      memory && { mark: markOf(memory), body: JSON.stringify((memory.raw.value as { readonly body: unknown }).body) },
    changed: () => changed,
    wentBack: () => back,
    unreadable: () => unreadable,
  }
}

const markOf = ({ snapshot: { epoch, n } }: Held): Mark => ({ epoch, n })

/** As it would be without its checks. */
const laid = (text: string, held: Held | null): RawWhole => {
  const came = JSON.parse(text) as Record<string, unknown> & { readonly changes?: readonly unknown[] }
  if (came.changes === undefined || held === null) return { value: came, json: text }
  const { schema, epoch, n, changes } = came
  try {
    const body = changes.reduce(withChange, (held.raw.value as { readonly body: unknown }).body)
    const value = { schema, epoch, n, body }
    return { value, json: JSON.stringify(value) }
  } catch (error) {
    throw new ChangeError(String(error))
  }
}
