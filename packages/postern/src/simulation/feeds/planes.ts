// Control planes over one store, as far as feeds go: rows of endpoints, a standard listener, the newest snapshot, what it says otherwise than those
// before, what edges reported. The store
// keeps the real one's promises (a transaction is whole, publishing goes one after the other); what a snapshot says, and
// when the edges have taken it over or let go, is the real code's. Each control plane has a clock of its own.

import { noPolicy } from '@postern/contract/endpoint-policy'
import { type GatewaySnapshot, type Numbered, snapshotSchemas } from '@postern/contract/snapshot'
import { bodyText, changeBetween, textsOf } from '@postern/contract/snapshot-change'
import { type Built, built, type KeptChange, numberedChanges } from '@postern/control-plane/resources/feed/changes'
import {
  type Acknowledged,
  type Acknowledgement,
  type Due,
  isSilent,
  type ReportedFeed,
  released,
  served,
} from '@postern/control-plane/resources/private-endpoint/acknowledged'
import type { Stands } from '@postern/control-plane/resources/standard-listener/state'
import { gatewaySnapshot, type ServedListener } from '@postern/control-plane/snapshots/gateway'
import {
  type Door,
  type DoorWish,
  doorId,
  doorPort,
  doorState,
  firstDoor,
  numbered,
  servedDoor,
  wished,
} from './door.ts'
import type { FeedFault } from './faults.ts'

export const gatewayPort = 15_000

/** So few that some edges fall further behind than that. */
const keptHere = 16

interface Row {
  readonly id: string
  readonly phase: 'ACCEPTED' | 'AVAILABLE' | 'DELETING'
  readonly gatewayN: number | null
}

export interface StoreOfFeeds {
  readonly rows: Map<string, Row>
  door: Door
  readonly reports: Map<string, ReportedFeed>
  epoch: string
  newest: (Numbered<GatewaySnapshot> & { readonly built: Built }) | null
  /** Of this epoch. */
  readonly changes: Map<number, KeptChange>
  /** Every body that was ever published, as JSON, by `epoch n`. */
  readonly published: Map<string, string>
}

export const createStoreOfFeeds = (): StoreOfFeeds => ({
  rows: new Map(),
  door: firstDoor,
  reports: new Map(),
  epoch: 'first',
  newest: null,
  changes: new Map(),
  published: new Map(),
})

const schema = Math.max(...snapshotSchemas)

/** Nobody has given a silent edge up. */
const letGo: (due: readonly Due[], state: Acknowledgement, how: { readonly withoutSilent: boolean }) => Acknowledged =
  released

/** What one turn did, for whoever watches. */
export type Judged = { readonly became: 'AVAILABLE' | 'gone'; readonly id: string } | null

export interface Plane {
  up: boolean
  /** Milliseconds that its clock is wrong by. */
  wrongBy: number
  readonly create: (id: string) => void
  readonly remove: (id: string) => void
  readonly wish: (wish: DoorWish) => void
  readonly judgeDoor: () => Stands
  /** Reads what it would publish; the answer stores it. */
  readonly publish: () => () => void
  readonly judge: (id: string) => Judged
  /**
   * The snapshot as text, or where the edge takes them and they are kept what changed; null where it has the newest.
   */
  readonly answer: (
    edge: string,
    asked: { readonly held: { readonly epoch: string; readonly n: number } | null; readonly changes: boolean },
  ) => string | null
  readonly hear: (report: Report) => Heard
}

export interface Report {
  readonly edge: string
  readonly epoch: string
  readonly n: number
  readonly bound: boolean
  /** Else its lists are told by what they are known by. */
  readonly whole: boolean
}

/** Whether its lists are known from now on, or have to be told. */
export type Heard = 'known' | 'taken' | 'unknown'

/** `older`: of a release that is told whole lists alone. */
export const createPlane = (store: StoreOfFeeds, time: () => number, fault: FeedFault, older: boolean): Plane => {
  const acknowledgement = (): Acknowledgement => {
    const now = time() + plane.wrongBy
    const all = [...store.reports.values()]
    const reports = fault.forgetsSilent ? all.filter((report) => !isSilent(report, now)) : all
    return { epoch: store.epoch, reports, now }
  }
  const plane: Plane = {
    up: true,
    wrongBy: 0,
    create: (id) => void store.rows.set(id, { id, phase: 'ACCEPTED', gatewayN: null }),
    remove: (id) => {
      const row = store.rows.get(id)
      if (row !== undefined) store.rows.set(id, { ...row, phase: 'DELETING', gatewayN: null })
    },

    wish: (wish) => {
      store.door = wished(store.door, wish, fault)
    },

    publish: () => {
      const read = (): { readonly body: GatewaySnapshot; readonly n: number } => ({
        body: bodyOf(
          [...store.rows.values()].filter(({ phase }) => phase !== 'DELETING'),
          servedDoor(store.door, fault),
        ),
        n: store.newest?.epoch === store.epoch ? store.newest.n : 0,
      })
      const early = fault.publishesWithoutLock ? read() : null
      return () => {
        const { body, n } = early ?? read()
        const now = built(textsOf(body))
        const before = n === 0 ? null : (store.newest?.built ?? null)
        const changed = before?.hash !== now.hash
        if (n === 0) store.changes.clear()
        if (changed) {
          const text = before && changeBetween(before.texts, now.texts)
          if (text !== null) store.changes.set(n + 1, { n: n + 1, schema, hash: now.hash, text })
          store.changes.delete(n + 1 - keptHere)
          store.newest = { epoch: store.epoch, n: n + 1, body, built: now }
          store.published.set(`${store.epoch} ${n + 1}`, bodyText(now.texts))
        }
        store.door = numbered(store.door, { epoch: store.epoch, n: changed ? n + 1 : n })
        for (const row of store.rows.values())
          if (row.gatewayN === null && row.phase !== 'AVAILABLE')
            store.rows.set(row.id, { ...row, gatewayN: changed ? n + 1 : n })
      }
    },

    judge: (id) => {
      const row = store.rows.get(id)
      if (row === undefined || row.phase === 'AVAILABLE') return null
      const due = [{ feed: 'gateway' as const, n: row.gatewayN, listeners: [String(gatewayPort)] }]
      const state = acknowledgement()
      if (row.phase === 'ACCEPTED') {
        if (!served(due, state).done) return null
        store.rows.set(id, { ...row, phase: 'AVAILABLE' })
        return { became: 'AVAILABLE', id }
      }
      if (!letGo(due, state, { withoutSilent: false }).done) return null
      store.rows.delete(id)
      return { became: 'gone', id }
    },

    judgeDoor: () => doorState(store.door, acknowledgement()),

    answer: (edge, { held, changes }) => {
      const seen = time() + plane.wrongBy
      const known = store.reports.get(edge)
      const asked: ReportedFeed = { edge, feed: 'gateway', epoch: '', n: 0, bound: new Set(), failed: new Map(), seen }
      if (known !== undefined) store.reports.set(edge, { ...known, seen })
      else if (!fault.knownByReport) store.reports.set(edge, asked)
      const { newest } = store
      if (newest === null || newest.epoch !== store.epoch) return null
      if (held !== null && held.epoch === newest.epoch && newest.n <= held.n) return null
      if (changes && held !== null && held.epoch === newest.epoch) {
        const { epoch, n } = newest
        const from = fault.leavesChangesOut ? n - 1 : held.n
        const kept = [...store.changes.values()].filter((change) => change.n > from && change.n <= n)
        const told = numberedChanges(kept, { epoch, after: from, n })
        if (told !== null) return told.text.replace(`"after":${from}`, `"after":${held.n}`)
      }
      const { epoch, n, body } = newest
      return JSON.stringify({ schema, epoch, n, body })
    },

    hear: ({ edge, epoch, n, bound, whole }) => {
      const [ports, failed] = [String(gatewayPort), 'address in use']
      const before = store.reports.get(edge)
      if (!whole) {
        const isKnown = before !== undefined && before.bound.has(ports) === bound && before.failed.has(ports) !== bound
        if (older || before === undefined || !(isKnown || fault.takesUnknownLists)) return 'unknown'
        store.reports.set(edge, { ...before, epoch, n, seen: time() + plane.wrongBy })
        return 'known'
      }
      store.reports.set(edge, {
        edge,
        feed: 'gateway',
        epoch,
        n,
        bound: new Set(bound ? [ports, String(doorPort), doorId] : []),
        failed: new Map(bound ? [] : [[ports, failed]]),
        seen: time() + plane.wrongBy,
      })
      return older ? 'taken' : 'known'
    },
  }
  return plane
}

const bodyOf = (rows: readonly Row[], standardListeners: readonly ServedListener[]): GatewaySnapshot =>
  gatewaySnapshot({
    endpoints: rows.map(({ id }) => ({
      id,
      groupId: 'g',
      serviceId: 's',
      provider: 'AWS',
      cloudEndpointId: id,
      linkIds: [id],
      limits: { connections: null, newPerSecond: null },
      policy: noPolicy,
      form: 'address',
      names: [],
      targets: new Map([['m', { host: '127.0.0.1', port: 1024 }]]),
    })),
    clusters: [{ id: 'c', groupId: 'g', name: 'C', tls: null, members: [{ id: 'm', hostPort: 'a.internal:27017' }] }],
    ports: [{ serviceId: 's', memberId: 'm', gatewayPort }],
    standardListeners,
  })
