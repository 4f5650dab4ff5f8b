// Several control planes, several gateways, and a bad network between them, told from a seed: messages are late, doubled, in
// another order or lost, and say the whole or what changed; processes end at any point; control planes lose sight of gateways; clocks jump by up to two hours;
// disks are full or lost; now and then a store is put back and begins a new epoch. A step costs no query, so a hundred
// thousand stories are a matter of minutes; the stories over the whole control plane are simulate.ts.

import { silentAfterMs } from '@postern/control-plane/resources/private-endpoint/acknowledged'
import { createRandom } from '../random.ts'
import { addresses, createDoorWatch, type DoorWish, numbered } from './door.ts'
import type { FeedFault } from './faults.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { createPlane, createStoreOfFeeds, type Plane } from './planes.ts'

export interface FeedStory {
  readonly seed: number
  /** The first thing that was wrong, or null. */
  readonly violation: string | null
  readonly told: FeedTold
}

export interface FeedTold {
  steps: number
  messages: number
  snapshots: number
  /** Changes that a gateway laid upon what it held, and that it refused. */
  changes: number
  misfits: number
  /** Reports whose lists were told by what they are known by, and those that a control plane did not know. */
  byHash: number
  unknown: number
  available: number
  gone: number
  /** The standard listener counted as closed. */
  closed: number
  jumps: number
  partings: number
  epochs: number
}

export const nothingTold = (): FeedTold => ({
  steps: 0,
  messages: 0,
  snapshots: 0,
  changes: 0,
  misfits: 0,
  byHash: 0,
  unknown: 0,
  available: 0,
  gone: 0,
  closed: 0,
  jumps: 0,
  partings: 0,
  epochs: 0,
})

const longestJumpMs = 7_200_000
const steps = 160
/** Rounds within which everything comes to its end, once nothing breaks any more. */
const calmRounds = 20

export const tellFeeds = (seed: number, fault: FeedFault = { says: '' }): FeedStory => {
  const random = createRandom(seed)
  const told = nothingTold()
  let now = Date.UTC(2026, 0, 1)
  let broken = true
  const time = (): number => now
  const store = createStoreOfFeeds()
  const planes = Array.from({ length: 1 + random.below(3) }, () => createPlane(store, time, fault, random.chance(0.2)))
  const parted = new Set<string>()
  const messages: { readonly at: number; readonly arrive: () => void }[] = []
  /** Acknowledged to a caller, and what became of it. */
  const wishes = new Map<string, 'wanted' | 'unsure' | 'unwanted' | 'gone'>()

  const send = (arrive: () => void, twice = 0.15): void => {
    if (broken && random.chance(0.12)) return
    const late = broken && random.chance(0.2) ? 90_000 : 50
    messages.push({ at: now + random.below(late), arrive })
    if (broken && random.chance(twice)) messages.push({ at: now + random.below(30_000), arrive })
  }
  const chanceOf = (probability: number) => (): boolean => broken && random.chance(probability)
  const reached = (gateway: string): Plane | undefined =>
    random.pick(planes.filter((plane, at) => plane.up && !parted.has(`${gateway} ${at}`)))
  const gateways: readonly Gateway[] = Array.from({ length: 1 + random.below(4) }, (_, at) => {
    const name = `gateway-${at}`
    return createGateway(name, {
      now: time,
      random,
      fault,
      crashes: chanceOf(0.05),
      takesChanges: random.chance(0.8),
      diskFull: chanceOf(0.1),
      portTaken: chanceOf(0.05),
      send: (report, number) =>
        send(() => {
          const heard = reached(name)?.hear(report)
          if (heard === undefined) return
          if (!report.whole && heard === 'known') told.byHash += 1
          if (heard === 'unknown') told.unknown += 1
          send(() => gateways.find((each) => each.name === name)?.heard(number, heard))
        }),
    })
  })
  // Some are set up later: nothing was ever heard of them.
  for (const gateway of gateways.slice(1)) if (random.chance(0.5)) gateway.crash()

  const poll = (): void => {
    const gateway = random.pick(gateways.filter((each) => (each.asksAt() ?? Number.POSITIVE_INFINITY) <= now))
    if (gateway === undefined) return
    const { question, held, changes } = gateway.ask()
    send(() => {
      const plane = reached(gateway.name)
      if (plane === undefined) return gateway.answered(question, null, true)
      const text = plane.answer(gateway.name, { held, changes })
      if (text !== null) told.snapshots += 1
      send(() => gateway.answered(question, text, false))
      // The second answer may be of changes that the first has brought already.
    }, 0.4)
  }
  /** A question whose answer was lost is given up some time. */
  const giveUp = (): void => {
    for (const gateway of gateways)
      if (gateway.up() && gateway.asksAt() === null) gateway.answered(lastOf(gateway), null, true)
  }
  const lastOf = (gateway: (typeof gateways)[number]): number => gateway.ask().question

  const pass = (ms: number): void => {
    now += ms
  }

  const deliver = (): void => {
    const message = random.pick(messages.filter(({ at }) => at <= now))
    if (message === undefined) return
    messages.splice(messages.indexOf(message), 1)
    told.messages += 1
    message.arrive()
  }

  const onePlane = (): Plane | undefined => random.pick(planes.filter(({ up }) => up))
  /** The process may end before or after the commit, or the answer may be lost: then nobody knows. */
  const asked = (id: string, then: 'wanted' | 'unwanted', store: (plane: Plane) => void): void => {
    const plane = onePlane()
    if (plane === undefined) return
    const before = broken && random.chance(0.05)
    const after = broken && random.chance(0.05)
    if (!before) store(plane)
    if (before || after) plane.up = false
    const isTold = fault.answersBeforeStored ? !after : !before && !after
    wishes.set(id, isTold ? then : 'unsure')
  }
  const create = (): void => {
    const id = `vpce-${wishes.size}`
    asked(id, 'wanted', (plane) => plane.create(id))
  }
  const remove = (): void => {
    const id = random.pick([...wishes.keys()].filter((each) => wishes.get(each) === 'wanted'))
    if (id !== undefined) asked(id, 'unwanted', (plane) => plane.remove(id))
  }
  /** Where nothing orders them, what two control planes read before they store overlaps. */
  const publish = (): void => {
    const first = onePlane()?.publish()
    const second = random.chance(0.3) ? onePlane()?.publish() : undefined
    if (broken && second !== undefined && random.chance(0.5)) random.pick([create, remove])?.()
    first?.()
    second?.()
  }

  const door = createDoorWatch()
  const wishOfDoor = (): DoorWish => {
    const address = random.pick(addresses) ?? addresses[0]
    const wishes: readonly DoorWish[] = [
      { list: address },
      { unlist: address },
      { enabled: random.chance(0.7) },
      { privateOnly: random.chance(0.4) },
    ]
    return wishes[random.below(wishes.length)] ?? { list: address }
  }
  const judgeDoor = (): void => {
    const stands = onePlane()?.judgeDoor()
    if (stands === undefined) return
    door.judged(store.door, stands)
    if (stands.state === 'OFF' || stands.state === 'CLOSED_BY_PRIVATE_ONLY') told.closed += 1
  }

  const judge = (): string | null => {
    const waiting = [...store.rows.values()].filter(({ phase }) => phase !== 'AVAILABLE')
    const row = random.pick(waiting)
    const plane = onePlane()
    if (row === undefined || plane === undefined) return null
    const judged = plane.judge(row.id)
    if (judged === null) return null
    if (judged.became === 'gone') {
      told.gone += 1
      if (wishes.get(judged.id) === 'wanted') return `endpoint ${judged.id} was acknowledged and is lost`
      wishes.set(judged.id, 'gone')
      return null
    }
    told.available += 1
    for (const gateway of gateways) {
      const seen = store.reports.get(gateway.name)?.seen
      if (!gateway.up() || !gateway.remembers() || seen === undefined || gateway.admits(judged.id)) continue
      if (now + plane.wrongBy - seen > silentAfterMs) continue
      return `endpoint ${judged.id} is AVAILABLE, but ${gateway.name} does not admit it`
    }
    return null
  }

  /** A number names one content, however it came here. */
  const compared = new Map<string, unknown>()
  const servesOther = (gateway: (typeof gateways)[number]): string | null => {
    const { epoch, n } = gateway.held() ?? {}
    const name = `${epoch} ${n}`
    if (epoch === undefined || compared.get(gateway.name) === name) return null
    compared.set(gateway.name, name)
    if (gateway.serves()?.body === store.published.get(name)) return null
    return `${gateway.name} serves something else as ${n} of ${epoch} than was published`
  }

  const wrong = (): string | null => {
    for (const gateway of gateways) {
      const back = gateway.wentBack()
      if (back !== null) return `${gateway.name} went back ${back}`
      const unreadable = gateway.unreadable()
      if (unreadable !== null) return `${gateway.name} cannot read what came: ${unreadable}`
      const other = servesOther(gateway) ?? door.wrong(store.door, gateway)
      if (other !== null) return other
      for (const [id, wish] of wishes) {
        if (wish !== 'gone') continue
        if (gateway.admits(id)) return `endpoint ${id} is gone, but ${gateway.name} admits it`
        if (gateway.wouldAdmit(id)) return `endpoint ${id} is gone, but ${gateway.name} would admit it after a restart`
      }
    }
    for (const [id, wish] of wishes)
      if (wish === 'wanted' && !store.rows.has(id)) return `endpoint ${id} was acknowledged and is lost`
    return null
  }

  const epoch = (): void => {
    told.epochs += 1
    store.epoch = `epoch-${told.epochs}`
    // As a store that is put back does: its numbers begin anew, and what waits is numbered anew.
    for (const row of store.rows.values()) store.rows.set(row.id, { ...row, gatewayN: null })
    store.door = numbered(store.door, null)
  }

  /** Each with its weight; one may answer what it saw that is wrong. */
  const acts: readonly (readonly [number, () => unknown])[] = [
    [26, deliver],
    [16, poll],
    [14, publish],
    [16, judge],
    [7, create],
    [5, remove],
    [4, () => onePlane()?.wish(wishOfDoor())],
    [6, judgeDoor],
    [8, () => random.pick(gateways)?.report()],
    [10, () => pass(random.below(2000))],
    [2, () => pass(30_000)],
    [2, giveUp],
    [2, () => random.pick(gateways)?.crash()],
    [5, () => random.pick(gateways)?.start()],
    [1, () => Object.assign(random.pick(planes) ?? {}, { up: false })],
    [4, () => Object.assign(random.pick(planes) ?? {}, { up: true })],
    [
      1,
      () => {
        told.jumps += 1
        Object.assign(random.pick(planes) ?? {}, { wrongBy: Math.round((random.next() * 2 - 1) * longestJumpMs) })
      },
    ],
    [
      3,
      () => {
        told.partings += 1
        parted.add(`${random.pick(gateways)?.name} ${random.below(planes.length)}`)
      },
    ],
    [2, () => parted.clear()],
    [0.3, () => random.pick(gateways)?.loseDisk()],
    [0.2, epoch],
  ]
  const whole = acts.reduce((sum, [weight]) => sum + weight, 0)

  const once = (): string | null => {
    told.steps += 1
    let left = random.next() * whole
    const chosen = acts.find(([weight]) => {
      left -= weight
      return left < 0
    })
    const seen = chosen?.[1]()
    return typeof seen === 'string' ? seen : wrong()
  }

  const calm = (): string | null => {
    broken = false
    parted.clear()
    for (const plane of planes) Object.assign(plane, { up: true, wrongBy: 0 })
    // A clock that ran ahead has left stamps that lie ahead.
    now += longestJumpMs
    giveUp()
    for (let round = 0; round < calmRounds; round++) {
      for (const gateway of gateways) {
        gateway.start()
        gateway.report()
      }
      for (const _ of gateways) poll()
      for (const ms of [100, 100, 11_000]) {
        pass(ms)
        while (messages.some(({ at }) => at <= now)) deliver()
      }
      publish()
      for (let turn = 0; turn < store.rows.size; turn++) {
        const violation = judge() ?? wrong()
        if (violation !== null) return violation
      }
    }
    return wrong() ?? unfinished()
  }
  const unfinished = (): string | null => {
    for (const { id, phase } of store.rows.values())
      if (phase !== 'AVAILABLE') return `endpoint ${id} did not come to its end: it is still ${phase}`
    for (const gateway of gateways) {
      const held = gateway.held()
      if (held?.epoch !== store.newest?.epoch || held?.n !== store.newest?.n)
        return `${gateway.name} holds ${held?.n} of ${held?.epoch}, and ${store.newest?.n} is the newest`
      for (const { id } of store.rows.values()) if (!gateway.admits(id)) return `${gateway.name} does not admit ${id}`
    }
    const stands = onePlane()?.judgeDoor()
    return stands === undefined ? null : door.unfinished(store.door, stands, gateways)
  }

  const ended = (violation: string | null): FeedStory => {
    for (const gateway of gateways) {
      told.changes += gateway.changed().fitted
      told.misfits += gateway.changed().refused
    }
    return { seed, violation, told }
  }
  for (let step = 0; step < steps; step++) {
    const violation = once()
    if (violation !== null) return ended(violation)
  }
  return ended(calm())
}
