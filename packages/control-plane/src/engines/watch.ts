// The deployments that this process watches: one client per member, opened when a cluster is first looked at, kept
// while it exists. A member's change calls `onChange` at once; a look answers the newest picture, and waits only for
// members that have not been heard yet.

import { setTimeout as delay } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { assemble, listed, unlisted } from './assemble.ts'
import type { Reach, Seen } from './engine.ts'
import { clientOptions, directUri, type MemberClient, watchMember } from './member-client.ts'
import { newestPrimary } from './newest-primary.ts'
import { readSetConfig, type SetConfig, whoAsks } from './set-config.ts'

export interface Watch {
  /**
   * The newest picture of a deployment. Routers name each other to nobody: whoever knows them all says so, and those
   * that are not among them are watched no longer. Never rejects.
   */
  readonly look: (clusterId: string, reach: Reach, from: From) => Promise<Seen>
  /** Runs `work` with the administrator's connection to the primary, or to a router. Rejects when there is none. */
  readonly asAdmin: <Result>(
    clusterId: string,
    reach: Reach,
    work: (client: MongoClient) => Promise<Result>,
  ) => Promise<Result>
  readonly forget: (clusterId: string) => Promise<void>
  readonly close: () => Promise<void>
}

export interface From {
  /** Addresses to begin from, besides those in `reach`. */
  readonly hosts: readonly string[]
  /** These are all members that there are. */
  readonly complete?: boolean
}

export interface WatchParts {
  /** Called when a member of a cluster says something new, maybe often; never during `close`. */
  readonly onChange: (clusterId: string) => void
  /** How long a look waits for members that it has not heard yet, in milliseconds. */
  readonly patienceMs?: number
  /** How long until somebody who was refused the set's configuration asks for it again, in milliseconds. */
  readonly refusedMs?: number
}

interface Watched {
  readonly members: Map<string, MemberClient>
  version: string | null
  /** Whose version that is: another one is asked again. */
  versionOf: MemberClient | null
  config: SetConfig
  /** Which version of it: another one is asked for. */
  configOf: string | null
  /** When it is asked for again also at the same version, by `performance.now()`. */
  configUntil: number
  readonly tls: string
}

/** Rounds of discovery in one look: seeds, the set that they name, and once more for a set just reconfigured. */
const rounds = 3

export const createWatch = ({ onChange, patienceMs = 2500, refusedMs = 60_000 }: WatchParts): Watch => {
  const clusters = new Map<string, Watched>()
  let closed = false

  const watched = async (clusterId: string, reach: Reach): Promise<Watched> => {
    const tls = JSON.stringify(reach.tls)
    const found = clusters.get(clusterId)
    if (found?.tls === tls) return found
    if (found) await forget(clusterId)
    const fresh: Watched = {
      members: new Map(),
      version: null,
      versionOf: null,
      config: { members: [], unknown: whoAsks(reach) === null ? 'NOT_TOLD' : 'UNREAD' },
      configOf: null,
      configUntil: Number.POSITIVE_INFINITY,
      tls,
    }
    clusters.set(clusterId, fresh)
    return fresh
  }

  const look: Watch['look'] = async (clusterId, reach, { hosts, complete = false }) => {
    if (closed) return { kind: 'unreachable', reason: 'the control plane is stopping' }
    const cluster = await watched(clusterId, reach)
    const open = async (hostPort: string): Promise<void> => {
      const known = cluster.members.get(hostPort)
      if (known && !known.over()) return
      cluster.members.set(
        hostPort,
        watchMember(hostPort, reach, () => !closed && onChange(clusterId)),
      )
      await known?.close()
    }
    const picture = (): Seen => assemble({ words: wordsOf(cluster), version: cluster.version, config: cluster.config })

    if (complete) await keepOnly(cluster, hosts)
    for (const hostPort of complete ? hosts : cluster.members.keys()) await open(hostPort)
    if (picture().kind === 'unreachable') for (const hostPort of [...reach.hosts, ...hosts]) await open(hostPort)
    for (let round = 0; round < rounds; round += 1) {
      await hear(cluster, patienceMs)
      await askConfig(cluster, reach, refusedMs)
      if (cluster.config.unknown !== null) await hearUnlisted(cluster, patienceMs)
      const unheard = [
        ...[...cluster.members.values()].flatMap((member) => listed(member.word())),
        ...unlisted(cluster.config, wordsOf(cluster)),
      ].filter((hostPort) => !cluster.members.has(hostPort))
      if (unheard.length === 0) break
      for (const hostPort of unheard) await open(hostPort)
    }
    await askVersion(cluster)
    const seen = picture()
    if (seen.kind === 'replicaSet' && seen.hasPrimary)
      await keepOnly(
        cluster,
        seen.members.map(({ hostPort }) => hostPort),
      )
    return seen
  }

  const asAdmin: Watch['asAdmin'] = async (clusterId, reach, work) => {
    const members = [...(clusters.get(clusterId)?.members.values() ?? [])]
    const writable = primaryOf(members) ?? members.find((member) => member.word().type === 'mongos')
    if (writable === undefined) throw new Error('the deployment has no primary at the moment')
    const client = new MongoClient(directUri(writable.hostPort), clientOptions(reach, true))
    try {
      return await work(client)
    } finally {
      await client.close()
    }
  }

  const forget = async (clusterId: string): Promise<void> => {
    const members = [...(clusters.get(clusterId)?.members.values() ?? [])]
    clusters.delete(clusterId)
    await Promise.all(members.map((member) => member.close()))
  }

  return {
    look,
    asAdmin,
    forget,
    close: async () => {
      closed = true
      await Promise.all([...clusters.keys()].map(forget))
    },
  }
}

const wordsOf = ({ members }: Watched) => new Map([...members].map(([hostPort, member]) => [hostPort, member.word()]))

const primaryOf = (members: readonly MemberClient[]): MemberClient | undefined =>
  newestPrimary(members.map((member) => ({ ...member.word(), member })))?.member

/** Waits until every member was heard, or for as long as patience lasts. */
const hear = ({ members }: Watched, patienceMs: number): Promise<void> =>
  waitWhile(() => [...members.values()].some((member) => !member.heard()), patienceMs)

/**
 * Whom the primary lists no longer is gone or hidden, and tells which by its own hello once it has heard of the
 * configuration that the primary has. Waits until then, or for as long as patience lasts.
 */
const hearUnlisted = ({ members }: Watched, patienceMs: number): Promise<void> => {
  const isBehind = (): boolean => {
    const words = [...members.values()].map((member) => member.word())
    const primary = newestPrimary(words)
    if (primary === undefined) return false
    const named = listed(primary)
    return words.some(
      ({ setName, me, setVersion }) =>
        setName === primary.setName && !named.includes(me ?? '') && (setVersion ?? 0) < (primary.setVersion ?? 0),
    )
  }
  return waitWhile(isBehind, patienceMs)
}

const waitWhile = async (holds: () => boolean, patienceMs: number): Promise<void> => {
  const until = performance.now() + patienceMs
  while (holds() && performance.now() < until) await delay(20)
}

const keepOnly = async (cluster: Watched, hostPorts: readonly string[]): Promise<void> => {
  const gone = [...cluster.members].filter(([hostPort]) => !hostPorts.includes(hostPort))
  for (const [hostPort] of gone) cluster.members.delete(hostPort)
  await Promise.all(gone.map(([, member]) => member.close()))
}

/** A deployment's version is its primary's; asked once per primary, and again when another one was elected. */
const askVersion = async (cluster: Watched): Promise<void> => {
  const members = [...cluster.members.values()]
  const teller =
    primaryOf(members) ?? members.find((member) => ['mongos', 'standalone'].includes(member.word().type)) ?? null
  if (teller === null || teller === cluster.versionOf) return
  try {
    const { version } = await teller.client.db('admin').command({ buildInfo: 1 })
    cluster.version = typeof version === 'string' ? version : null
    cluster.versionOf = teller
  } catch {
    // Not told: the version stays what it was, and the next look asks again.
  }
}

/**
 * Once for each version of the set's configuration, whoever leads it: an election costs nothing. What could not be read this
 * time stays what it was, and the next look asks again. Whoever is refused asks again later, at a password that was changed
 * or a role that was granted meanwhile; until then nothing is known of it, as if nobody had ever asked.
 */
const askConfig = async (cluster: Watched, reach: Reach, refusedMs: number): Promise<void> => {
  const teller = primaryOf([...cluster.members.values()])
  if (teller === undefined) return
  const of = JSON.stringify([teller.word().setVersion, whoAsks(reach)])
  if (cluster.configOf === of && performance.now() < cluster.configUntil) return
  const read = await readSetConfig(teller.hostPort, reach)
  const unread = read.unknown === 'UNREAD'
  cluster.config = unread ? { ...cluster.config, unknown: 'UNREAD' } : read
  cluster.configOf = unread ? null : of
  cluster.configUntil = performance.now() + (read.unknown === 'NOT_TOLD' ? refusedMs : Number.POSITIVE_INFINITY)
}
