// One cluster as its members see it: the shared data, who is primary, and a counter that rises whenever the answer
// to `hello` changes. Knows no socket. Losing the primary holds an election as soon as the rules allow. A sharded
// cluster's members are routers: each serves all of the data, and nobody is elected; its shards are not to be seen.
import { EventEmitter } from 'node:events'
import type { Logger } from 'pino'
import { CommandError } from './command-error.ts'
import {
  elect,
  hasElectableSecondary,
  hide,
  kill,
  type MemberState,
  memberState,
  newSet,
  nextElection,
  resize,
  revive,
  type SetState,
  stepDown,
  thaw,
} from './election.ts'
import type { Change } from './record.ts'
import type { Storage } from './storage.ts'

/** Where changes go: `Storage`, or in a test a disk that fails. */
export type ChangeStore = Pick<Storage, 'data' | 'commit' | 'flushed'>

export type ReplicaSetParts = {
  readonly setName: string
  /** Members are routers of a sharded cluster. */
  readonly routers: boolean
  /** host:port of each member, by number. */
  readonly hosts: readonly string[]
  /** By number: members that no client is told of, and that are never elected. */
  readonly hidden: ReadonlySet<number>
  /** Rises with each change of the members. */
  readonly setVersion: number
  readonly storage: ChangeStore
  readonly log: Logger
  readonly now: () => number
  /** The disk failed: what is in memory must not be shown any longer. */
  readonly onFailure: () => void
}

export class ReplicaSet {
  readonly setName: string
  readonly routers: boolean
  readonly startedAt: number
  readonly now: () => number
  readonly #storage: ChangeStore
  readonly #log: Logger
  readonly #onFailure: () => void
  readonly #events = new EventEmitter().setMaxListeners(0)
  #hosts: readonly string[]
  #hidden: ReadonlySet<number>
  #setVersion: number
  #state: SetState
  #counter = 1n
  #timer: NodeJS.Timeout | undefined
  #closed = false
  #optime = { seconds: 0, increment: 0, at: 0 }

  constructor({ setName, routers, hosts, hidden, setVersion, storage, log, now, onFailure }: ReplicaSetParts) {
    this.setName = setName
    this.routers = routers
    this.#hosts = hosts
    this.#hidden = hidden
    this.#setVersion = setVersion
    this.#storage = storage
    this.#log = log
    this.#onFailure = onFailure
    this.now = now
    this.startedAt = now()
    this.#state = hide(newSet(hosts.length, storage.data.term), hidden, this.startedAt)
    this.#tick()
    this.#holdElection()
  }

  get hosts(): readonly string[] {
    return this.#hosts
  }

  isHidden(member: number): boolean {
    return this.#hidden.has(member)
  }

  /** Those that clients are told of. */
  get listedHosts(): readonly string[] {
    return this.#hosts.filter((_, member) => !this.isHidden(member))
  }

  get setVersion(): number {
    return this.#setVersion
  }

  get data() {
    return this.#storage.data
  }

  get state(): SetState {
    return this.#state
  }

  /** Rises with every change that `hello` shows; `topologyVersion.counter`. */
  get counter(): bigint {
    return this.#counter
  }

  /** When the last write happened, as the replica set's logical time and in ms since the epoch. */
  get lastWrite(): { readonly seconds: number; readonly increment: number; readonly at: number } {
    return this.#optime
  }

  memberState(member: number): MemberState | 'ROUTER' {
    const state = memberState(this.#state, member)
    return this.routers && state !== 'DOWN' ? 'ROUTER' : state
  }

  /** Does it take writes: the primary of a set, and every router. */
  isWritable(member: number): boolean {
    return ['PRIMARY', 'ROUTER'].includes(this.memberState(member))
  }

  primaryHost(): string | undefined {
    return this.#state.primary === undefined ? undefined : this.hosts[this.#state.primary]
  }

  /** Applies a change and queues it for the disk. */
  commit(change: Change): void {
    this.#tick()
    this.#storage.commit(change)
  }

  /**
   * Resolves when all that was committed is durable.
   * @throws CommandError InternalError when the disk failed: no member serves any longer
   */
  async flushed(): Promise<void> {
    try {
      await this.#storage.flushed()
    } catch (cause) {
      if (!this.#closed) this.#log.fatal({ err: cause }, 'the journal cannot be written; the cluster stops')
      this.close()
      this.#onFailure()
      throw new CommandError('InternalError', 'the journal cannot be written')
    }
  }

  /**
   * The primary steps down.
   * @throws CommandError ExceededTimeLimit when nobody else could be elected and it is not forced, IllegalOperation
   * of a sharded cluster
   */
  stepDown({ seconds, force }: { seconds: number; force: boolean }): void {
    if (this.routers) throw new CommandError('IllegalOperation', 'routers have no primary')
    if (!force && !hasElectableSecondary(this.#state, this.now())) {
      throw new CommandError('ExceededTimeLimit', 'No electable secondaries caught up; use force to step down anyway')
    }
    this.#become(stepDown(this.#state, { seconds, now: this.now() }))
  }

  /** Whoever stepped down may be elected again, and a set without a primary elects one at once. */
  settle(): void {
    this.#become(thaw(this.#state))
  }

  kill(member: number): void {
    this.#become(kill(this.#state, member, this.now()))
  }

  revive(member: number): void {
    this.#become(revive(this.#state, member))
  }

  /** Members were added at the end, the last ones taken away, or some hidden; a primary among those is primary no longer. */
  reconfigure({ hosts, hidden, setVersion }: Pick<ReplicaSetParts, 'hosts' | 'hidden' | 'setVersion'>): void {
    this.#hosts = hosts
    this.#hidden = hidden
    this.#setVersion = setVersion
    const next = hide(resize(this.#state, hosts.length, this.now()), hidden, this.now())
    if (next.term !== this.#state.term) this.commit({ kind: 'term', term: next.term })
    this.#become(next)
  }

  /** Resolves when the counter is no longer `seen`, when `ms` have passed, or when the signal aborts. */
  async changed(seen: bigint, ms: number, signal: AbortSignal): Promise<void> {
    if (this.#counter !== seen || signal.aborted) return
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#events.off('change', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal.addEventListener('abort', done)
      this.#events.once('change', done)
    })
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #become(next: SetState): void {
    if (next === this.#state) return
    const before = this.#state
    this.#state = next
    this.#counter += 1n
    if (before.primary !== next.primary) {
      this.#log.info({ set: this.setName, term: next.term, primary: next.primary ?? null }, 'the primary changed')
    }
    this.#events.emit('change')
    this.#holdElection()
  }

  #holdElection(): void {
    clearTimeout(this.#timer)
    if (this.#closed || this.routers) return
    const at = nextElection(this.#state)
    if (at === undefined) return
    const wait = at - this.now()
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#holdElection(), Math.min(wait, 0x7fffffff))
      return
    }
    const next = elect(this.#state, this.now())
    if (next === this.#state) return
    this.commit({ kind: 'term', term: next.term })
    this.#become(next)
  }

  #tick(): void {
    const at = this.now()
    const seconds = Math.max(Math.floor(at / 1000), this.#optime.seconds)
    const increment = seconds === this.#optime.seconds ? this.#optime.increment + 1 : 1
    this.#optime = { seconds, increment, at }
  }
}
