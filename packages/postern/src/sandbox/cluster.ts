// One cluster: its replica set, its data on disk and its members' sockets, put together; and the drills that the
// admin door offers (kill, revive, step down).
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { ClusterFacts } from './cluster-file.ts'
import { commandTable } from './commands/table.ts'
import type { MemberState } from './election.ts'
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

type MemberReport = { readonly id: string; readonly hostPort: string; readonly state: MemberState }
export type ClusterReport = {
  readonly id: string
  readonly name: string
  readonly setName: string
  readonly tls: boolean
  /** Atlas's words: IDLE with a primary, REPAIRING without one. */
  readonly state: 'IDLE' | 'REPAIRING'
  readonly primary: string | null
  readonly term: number
  readonly members: readonly MemberReport[]
}

export type Credentials = { readonly user: string; readonly password: string }

const quiesceMs = 50
/** How often a member asks again for a port that somebody else had, in ms. */
const retryPortMs = 1000

export class Cluster {
  readonly facts: ClusterFacts
  readonly #set: ReplicaSet
  readonly #storage: Storage
  readonly #members: readonly Member[]
  readonly #log: Logger
  readonly #revivals = new Map<number, NodeJS.Timeout>()

  private constructor(parts: ClusterParts, storage: Storage) {
    const { facts, address, now } = parts
    const log = parts.log.child({ cluster: facts.id })
    const hosts = facts.ports.map((port) => `${address}:${port}`)
    const onFailure = (): void => {
      for (const index of facts.ports.keys()) void this.kill(index, { abrupt: true })
    }
    const set = new ReplicaSet({ setName: facts.setName, hosts, storage, log, now, onFailure })
    this.facts = facts
    this.#set = set
    this.#storage = storage
    this.#log = log
    this.#members = facts.ports.map(
      (port, index) => new Member({ index, address, port, set, table: commandTable, log, tls: facts.tls }),
    )
  }

  /** Opens the data; members do not listen before `listen`. */
  static async open(parts: ClusterParts): Promise<Cluster> {
    const storage = await Storage.open({ dir: join(parts.dir, 'data'), log: parts.log, compactAt: parts.compactAt })
    return new Cluster(parts, storage)
  }

  /** Starts every member that can have its port; one that cannot is down, and tries again every second. */
  async listen(): Promise<void> {
    await this.#set.flushed()
    await Promise.all(
      this.#members.map(async (member, index) => {
        try {
          await member.start()
        } catch (cause) {
          this.#log.error({ err: cause, member: index }, 'a member cannot listen on its port')
          this.#set.kill(index)
          this.#reviveLater(index)
        }
      }),
    )
  }

  #reviveLater(index: number): void {
    const attempt = () => this.revive(index).catch(() => this.#reviveLater(index))
    this.#revivals.set(index, setTimeout(attempt, retryPortMs))
  }

  /** Makes sure that the control plane's own user is there, with every right and this password. */
  async ensureAdmin({ user, password }: Credentials): Promise<void> {
    const known = this.#set.data.users.get(userIdOf('admin', user))
    const roles = [{ role: 'root', db: 'admin' }]
    const isRoot = known?.roles.some(({ role, db }) => role === 'root' && db === 'admin')
    if (known && isRoot && (await matches(known.verifier, password))) return
    const record = await newUser({ db: 'admin', user, password, roles })
    this.#set.commit({ kind: 'user', user: known ? { ...record, uuid: known.uuid } : record })
    await this.#set.flushed()
  }

  report(): ClusterReport {
    const { id, name, setName, tls } = this.facts
    const { primary, term } = this.#set.state
    return {
      id,
      name,
      setName,
      tls: tls !== undefined,
      state: primary === undefined ? 'REPAIRING' : 'IDLE',
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
    clearTimeout(this.#revivals.get(index))
    this.#set.kill(index)
    await this.#members[index]?.stop({ quiesceMs: abrupt ? 0 : quiesceMs })
  }

  /** @throws Error EADDRINUSE when somebody else has taken the port meanwhile */
  async revive(index: number): Promise<void> {
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
