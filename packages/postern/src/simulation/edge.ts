// An edge as a model: it follows the gateway's and the forwarder's feed over a network that delays, drops and reorders,
// keeps the last good one on its disk, and may die between any two of these. What it decides (which snapshot may replace
// which, who is admitted) is the real edge's own code.

import type { EdgeReport, GatewaySnapshot, Numbered, SnapshotBody } from '@postern/contract/snapshot'
import { accepts } from '@postern/edge/follow/decide'
import { admit, indexSnapshot, type SnapshotIndex } from '@postern/edge/gateway/admit'
import type { Fault } from './faults.ts'
import type { Random } from './random.ts'

export type FollowedFeed = 'gateway' | 'forwarder'
export const followedFeeds: readonly FollowedFeed[] = ['gateway', 'forwarder']

/** The control plane as an edge sees it; a rejection is a connection that broke. */
export interface EdgeDoor {
  readonly snapshot: (edge: string, feed: FollowedFeed, held: Held | null) => Promise<Held | null>
  readonly report: (edge: string, feed: FollowedFeed, report: EdgeReport) => Promise<void>
}

export type Held = Numbered<SnapshotBody[FollowedFeed]>

export interface Network {
  /** Carries a message: now, later or never. */
  readonly send: (arrive: () => Promise<void>) => void
  readonly crashes: () => boolean
  /** Another process has a port for the moment. */
  readonly portTaken: () => boolean
}

export interface SimulatedEdge {
  readonly name: string
  readonly up: () => boolean
  readonly poll: (feed: FollowedFeed) => Promise<void>
  /** Says again what it holds, as real edges do as a sign of life. */
  readonly reportAll: () => void
  readonly crash: () => void
  readonly start: () => void
  /** The gateway snapshot that a restart would find. */
  readonly kept: () => Numbered<GatewaySnapshot> | null
  /** From which number of the gateway's feed to which it went back, though numbers only grow; null: it never did. */
  readonly wentBack: () => string | null
  /** Who is admitted now although the newest snapshot that was ever kept does not list it as AVAILABLE; else null. */
  readonly wronglyAdmitted: () => string | null
}

export const createEdge = (
  name: string,
  { door, network, random, fault }: { door: EdgeDoor; network: Network; random: Random; fault: Fault },
): SimulatedEdge => {
  const disk = new Map<FollowedFeed, Held>()
  const takes = fault.accepts ?? accepts
  let life = 1
  let running = true
  let newest: Numbered<GatewaySnapshot> | null = null
  let index: SnapshotIndex = indexSnapshot({ listeners: [], endpoints: [], clusters: [] })

  const gateway = (): Numbered<GatewaySnapshot> | null => (disk.get('gateway') as Numbered<GatewaySnapshot>) ?? null

  const crash = (): void => {
    running = false
    life += 1
    index = indexSnapshot({ listeners: [], endpoints: [], clusters: [] })
  }
  const dies = (): boolean => {
    if (running && network.crashes()) crash()
    return !running
  }

  const takeOver = (snapshot: GatewaySnapshot): void => {
    const next = indexSnapshot(snapshot)
    index = fault.remembersEndpoints
      ? {
          ...next,
          listeners: new Map([...index.listeners, ...next.listeners]),
          endpoints: new Map([...index.endpoints, ...next.endpoints]),
          clusters: new Map([...index.clusters, ...next.clusters]),
        }
      : next
  }

  const report = (feed: FollowedFeed, { epoch, n, body }: Held): void => {
    const ids = 'endpoints' in body ? body.listeners.map(({ gatewayPort }) => String(gatewayPort)) : listenerIds(body)
    // Bound at the next report, as real edges try again.
    const late = network.portTaken() ? random.pick(ids) : undefined
    const bound = ids.filter((id) => id !== late)
    const failed = late === undefined ? [] : [{ id: late, reason: 'address in use' }]
    network.send(() => door.report(name, feed, { epoch, n, bound, failed }))
  }

  const arrive = async (feed: FollowedFeed, offered: Held, asked: number): Promise<void> => {
    // The answer to a question of an earlier life has nowhere to go.
    if (!running || life !== asked || !takes(disk.get(feed) ?? null, offered)) return
    if (dies()) return
    disk.set(feed, offered)
    if (feed === 'gateway') {
      const kept = offered as Numbered<GatewaySnapshot>
      if (newest === null || kept.n > newest.n) newest = kept
      takeOver(kept.body)
    }
    if (dies()) return
    report(feed, offered)
  }

  return {
    name,
    up: () => running,
    poll: async (feed) => {
      if (!running) return
      const asked = life
      const answer = await door.snapshot(name, feed, disk.get(feed) ?? null).catch(() => null)
      if (answer !== null) network.send(() => arrive(feed, answer, asked))
    },
    reportAll: () => {
      if (running) for (const [feed, held] of disk) report(feed, held)
    },
    crash,
    start: () => {
      if (running) return
      running = true
      const held = gateway()
      if (held !== null) takeOver(held.body)
    },
    kept: gateway,
    wentBack: () => {
      const held = gateway()
      return held !== null && newest !== null && held.n < newest.n ? `from ${newest.n} to ${held.n}` : null
    },
    wronglyAdmitted: () => {
      for (const { gatewayPort } of index.listeners.values())
        for (const { provider, linkIds } of index.endpoints.values())
          for (const linkId of linkIds) {
            const admission = admit(index, { gatewayPort, link: { provider, linkId }, sni: 'unread' })
            if (!admission.admit) continue
            const { id } = admission.endpoint
            const listed = newest?.body.endpoints.find((endpoint) => endpoint.id === id)
            if (listed?.status !== 'AVAILABLE') return id
          }
      return null
    },
  }
}

const listenerIds = (body: Held['body']): string[] =>
  'listeners' in body ? body.listeners.flatMap((listener) => ('id' in listener ? [listener.id] : [])) : []
