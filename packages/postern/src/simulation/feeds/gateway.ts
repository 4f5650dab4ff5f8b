// A gateway as far as its feed goes. What it may take, when it asks again and whom it admits is the real edge's own code;
// its disk and its process are a model. What it serves is in memory, what it has reported is on its disk.

import type { GatewaySnapshot, Numbered } from '@postern/contract/snapshot'
import { accepts, backOffMs, type Mark } from '@postern/edge/follow/decide'
import { parseSnapshot } from '@postern/edge/follow/parse-snapshot'
import { admit, indexSnapshot, type SnapshotIndex } from '@postern/edge/gateway/admit'
import type { Random } from '../random.ts'
import type { FeedFault } from './faults.ts'
import { gatewayPort } from './planes.ts'

export interface Report {
  readonly edge: string
  readonly epoch: string
  readonly n: number
  readonly bound: boolean
}

export interface Gateway {
  readonly name: string
  readonly up: () => boolean
  readonly held: () => Mark | null
  /** When it will ask again, in milliseconds since 1970; null while a question is on its way. */
  readonly asksAt: () => number | null
  /** Begins a question: its number, and what to say. */
  readonly ask: () => { readonly question: number; readonly held: Mark | null }
  /** Null: no answer came, or nothing newer. Answers of questions that were given up are not heard. */
  readonly answered: (question: number, text: string | null, failed: boolean) => void
  readonly report: () => void
  readonly crash: () => void
  readonly start: () => void
  readonly loseDisk: () => void
  readonly admits: (id: string) => boolean
  /** False where its disk was lost since it reported: what it said of itself is not true any more. */
  readonly remembers: () => boolean
  /** What a start would serve. */
  readonly wouldAdmit: (id: string) => boolean
  /** Where it went back within an epoch behind what it had reported or was serving; null: it never did. */
  readonly wentBack: () => string | null
}

interface Around {
  readonly now: () => number
  readonly random: Random
  readonly send: (report: Report) => void
  readonly crashes: () => boolean
  readonly diskFull: () => boolean
  readonly portTaken: () => boolean
  readonly fault: FeedFault
}

const nothing = indexSnapshot({ listeners: [], endpoints: [], clusters: [] })

export const createGateway = (name: string, around: Around): Gateway => {
  const { random, fault } = around
  const takes = fault.accepts ?? accepts
  let running = true
  let disk: Numbered<GatewaySnapshot> | null = null
  let memory: Numbered<GatewaySnapshot> | null = null
  let index: SnapshotIndex = nothing
  let kept = true
  let question = 0
  let asksAt: number | null = 0
  let failures = 0
  let back: string | null = null
  const reported = new Map<string, number>()

  const admitting = (among: SnapshotIndex, id: string): boolean =>
    admit(among, { gatewayPort, link: { provider: 'AWS', linkId: id }, sni: 'unread' }).admit

  const serve = (snapshot: Numbered<GatewaySnapshot>): void => {
    const floor = Math.max(reported.get(snapshot.epoch) ?? 0, memory?.epoch === snapshot.epoch ? memory.n : 0)
    if (snapshot.n < floor) back ??= `from ${floor} to ${snapshot.n}`
    memory = snapshot
    index = indexSnapshot(snapshot.body)
  }

  const crash = (): void => {
    running = false
    memory = null
    index = nothing
    question += 1
    asksAt = null
  }
  const dies = (): boolean => {
    if (running && around.crashes()) crash()
    return !running
  }

  const report = (): void => {
    const said = fault.reportsUnkept || kept ? memory : disk
    if (!running || said === null) return
    reported.set(said.epoch, Math.max(said.n, reported.get(said.epoch) ?? 0))
    around.send({ edge: name, epoch: said.epoch, n: said.n, bound: !around.portTaken() })
  }

  const keep = (): void => {
    if (memory === null || around.diskFull()) return
    disk = memory
    kept = true
  }

  const take = (snapshot: Numbered<GatewaySnapshot>): void => {
    serve(snapshot)
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
    held: () => memory && { epoch: memory.epoch, n: memory.n },
    asksAt: () => (running ? asksAt : null),
    ask: () => {
      question += 1
      asksAt = null
      return { question, held: memory && { epoch: memory.epoch, n: memory.n } }
    },
    answered: (of, text, failed) => {
      if (!running || of !== question) return
      failures = failed ? failures + 1 : 0
      asksAt = around.now() + (failed ? backOffMs(failures, random.next) : 0)
      if (text === null) return
      const offered = parseSnapshot('gateway', text)
      if (takes(memory, offered)) take(offered)
    },
    report: () => {
      if (running && !kept) keep()
      report()
    },
    crash,
    start: () => {
      if (running) return
      running = true
      kept = true
      asksAt = around.now()
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
    wouldAdmit: (id) => disk !== null && admitting(indexSnapshot(disk.body), id),
    wentBack: () => back,
  }
}
