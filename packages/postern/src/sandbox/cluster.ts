// One cluster: its replica set, its data on disk and its members' sockets, put together; and the drills that the
// admin door offers (kill, revive, step down).
import { join } from 'node:path'
import type { Logger } from 'pino'
import { changesBack } from './changes-back.ts'
import { type ClusterFacts, writeClusterFile } from './cluster-file.ts'
import { CommandError } from './command-error.ts'
import { commandTable } from './commands/table.ts'
import type { DataSet } from './data-set.ts'
import { Member } from './member.ts'
import { ReplicaSet } from './replica-set.ts'
import { matches } from './scram.ts'
import { Storage } from './storage.ts'
import { newUser, userIdOf } from './users.ts'

export type ClusterParts = {
  readonly facts: ClusterFacts
  readonly dir: string
  readonly address: string
  readonly log: Logger
  readonly now: () => number
  readonly compactAt: number
}

type MemberReport = {
  readonly id: string
  readonly hostPort: string
  readonly state: ReturnType<ReplicaSet['memberState']>
}
export type ClusterReport = {
  readonly id: string
  readonly name: string
  readonly setName: string
  /** Its members are routers of a sharded cluster. */
  readonly routers: boolean
  readonly tls: boolean
  readonly paused: boolean
  /** Atlas's words: IDLE with a primary or a router, REPAIRING without one. */
  readonly state: 'IDLE' | 'REPAIRING'
  readonly primary: string | null
  readonly term: number
  readonly members: readonly MemberReport[]
}

/** A cluster at one moment: what it was, and what it held. */
export type KeptCluster = {
  readonly facts: ClusterFacts
  readonly data: DataSet
  /** Id of the control plane's own user. */
  readonly admin: string | undefined
}

export type Credentials = { readonly user: string; readonly password: string }

const quiesceMs = 50
/** How often a member asks again for a port that somebody else had, in ms. */
const retryPortMs = 1000

export class Cluster {
  readonly #parts: ClusterParts
  readonly #set: ReplicaSet
  readonly #storage: Storage
  readonly #log: Logger
  #facts: ClusterFacts
  #members: readonly Member[]
  #admin: string | undefined
  readonly #revivals = new Map<number, NodeJS.Timeout>()

  private constructor(parts: ClusterParts, storage: Storage) {
    const { facts, now } = parts
    const log = parts.log.child({ cluster: facts.id })
    this.#parts = parts
    this.#facts = facts
    this.#storage = storage
    this.#log = log
    this.#set = new ReplicaSet({
      setName: facts.setName,
      routers: facts.routers ?? false,
      hosts: this.#hostsOf(facts),
      hidden: new Set(facts.hidden),
      setVersion: facts.setVersion ?? 1,
      storage,
      log,
      now,
      onFailure: () => {
        for (const index of this.#members.keys()) void this.kill(index, { abrupt: true })
      },
    })
    this.#members = facts.ports.map((port, index) => this.#newMember(port, index))
  }

  /** Opens the data; members do not listen before `listen`. */
  static async open(parts: ClusterParts): Promise<Cluster> {
    const storage = await Storage.open({ dir: join(parts.dir, 'data'), log: parts.log, compactAt: parts.compactAt })
    return new Cluster(parts, storage)
  }

  get facts(): ClusterFacts {
    return this.#facts
  }

  /** Starts every member that can have its port, unless the cluster is paused; one that cannot tries again later. */
  async listen(): Promise<void> {
    await this.#set.flushed()
    if (this.#facts.paused) for (const index of this.#members.keys()) this.#set.kill(index)
    else await Promise.all([...this.#members.keys()].map((index) => this.#listenAt(index)))
  }

  async #listenAt(index: number): Promise<void> {
    try {
      await this.#members[index]?.start()
    } catch (cause) {
      this.#log.error({ err: cause, member: index }, 'a member cannot listen on its port')
      this.#set.kill(index)
      this.#reviveLater(index)
    }
  }

  #newMember(port: number, index: number): Member {
    const { address } = this.#parts
    const hostPort = this.#hostsOf(this.#facts)[index] ?? `${address}:${port}`
    const { tls } = this.#facts
    return new Member({ index, address, port, hostPort, set: this.#set, table: commandTable, log: this.#log, tls })
  }

  #hostsOf({ ports, hosts = [] }: ClusterFacts): readonly string[] {
    return ports.map((port, index) => `${hosts[index] ?? this.#parts.address}:${port}`)
  }

  /** What a restart is to find; written before anything is done about it. */
  async #save(facts: ClusterFacts): Promise<void> {
    await writeClusterFile(this.#parts.dir, facts)
    this.#facts = facts
  }

  /** Members on these ports from now on: `ports` goes on where the old list ends, or is its beginning. */
  async resize(ports: readonly number[]): Promise<void> {
    const setVersion = (this.#facts.setVersion ?? 1) + 1
    const hosts = this.#facts.hosts?.slice(0, ports.length)
    const hidden = this.#facts.hidden?.filter((index) => index < ports.length)
    await this.#save({ ...this.#facts, ports, ...(hosts && { hosts }), ...(hidden && { hidden }), setVersion })
    const leaving = [...this.#members.entries()].slice(ports.length)
    const coming = [...ports.entries()].slice(this.#members.length)
    this.#members = [
      ...this.#members.slice(0, ports.length),
      ...coming.map(([index, port]) => this.#newMember(port, index)),
    ]
    this.#reconfigure()
    for (const [index] of leaving) this.#endRevival(index)
    await Promise.all(leaving.map(([, member]) => member.stop({ quiesceMs })))
    for (const [index] of coming) {
      if (this.#facts.paused) this.#set.kill(index)
      else await this.#listenAt(index)
    }
  }

  /** A member listens on another port from now on, or spells its host otherwise: it ends, and comes back there. */
  async move(index: number, { port, host }: { readonly port: number; readonly host: string | null }): Promise<void> {
    await this.kill(index)
    const setVersion = (this.#facts.setVersion ?? 1) + 1
    const ports = this.#facts.ports.with(index, port)
    const hosts = ports.map((_, at) => (at === index ? host : (this.#facts.hosts?.[at] ?? null)))
    await this.#save({ ...this.#facts, ports, hosts, setVersion })
    this.#members = this.#members.with(index, this.#newMember(port, index))
    this.#reconfigure()
    if (!this.#facts.paused) await this.revive(index)
  }

  /** A member that no client is told of any more, and that is elected no more; or one that is shown again. */
  async hide(index: number, isHidden: boolean): Promise<void> {
    const others = (this.#facts.hidden ?? []).filter((one) => one !== index)
    const setVersion = (this.#facts.setVersion ?? 1) + 1
    await this.#save({ ...this.#facts, hidden: isHidden ? [...others, index] : others, setVersion })
    this.#reconfigure()
  }

  #reconfigure(): void {
    const { hidden, setVersion = 1 } = this.#facts
    this.#set.reconfigure({ hosts: this.#hostsOf(this.#facts), hidden: new Set(hidden), setVersion })
  }

  /** Ends every member until `resume`, over restarts; data stays. */
  async pause(): Promise<void> {
    await this.#save({ ...this.#facts, paused: true })
    await Promise.all([...this.#members.keys()].map((index) => this.kill(index)))
  }

  async resume(): Promise<void> {
    await this.#save({ ...this.#facts, paused: false })
    for (const index of this.#members.keys()) {
      await this.#listenAt(index)
      if (!this.#revivals.has(index)) this.#set.revive(index)
    }
  }

  #reviveLater(index: number): void {
    const attempt = () => {
      this.#revivals.delete(index)
      this.revive(index).catch(() => this.#reviveLater(index))
    }
    this.#revivals.set(index, setTimeout(attempt, retryPortMs))
  }

  #endRevival(index: number): void {
    clearTimeout(this.#revivals.get(index))
    this.#revivals.delete(index)
  }

  /** Makes sure that the control plane's own user is there, with every right and this password. */
  async ensureAdmin({ user, password }: Credentials): Promise<void> {
    this.#admin = userIdOf('admin', user)
    const known = this.#set.data.users.get(this.#admin)
    const roles = [{ role: 'root', db: 'admin' }]
    const isRoot = known?.roles.some(({ role, db }) => role === 'root' && db === 'admin')
    if (known && isRoot && (await matches(known.verifier, password))) return
    const record = await newUser({ db: 'admin', user, password, roles })
    this.#set.commit({ kind: 'user', user: known ? { ...record, uuid: known.uuid } : record })
    await this.#set.flushed()
  }

  keep(): KeptCluster {
    return { facts: this.#facts, data: this.#set.data.copy(), admin: this.#admin }
  }

  /**
   * Makes it what it was: its members up, its data and users as kept, sessions of users ended.
   * @throws Error EADDRINUSE when somebody else has taken a member's port meanwhile
   */
  async restore({ facts, data, admin }: KeptCluster): Promise<void> {
    this.#admin = admin
    await this.#restoreMembers(facts)
    for (const change of changesBack(this.#set.data, data)) this.#set.commit(change)
    await this.#set.flushed()
    for (const member of this.#members) member.endSessions(admin)
  }

  async #restoreMembers({ ports, hosts, hidden = [], paused = false }: ClusterFacts): Promise<void> {
    for (const [index, port] of this.#facts.ports.entries()) {
      const host = hosts?.[index] ?? null
      if (host !== (this.#facts.hosts?.[index] ?? null)) await this.move(index, { port, host })
    }
    const now = this.#facts.ports
    if (now.length !== ports.length || now.some((port, index) => port !== ports[index])) {
      const common = ports.findIndex((port, index) => now[index] !== port)
      if (common > 0 && common < now.length) await this.resize(ports.slice(0, common))
      await this.resize(ports)
    }
    for (const index of ports.keys()) {
      if (hidden.includes(index) !== this.#set.isHidden(index)) await this.hide(index, hidden.includes(index))
    }
    if (paused && !this.#facts.paused) await this.pause()
    if (!paused && this.#facts.paused) await this.resume()
    if (paused) return
    for (const index of this.#members.keys()) if (this.#set.memberState(index) === 'DOWN') await this.revive(index)
    this.#set.settle()
  }

  report(): ClusterReport {
    const { id, name, setName, routers = false, tls, paused = false } = this.#facts
    const { primary, term } = this.#set.state
    return {
      id,
      name,
      setName,
      routers,
      tls: tls !== undefined,
      paused,
      state: this.#set.hosts.some((_, index) => this.#set.isWritable(index)) ? 'IDLE' : 'REPAIRING',
      primary: primary === undefined ? null : String(primary),
      term,
      members: this.#set.hosts.map((hostPort, index) => ({
        id: String(index),
        hostPort,
        state: this.#set.memberState(index),
      })),
    }
  }

  hasMember(index: number): boolean {
    return index in this.#members
  }

  /**
   * Ends a member as SIGTERM ends a mongod: no primary from this moment, no new connection, an answer to what is
   * under way, and 50 ms later no connection. `abrupt` is kill -9: every connection is cut at once.
   */
  async kill(index: number, { abrupt = false }: { abrupt?: boolean } = {}): Promise<void> {
    this.#endRevival(index)
    this.#set.kill(index)
    await this.#members[index]?.stop({ quiesceMs: abrupt ? 0 : quiesceMs })
  }

  /**
   * @throws Error EADDRINUSE when somebody else has taken the port meanwhile
   * @throws CommandError IllegalOperation while the cluster is paused
   */
  async revive(index: number): Promise<void> {
    if (this.#facts.paused) throw new CommandError('IllegalOperation', 'the cluster is paused')
    await this.#members[index]?.start()
    this.#set.revive(index)
  }

  /** @throws CommandError ExceededTimeLimit when nobody else can be elected and it is not forced */
  stepDown(options: { seconds: number; force: boolean }): void {
    this.#set.stepDown(options)
  }

  async close(): Promise<void> {
    for (const timer of this.#revivals.values()) clearTimeout(timer)
    this.#set.close()
    await Promise.all(this.#members.map((member) => member.stop({ quiesceMs: 0 })))
    await this.#storage.close()
  }
}
