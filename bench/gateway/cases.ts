// What is measured, and how one round of it is taken at one target. A round's figures are named, so that the table and the
// ratios know nothing of cases.

import { setTimeout as wait } from 'node:timers/promises'
import type { Load } from './load.ts'
import { cpuMicros, keepOnCore } from './process-usage.ts'
import { settled } from './settled.ts'
import type { DoorName, Running, Target } from './targets.ts'

export interface Figures {
  readonly perSecond?: number
  /** CPU time of one operation, in all threads of whom is measured. */
  readonly cpuMicros?: number
  readonly p50Micros?: number
  readonly p99Micros?: number
  readonly kib?: number
  /** p99 of the quiet endpoint alone, and by how much it is that beside a loaded one. */
  readonly aloneMicros?: number
  readonly times?: number
  /** How much of a core who is measured took. */
  readonly ownShare?: number
  /** How much of a core load and member took. */
  readonly loadShare?: number
  readonly memberShare?: number
}

export interface Bench {
  readonly load: Load
  readonly quietLoad: Load
  /** The process id of the member behind the busy doors. */
  readonly memberPid: number
  readonly ms: number
  /** Whoever is measured runs on this core; null: wherever the scheduler puts it. */
  readonly core: number | null
  /** Sees to it that only who is measured is waited for, until what it answers is called; null: it cannot here. */
  readonly apart: (() => () => void) | null
}

/** Whoever is measured runs here where it is kept apart from load and members. */
export const ownCore = 1

export interface Case {
  readonly name: string
  readonly says: string
  /** Which door it needs; a target without it is left out. */
  readonly door: DoorName
  /** Started anew for each round, with a way to collect its garbage. */
  readonly fresh?: boolean
  /** What others do to each other on their core is not to be seen in it. */
  readonly apart?: boolean
  readonly round: (bench: Bench, running: Running) => Promise<Figures>
}

const smallBytes = 200
const bigBytes = 1_048_576
const warmMs = 250

interface Operations {
  readonly door: 'plain' | 'tls'
  readonly connections: number
  readonly replyBytes: number
}

const operations =
  (kind: 'operations' | 'connects', { door: name, connections, replyBytes }: Operations): Case['round'] =>
  async ({ load, memberPid, ms }, running) => {
    const door = doorOf(running, name)
    const [began, memberBefore] = [performance.now(), cpuMicros(memberPid)]
    const window = { door, connections, replyBytes, warmMs, ms, watch: running.pid }
    const taken = await load.ask(kind === 'connects' ? { do: kind, ...window } : { do: kind, pauseMs: 0, ...window })
    const memberShare = (cpuMicros(memberPid) - memberBefore) / 1000 / (performance.now() - began)
    return {
      perSecond: taken.operations / taken.seconds,
      ...(running.pid !== null && { cpuMicros: taken.cpuMicros / taken.operations }),
      p50Micros: taken.p50Micros,
      p99Micros: taken.p99Micros,
      loadShare: taken.loadShare,
      memberShare,
    }
  }

const ofSize = (name: string, says: string, asked: Operations): Case => ({
  name,
  says,
  door: asked.door,
  round: operations('operations', asked),
})
const small = (connections: number): Case =>
  ofSize(`small-${connections}`, `200 B operations, ${connections} ${of(connections)}`, {
    door: 'plain',
    connections,
    replyBytes: smallBytes,
  })
const big = (connections: number): Case =>
  ofSize(`big-${connections}`, `1 MiB replies, ${connections} ${of(connections)}`, {
    door: 'plain',
    connections,
    replyBytes: bigBytes,
  })
const of = (count: number): string => (count === 1 ? 'connection' : 'connections')

const idleConnections = 5000
interface Idle {
  readonly door: 'plain' | 'tls'
  /** Whether each has asked once after its hello, or said nothing but hello. */
  readonly worked: boolean
}

/** What 5,000 connections hold, after the garbage was collected. */
const idle = (name: string, whose: string, { door: doorName, worked }: Idle): Case => ({
  name,
  says: `memory per idle connection, ${idleConnections.toLocaleString('en')} ${whose}`,
  door: doorName,
  fresh: true,
  round: async ({ load }, running) => {
    const { pid } = running
    if (pid === null) return {}
    const held = { do: 'hold', door: doorOf(running, doorName), replyBytes: worked ? smallBytes : 0 } as const
    await load.ask({ ...held, connections: 10 })
    const before = await settled(pid)
    await load.ask({ ...held, connections: idleConnections })
    const after = await settled(pid)
    await load.ask({ do: 'release' })
    return { kib: (after - before) / idleConnections }
  },
})

const quietPauseMs = 2

interface Flood {
  readonly name: string
  readonly says: string
  readonly door: 'plain' | 'tls'
  readonly connections: number
  readonly replyBytes?: number
  /** Its connections are new ones, with one operation each. */
  readonly comes?: boolean
}

/**
 * One connection that asks every 2 ms, alone and beside another endpoint at full load. Rate and CPU time are the busy one's.
 */
const flood = ({ name, says, door, connections, replyBytes = smallBytes, comes = false }: Flood): Case => ({
  name,
  says: `p99 of a quiet endpoint, beside another with ${says}, and alone`,
  door: 'quiet',
  apart: true,
  round: async ({ load, quietLoad, ms }, running) => {
    const busyDoor = running.doors[door]
    if (busyDoor === undefined) return {}
    const quiet = (): ReturnType<Load['ask']> =>
      quietLoad.ask({
        do: 'operations',
        door: doorOf(running, 'quiet'),
        connections: 1,
        replyBytes: smallBytes,
        pauseMs: quietPauseMs,
        warmMs,
        ms: 2 * ms,
        watch: null,
      })
    const alone = await quiet()
    const window = {
      ...{ door: busyDoor, connections, replyBytes },
      ...{ warmMs: 0, ms: 2 * ms + 2 * warmMs, watch: running.pid },
    }
    const full = load.ask(comes ? { do: 'connects', ...window } : { do: 'operations', pauseMs: 0, ...window })
    await wait(warmMs)
    const [beside, busy] = await Promise.all([quiet(), full])
    return {
      perSecond: busy.operations / busy.seconds,
      ...(running.pid !== null && {
        cpuMicros: busy.cpuMicros / busy.operations,
        ownShare: busy.cpuMicros / busy.seconds / 1e6,
      }),
      p50Micros: beside.p50Micros,
      p99Micros: beside.p99Micros,
      aloneMicros: alone.p99Micros,
      times: beside.p99Micros / alone.p99Micros,
    }
  },
})

const floods: readonly Flood[] = [
  { name: 'flood', says: '64 connections at work all the time', door: 'plain', connections: 64 },
  {
    name: 'flood-big',
    says: '8 connections that read 1 MiB at a time',
    door: 'plain',
    connections: 8,
    replyBytes: bigBytes,
  },
  { name: 'flood-new', says: '16 new connections at a time', door: 'plain', connections: 16, comes: true },
  { name: 'flood-tls', says: '16 new TLS connections at a time', door: 'tls', connections: 16, comes: true },
]

export const cases: readonly Case[] = [
  ...[1, 16, 64, 256].map(small),
  ...[1, 8].map(big),
  ...[1, 16].map((connections) =>
    ofSize(`tls-${connections}`, `200 B operations over TLS 1.3, ${connections} ${of(connections)}`, {
      door: 'tls',
      connections,
      replyBytes: smallBytes,
    }),
  ),
  {
    name: 'connects',
    says: 'new connections with one operation each, 16 at a time',
    door: 'plain',
    round: operations('connects', { door: 'plain', connections: 16, replyBytes: smallBytes }),
  },
  idle('idle', 'connections that have worked', { door: 'plain', worked: true }),
  idle('idle-hello', 'connections that have only said hello', { door: 'plain', worked: false }),
  idle('idle-tls', 'connections over TLS 1.3 that have worked', { door: 'tls', worked: true }),
  ...floods.map(flood),
]

function doorOf({ doors }: Running, name: DoorName) {
  const door = doors[name]
  if (door === undefined) throw new Error(`there is no door "${name}"`)
  return door
}

/** Takes every target's rounds of one case, by turns. What a target does not have is not in the answer. */
export async function takeRounds(
  one: Case,
  { bench, targets, rounds }: { readonly bench: Bench; readonly targets: readonly Target[]; readonly rounds: number },
): Promise<ReadonlyMap<string, readonly Figures[]>> {
  const taken = new Map<string, Figures[]>()
  const standing = new Map<string, Running>()
  const together = (one.apart === true && bench.apart?.()) || null
  try {
    for (let round = 0; round < rounds; round += 1) {
      // Each is first as often as the others.
      const turn = targets.map((_, at) => targets[(at + round) % targets.length] as Target)
      for (const target of turn) {
        const running = standing.get(target.name) ?? (await target.start({ collects: one.fresh === true }))
        const core = together === null ? bench.core : ownCore
        if (running.pid !== null && core !== null) keepOnCore(running.pid, core)
        standing.set(target.name, running)
        if (running.doors[one.door] === undefined || (one.fresh === true && running.pid === null)) continue
        const figures = await one.round(bench, running)
        taken.set(target.name, [...(taken.get(target.name) ?? []), figures])
        if (one.fresh !== true) continue
        standing.delete(target.name)
        await running.close()
      }
    }
  } finally {
    together?.()
    for (const running of standing.values()) await running.close()
  }
  return taken
}
