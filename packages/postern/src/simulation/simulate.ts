// One seed: a story of wishes, turns, messages, crashes and time, all chosen by the seed, then quiet. Answers what went
// wrong, if anything did. The same seed over an empty store tells the same story.

import type { Store } from '@postern/control-plane/parts'
import { clearStore, runStatements } from '@postern/control-plane/store/testing'
import { createShared, createSimulatedControlPlane, type SimulatedControlPlane } from './control-plane.ts'
import { createEdge, type EdgeDoor, followedFeeds, type Held } from './edge.ts'
import type { Fault } from './faults.ts'
import { createWatch } from './invariants.ts'
import { Crashed } from './life.ts'
import { createRandom } from './random.ts'
import { createWishes } from './wishes.ts'

export interface Story {
  readonly seed: number
  /** The first thing that was wrong, or null. */
  readonly violation: string | null
  readonly told: Told
}

/** How much happened. */
export interface Told {
  wishes: number
  turns: number
  /** Starts of control planes. */
  starts: number
  /** How often a control plane's clock jumped, and an edge and a control plane lost sight of each other. */
  jumps: number
  partings: number
  messages: number
  /** Endpoints that became AVAILABLE, and that went. */
  available: number
  gone: number
  /** Terminations that were taken back. */
  undone: number
}

export const nothingTold = (): Told => ({
  wishes: 0,
  turns: 0,
  starts: 0,
  jumps: 0,
  partings: 0,
  messages: 0,
  available: 0,
  gone: 0,
  undone: 0,
})

const steps = 90
const rescanMs = 60_000
/** Simulated time that everything has to come to its end, once nothing breaks any more; shorter than a rescan. */
const quietMs = 45_000
/** How often an edge says again what it holds. */
const signOfLifeMs = 20_000
const farMs = 1000
/** How far a clock may be from the others, either way: more than it takes to be held for silent. */
const longestJumpMs = 90_000
/** The last of them is new: nothing was heard of it when the story begins. */
const edgeNames = ['one', 'two', 'three'] as const
const orgId = '0'.repeat(24)
const groupId = '1'.repeat(24)

/** `store` is emptied first. Rejects only on a defect of the simulation itself. */
export const simulate = async (store: Store, seed: number, fault: Fault = { says: '' }): Promise<Story> => {
  await clearStore(store)
  await runStatements(store, fault.database?.plant ?? [])
  try {
    return await tell(store, seed, fault)
  } finally {
    await runStatements(store, fault.database?.remove ?? [])
  }
}

const tell = async (store: Store, seed: number, fault: Fault): Promise<Story> => {
  const random = createRandom(seed)
  const told = nothingTold()
  let now = Date.UTC(2026, 0, 1)
  let broken = true
  await putWorld(store, now)

  const shared = createShared({ now: () => now }, random)
  const planes = Array.from({ length: 2 }, () => {
    const wrongBy = { ms: 0 }
    const clock = { now: () => now + wrongBy.ms }
    const crashes = (): boolean => broken && random.chance(0.01)
    return { wrongBy, clock, ...createSimulatedControlPlane({ store, shared, clock, random, fault, crashes }) }
  })
  const clocks = (): readonly number[] => planes.map(({ clock }) => clock.now())
  /** Somebody's way through a balancer: one that is up, if any is. */
  const onePlane = (): SimulatedControlPlane => {
    const plane = random.pick(planes.filter(({ up }) => up())) ?? planes[0]
    if (plane === undefined) throw new Error('a world without a control plane')
    return plane
  }
  const messages: { readonly at: number; readonly arrive: () => Promise<void> }[] = []
  const network = {
    send: (arrive: () => Promise<void>) => {
      if (broken && random.chance(0.15)) return
      messages.push({ at: now + random.below(broken && random.chance(0.2) ? 1000 : 50), arrive })
      // As if it had been asked twice: the second answer comes when the world has moved on.
      if (broken && random.chance(0.3)) messages.push({ at: now + random.below(2000), arrive })
    },
    crashes: () => broken && random.chance(0.1),
    portTaken: () => broken && random.chance(0.1),
  }
  const parted = new Set<string>()
  const sees = (edge: string) => planes.filter((plane, at) => plane.up() && !parted.has(`${edge} ${at}`))
  const edges = edgeNames.map((name) =>
    createEdge(name, { door: doorOf((edge) => random.pick(sees(edge))), network, random, fault }),
  )
  const wishes = createWishes({ call: (operation, over) => onePlane().call(operation, over) }, random, groupId)
  const watch = createWatch(store, edges, shared)

  /** What a process that has ended was doing is nobody's trouble; anything else is. */
  const survive = async (work: Promise<unknown>): Promise<void> => {
    try {
      await work
    } catch (error) {
      if (!(error instanceof Crashed)) throw error
    }
  }
  const start = async (): Promise<void> => {
    for (const plane of planes) {
      if (plane.up()) continue
      told.starts += 1
      await survive(plane.start())
    }
  }
  const turn = async (): Promise<boolean> => {
    const took = await shared.turns.step()
    if (took) told.turns += 1
    return took
  }
  const deliver = async (): Promise<boolean> => {
    const due = messages.filter(({ at }) => at <= now)
    const message = random.pick(due)
    if (message === undefined) return false
    messages.splice(messages.indexOf(message), 1)
    told.messages += 1
    await message.arrive().catch(() => {})
    return true
  }
  const poll = async (): Promise<false> => {
    const edge = random.pick(edges)
    for (const feed of followedFeeds) await edge?.poll(feed)
    return false
  }
  const breakSomething = async (): Promise<false> => {
    if (random.chance(0.5)) random.pick(planes)?.kill()
    else random.pick(edges)?.crash()
    return false
  }
  const jump = async (): Promise<false> => {
    told.jumps += 1
    const plane = random.pick(planes)
    if (plane !== undefined) plane.wrongBy.ms = Math.round((random.next() * 2 - 1) * longestJumpMs)
    return false
  }
  const part = async (): Promise<false> => {
    told.partings += 1
    parted.add(`${random.pick(edgeNames)} ${random.below(planes.length)}`)
    return false
  }
  const mend = async (): Promise<false> => {
    await start()
    if (random.chance(0.5)) parted.clear()
    for (const edge of edges) if (!edge.up()) edge.start()
    return false
  }
  let scanned = now
  const pass = async (ms: number): Promise<false> => {
    now += ms
    if (now - scanned < rescanMs) return false
    scanned = now
    for (const plane of planes) if (plane.up()) await survive(plane.rescan())
    return false
  }

  // All edges but one are known before the story begins, as one is that has once asked.
  broken = false
  edges.at(-1)?.crash()
  await start()
  await wishes.begin()
  const atOnce = await calm()
  if (atOnce !== null) return story(atOnce)
  broken = true

  /** Each with its weight. One that answers false has changed no row. */
  const acts: readonly (readonly [number, () => Promise<boolean>])[] = [
    [30, turn],
    [22, deliver],
    [16, poll],
    [
      16,
      async () => {
        told.wishes += 1
        await wishes.make()
        return true
      },
    ],
    [12, () => pass(random.below(300))],
    [1, () => pass(20_000)],
    [3, breakSomething],
    [1, jump],
    [2, part],
    [8, mend],
  ]
  const whole = acts.reduce((sum, [weight]) => sum + weight, 0)
  for (let step = 0; step < steps; step++) {
    let left = random.below(whole)
    const chosen = acts.find(([weight]) => {
      left -= weight
      return left < 0
    })
    const changed = await chosen?.[1]()
    const violation = changed === false ? watch.ofEdges() : await watch.afterStep(clocks())
    if (violation !== null) return story(violation)
  }

  broken = false
  parted.clear()
  await mend()
  for (const { wrongBy } of planes) wrongBy.ms = 0
  // What was put down for later, by a clock that ran ahead, for one that ran behind, is due by then.
  now += 2 * longestJumpMs
  return story((await calm()) ?? (await wishes.heldPlace(await watch.places())))

  function story(violation: string | null): Story {
    return { seed, violation, told: { ...told, ...watch.counted(), undone: wishes.undone() } }
  }

  /** Nothing breaks: everything runs until every wish has come to its end, or the time for it is over. */
  async function calm(): Promise<string | null> {
    const until = now + quietMs
    let signOfLife = now
    for (;;) {
      if (now >= signOfLife) {
        for (const edge of edges) edge.reportAll()
        signOfLife = now + signOfLifeMs
      }
      while ((await turn()) || (await deliver())) {
        const violation = await watch.afterStep(clocks())
        if (violation !== null) return violation
      }
      if (messages.length === 0) for (const edge of edges) for (const feed of followedFeeds) await edge.poll(feed)
      const next = Math.min(shared.turns.nextDue() ?? signOfLife, signOfLife, ...messages.map(({ at }) => at))
      // What is left to come is far away: perhaps everything is at its end.
      const violation = next - now < farMs ? 'something is on its way' : await watch.atEnd(wishes)
      if (violation === null || next > until) return violation
      now = Math.max(now, next)
    }
  }
}

/** `find` answers the control plane that this edge reaches; none is a connection that broke. */
const doorOf = (find: (edge: string) => SimulatedControlPlane | undefined): EdgeDoor => {
  const reached = (edge: string): SimulatedControlPlane => {
    const plane = find(edge)
    if (plane === undefined) throw new Crashed('nobody answers')
    return plane
  }
  return {
    snapshot: async (edge, feed, held) => {
      const { body, json } = await reached(edge).call('getEdgeSnapshot', {
        params: { edge, feed },
        query: held === null ? {} : { epoch: held.epoch, after: held.n },
      })
      return json === undefined ? ((body as Held | undefined) ?? null) : (JSON.parse(json) as Held)
    },
    report: async (edge, feed, { epoch, n, bound, failed }) => {
      await reached(edge).call('createEdgeReport', {
        params: { edge, feed },
        body: { epoch, n, bound: [...bound], failed: [...failed] },
      })
    },
  }
}

/** A group with one cluster of two members; the store's mark is the same in every run. */
const putWorld = (store: Store, now: number): Promise<void> =>
  store.transact(async (tx) => {
    const created = new Date(now)
    await tx.updateTable('store_mark').set({ epoch: 'simulated' }).execute()
    await tx.insertInto('organization').values({ id: orgId, name: 'O', created }).execute()
    await tx
      .insertInto('group')
      .values({ id: groupId, org_id: orgId, name: 'G', hash: 'abcde', created, tags: '[]', settings: '{}' })
      .execute()
    const cluster_id = '2'.repeat(24)
    await tx
      .insertInto('cluster')
      .values({
        id: cluster_id,
        group_id: groupId,
        name: 'Cluster0',
        engine: 'registered',
        cluster_type: 'REPLICASET',
        state: 'IDLE',
        spec: '{}',
        set_name: 'rs0',
        mongodb_version: '8.0.4',
        access: null,
        tls: null,
        error_message: null,
        created,
      })
      .execute()
    for (const position of [0, 1])
      await tx
        .insertInto('member')
        .values({
          id: `3${position}`.padEnd(24, '0'),
          cluster_id,
          host_port: `127.0.0.1:${27_017 + position}`,
          provider: 'AWS',
          region: 'US_EAST_1',
          role: position === 0 ? 'primary' : 'secondary',
          position,
        })
        .execute()
  })
