// Every cluster of one sandbox: opened from disk at start, made, looked up, and removed. One change at a time, so that
// two requests cannot choose the same port or make the same cluster twice.
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { Cluster, type Credentials, type KeptCluster } from './cluster.ts'
import { type ClusterFacts, readClusterFile, writeClusterFile } from './cluster-file.ts'
import type { TlsMaterial } from './member.ts'
import { choosePorts } from './port-choice.ts'
import { syncFolder } from './storage.ts'

export type ClustersParts = {
  readonly dataDir: string
  readonly address: string
  readonly log: Logger
  readonly now: () => number
  readonly random: () => number
  readonly compactAt: number
}

export type ClusterWish = {
  readonly id: string
  readonly name: string
  readonly setName: string
  readonly members: number
  /** A sharded cluster: its members are routers. */
  readonly routers?: boolean
  readonly admin: Credentials
  /** No member listens. */
  readonly paused?: boolean
  readonly tls?: TlsMaterial
}

/** Nothing was kept that could be restored. */
export class NothingKept extends Error {}

/** A cluster of this id is there and is another one than wished for. */
export class ClusterConflict extends Error {}

export class Clusters {
  readonly #parts: ClustersParts
  readonly #open = new Map<string, Cluster>()
  #turn: Promise<unknown> = Promise.resolve()
  #kept: readonly KeptCluster[] | undefined

  private constructor(parts: ClustersParts) {
    this.#parts = parts
  }

  /** Opens every cluster that was ever acknowledged and not removed; what was half made or half removed goes. */
  static async open(parts: ClustersParts): Promise<Clusters> {
    const clusters = new Clusters(parts)
    await mkdir(parts.dataDir, { recursive: true, mode: 0o700 })
    for (const entry of await readdir(parts.dataDir, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue
      const dir = join(parts.dataDir, entry.name)
      const facts = entry.name.startsWith('removed-') ? undefined : await readClusterFile(dir)
      if (facts) await clusters.#start(facts)
      else if (entry.name.startsWith('removed-') || entry.name.startsWith('cluster-'))
        await rm(dir, { recursive: true, force: true })
    }
    return clusters
  }

  get(id: string): Cluster | undefined {
    return this.#open.get(id)
  }

  list(): readonly Cluster[] {
    return [...this.#open.values()].sort((a, b) => (a.facts.id < b.facts.id ? -1 : 1))
  }

  /**
   * Makes the cluster, or makes the one that is there what is wished: so many members, paused or not.
   * @throws ClusterConflict when it is there with another set name, of another kind, or with other TLS
   */
  put(wish: ClusterWish): Promise<Cluster> {
    return this.#inTurn(async () => {
      const known = this.#open.get(wish.id)
      if (!known) return this.#makeAsWished(wish)
      const { setName, ports, routers = false, tls } = known.facts
      if (routers !== (wish.routers ?? false))
        throw new ClusterConflict(`cluster ${wish.id} is ${routers ? 'sharded' : 'a replica set'}`)
      if (!routers && setName !== wish.setName)
        throw new ClusterConflict(`cluster ${wish.id} has the set name ${setName}`)
      if ((tls === undefined) !== (wish.tls === undefined))
        throw new ClusterConflict(`cluster ${wish.id} ${tls ? 'has' : 'has no'} TLS`)
      await known.ensureAdmin(wish.admin)
      if (known.facts.paused && !wish.paused) await known.resume()
      if (ports.length !== wish.members) await known.resize(await this.#portsFor(ports, wish.members))
      if (wish.paused && !known.facts.paused) await known.pause()
      return known
    })
  }

  /** A member gets a port that is free, or keeps its own and spells its host so from now on. */
  move(cluster: Cluster, index: number, host: string | undefined): Promise<void> {
    return this.#inTurn(async () => {
      const { ports, hosts } = cluster.facts
      const now = ports[index]
      const [port] = host !== undefined && now !== undefined ? [now] : await this.#portsFor([], 1)
      if (port !== undefined) await cluster.move(index, { port, host: host ?? hosts?.[index] ?? null })
    })
  }

  /** @returns whether there was such a cluster */
  remove(id: string): Promise<boolean> {
    return this.#inTurn(() => this.#remove(id))
  }

  /** From now on `restore` goes back to what is there now; in memory alone. */
  keep(): Promise<void> {
    return this.#inTurn(async () => {
      this.#kept = this.list().map((cluster) => cluster.keep())
    })
  }

  /** @throws NothingKept */
  restore(): Promise<void> {
    return this.#inTurn(async () => {
      const kept = this.#kept
      if (kept === undefined) throw new NothingKept('nothing was kept since the sandbox started')
      const ids = new Set(kept.map(({ facts }) => facts.id))
      for (const { facts } of this.list()) if (!ids.has(facts.id)) await this.#remove(facts.id)
      for (const one of kept) {
        const cluster = this.#open.get(one.facts.id) ?? (await this.#make(one.facts))
        await cluster.restore(one)
      }
    })
  }

  async #remove(id: string): Promise<boolean> {
    const cluster = this.#open.get(id)
    if (!cluster) return false
    this.#open.delete(id)
    await cluster.close()
    const gone = join(this.#parts.dataDir, `removed-${id}-${this.#parts.now()}`)
    await rename(this.#dirOf(id), gone)
    await syncFolder(this.#parts.dataDir)
    await rm(gone, { recursive: true, force: true })
    return true
  }

  async close(): Promise<void> {
    await this.#turn.catch(() => undefined)
    await Promise.all(this.list().map((cluster) => cluster.close()))
    this.#open.clear()
  }

  /** The first of `ports`, or all of them and as many fresh ones as are missing. */
  async #portsFor(ports: readonly number[], members: number): Promise<readonly number[]> {
    const { address, random } = this.#parts
    const taken = new Set(this.list().flatMap(({ facts }) => facts.ports))
    const howMany = Math.max(members - ports.length, 0)
    return [...ports.slice(0, members), ...(await choosePorts({ address, howMany, taken, random }))]
  }

  async #makeAsWished({ admin, members, ...wish }: ClusterWish): Promise<Cluster> {
    const ports = await this.#portsFor([], members)
    const { id, name, setName, routers, paused, tls } = wish
    const facts: ClusterFacts = {
      id,
      name,
      setName,
      ports,
      ...(routers ? { routers } : {}),
      ...(paused ? { paused } : {}),
      ...(tls ? { tls } : {}),
    }
    return this.#make(facts, admin)
  }

  async #make(facts: ClusterFacts, admin?: Credentials): Promise<Cluster> {
    const dir = this.#dirOf(facts.id)
    await rm(dir, { recursive: true, force: true })
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const cluster = await Cluster.open({ ...this.#parts, facts, dir })
    try {
      if (admin) await cluster.ensureAdmin(admin)
      await writeClusterFile(dir, facts)
      await syncFolder(this.#parts.dataDir)
      await cluster.listen()
    } catch (cause) {
      await cluster.close()
      throw cause
    }
    this.#open.set(facts.id, cluster)
    return cluster
  }

  async #start(facts: ClusterFacts): Promise<void> {
    const cluster = await Cluster.open({ ...this.#parts, facts, dir: this.#dirOf(facts.id) })
    await cluster.listen()
    this.#open.set(facts.id, cluster)
  }

  #dirOf(id: string): string {
    return join(this.#parts.dataDir, `cluster-${id}`)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work, work)
    this.#turn = next.catch(() => undefined)
    return next
  }
}
