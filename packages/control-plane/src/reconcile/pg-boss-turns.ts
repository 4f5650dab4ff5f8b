// Turns on pg-boss, in the same database as the wishes: a wake-up is one more row of the caller's transaction. What makes
// it keep the seam's promises, each of them found by trying:
// - a wake-up is an `upsert`: `send` with a key that waits already returns null and does not hasten it. While the key's
//   turn runs, the upsert inserts the one successor;
// - a delay is a `send`: it must never push back a turn that is already due;
// - policy `stately`: one waiting and one running job per key;
// - a rescan's turns have a lower priority: whoever is woken does not wait behind hundreds that are only looked at;
// - all queues are made at start: an unknown queue is looked up outside the caller's transaction, where PGlite would wait
//   for ever;
// - on the embedded store we are the only process, so jobs that still run at start are orphans and fail at once; on a
//   server the heartbeat finds them. The engine's rescan then wakes them.

import { fromKysely, fromPglite, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Backing } from '../store/create-store.ts'
import { type DrivenTurns, type Failing, type Failure, type Outcome, type TurnKind, turnKinds } from './turns.ts'

export interface PgBossTurnsOptions {
  readonly backing: Backing
  readonly log: Logger
  /** How many turns of one kind may run at once in this process. */
  readonly turnsPerKind?: number
}

const queueOf = (kind: TurnKind): string => `turn_${kind}`

const queue = {
  policy: 'stately',
  notify: true,
  retryLimit: 1_000_000,
  retryDelay: 1,
  heartbeatSeconds: 10,
  expireInSeconds: 900,
  // Rows of finished turns are of no use to anybody.
  deleteAfterSeconds: 60,
} as const

// NOTIFY and our own timers wake the workers; this is for delays that another process began and did not live to see. Nobody
// else works on an embedded store, where each look of each worker costs the idle machine some milliseconds.
const idlePollSeconds = { embedded: 15, server: 2 } as const
// start_after was computed before our timer began; this covers what a timer may fire early.
const timerMarginMs = 10
const thrownDelayMs = 1000
const quietMs = 60_000
const rescanBatch = 500
/** Every wake-up makes each worker of its kind look. There is one feed turn at a time anyway, so one looks. */
const workersOf = (kind: TurnKind, turnsPerKind: number): number => (kind === 'feed' ? 1 : turnsPerKind)
const wokenPriority = 0
const rescanPriority = -1

interface Turn {
  readonly id: string
  /** Of the turn before this one. */
  readonly after?: Failure
}

/** Resolves turns on the store's own database; nothing is touched before `start`. */
export const createPgBossTurns = ({ backing, log, turnsPerKind = 3 }: PgBossTurnsOptions): DrivenTurns => {
  const boss = bossOn(backing)
  const workers = new Map<TurnKind, string[]>()
  const timers = new Set<NodeJS.Timeout>()
  tell(boss, log)

  const look = (kind: TurnKind): void => {
    for (const worker of workers.get(kind) ?? []) boss.notifyWorker(worker)
  }

  const later = async (kind: TurnKind, { id, after }: Turn, ms: number): Promise<void> => {
    const data: Turn = { id, ...(after !== undefined && { after }) }
    await boss.send(queueOf(kind), data, { singletonKey: id, startAfter: new Date(Date.now() + ms) })
    lookIn(kind, ms)
  }

  const lookIn = (kind: TurnKind, ms: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      look(kind)
    }, ms + timerMarginMs)
    timers.add(timer)
    timer.unref()
  }

  const work = async (kind: TurnKind, take: (kind: TurnKind, id: string) => Promise<Outcome>): Promise<void> => {
    const own: string[] = []
    workers.set(kind, own)
    const idle = idlePollSeconds[backing.kind]
    for (let index = 0; index < workersOf(kind, turnsPerKind); index++) {
      const worker: string = await boss.work<Turn>(
        queueOf(kind),
        { pollingIntervalSeconds: idle, notifyPollingIntervalSeconds: idle },
        async ([job]) => {
          if (job === undefined) return
          const { id } = job.data
          const outcome = await take(kind, id).catch(
            (error: unknown): Outcome => ({ do: 'retry', reason: String(error) }),
          )
          if (outcome.do === 'again') await later(kind, { id, ...outcome }, outcome.afterMs)
          if (outcome.do === 'retry') await later(kind, { id }, thrownDelayMs)
          // A worker sleeps after a job unless it was told to look again: there may be a backlog.
          boss.notifyWorker(worker)
        },
      )
      own.push(worker)
    }
  }

  return {
    wake: async (tx, kind, id) => {
      const data: Turn = { id }
      const now = { startAfter: 0, priority: wokenPriority }
      await boss.upsert(queueOf(kind), data, { singletonKey: id, ...now, db: fromKysely(tx) })
    },
    rescan: async (kind, ids) => {
      for (let from = 0; from < ids.length; from += rescanBatch) {
        const batch = ids.slice(from, from + rescanBatch)
        await boss.insert(
          queueOf(kind),
          batch.map((id) => ({ data: { id }, singletonKey: id, priority: rescanPriority })),
        )
      }
    },
    failing: async (kind, ids) => {
      const { rows } = await boss.getDb().executeSql(
        `select singleton_key as id, data, start_after as next_try from pgboss.job
         where name = $1 and state in ('created', 'retry') and singleton_key = any($2::text[])`,
        [queueOf(kind), ids],
      )
      const waiting = rows as readonly { readonly id: string; readonly data: Turn; readonly next_try: Date }[]
      return new Map(
        waiting.flatMap(({ id, data: { after }, next_try }): readonly [string, Failing][] =>
          after === undefined ? [] : [[id, { ...after, nextTry: next_try.getTime() }]],
        ),
      )
    },
    start: async (take) => {
      await boss.start()
      for (const kind of turnKinds) {
        await boss.createQueue(queueOf(kind), queue)
        // Fills the cache that `wake` would otherwise fill from outside the caller's transaction.
        await boss.getQueue(queueOf(kind))
      }
      if (backing.kind === 'embedded') await failOrphans(boss)
      for (const kind of turnKinds) await work(kind, take)
      // What an earlier process began to wait for.
      if (backing.kind === 'embedded') for (const { kind, ms } of await delays(boss)) lookIn(kind, ms)
    },
    hasten: async (ms) => {
      await query(
        boss,
        `update pgboss.job set start_after = start_after - $2 * interval '1 millisecond' where ${waits}`,
        ms,
      )
      for (const kind of turnKinds) look(kind)
    },
    untilNext: async () => {
      const [row] = await query<{ readonly ms: number | null }>(
        boss,
        `select min(case when state = 'active' then 0 else greatest(extract(epoch from start_after - now()) * 1000, 0) end)::float8 as ms
         from pgboss.job where ${waits} or (${ours} and state = 'active')`,
      )
      return row?.ms ?? null
    },
    stop: async (graceMs) => {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      await boss.stop({ graceful: true, timeout: graceMs, close: true })
    },
  }
}

const ours = 'name = any ($1)'
const waits = `${ours} and state in ('created', 'retry')`

/** `$1` is the names of all queues. */
const query = async <Row>(boss: PgBoss, text: string, ...more: readonly unknown[]): Promise<readonly Row[]> => {
  const { rows } = await boss.getDb().executeSql(text, [turnKinds.map(queueOf), ...more])
  return rows as readonly Row[]
}

const bossOn = (backing: Backing): PgBoss =>
  new PgBoss({
    ...(backing.kind === 'embedded'
      ? { db: fromPglite(backing.pglite), backend: 'pglite' as const }
      : { connectionString: backing.databaseUrl, max: 6, application_name: 'postern turns' }),
    useListenNotify: true,
    schedule: false,
    registerInstance: false,
    monitorVacuum: false,
    reindex: false,
    persistWarnings: false,
    openTelemetry: { enabled: false },
    // Finds lost heartbeats on a server; alone on an embedded store there is nothing to find.
    superviseIntervalSeconds: backing.kind === 'embedded' ? 60 : 2,
    monitorIntervalSeconds: backing.kind === 'embedded' ? 60 : 2,
    maintenanceIntervalSeconds: 60,
  })

const failOrphans = async (boss: PgBoss): Promise<void> => {
  for (const kind of turnKinds) {
    const { rows } = await boss
      .getDb()
      .executeSql(`select id from pgboss.job where name = $1 and state = 'active'`, [queueOf(kind)])
    const ids = (rows as readonly { readonly id: string }[]).map(({ id }) => id)
    if (ids.length > 0) await boss.fail(queueOf(kind), ids, { message: 'the process ended during this turn' })
  }
}

/** The moments, in ms from now and to the second, at which turns come due. */
const delays = async (boss: PgBoss): Promise<readonly { readonly kind: TurnKind; readonly ms: number }[]> => {
  const { rows } = await boss.getDb().executeSql(
    `select name, max(extract(epoch from start_after - now()) * 1000)::float8 as ms from pgboss.job
     where name = any ($1) and state in ('created', 'retry') and start_after between now() and now() + interval '1 day'
     group by name, floor(extract(epoch from start_after))`,
    [turnKinds.map(queueOf)],
  )
  const found = rows as readonly { readonly name: string; readonly ms: number }[]
  return turnKinds.flatMap((kind) => found.filter(({ name }) => name === queueOf(kind)).map(({ ms }) => ({ kind, ms })))
}

// While a database is away every worker complains at every poll: each sentence is logged once a minute.
const tell = (boss: PgBoss, log: Logger): void => {
  const last = new Map<string, number>()
  const once = (sentence: string): boolean => {
    const now = Date.now()
    if (now - (last.get(sentence) ?? 0) < quietMs) return false
    if (last.size > 100) last.clear()
    last.set(sentence, now)
    return true
  }
  boss.on('error', (error) => {
    // The sentence ends with the worker's id, which differs for each of them.
    const sentence = error.message.replace(/ \(Queue: .*\)$/, '')
    if (once(sentence)) log.error({ reason: sentence }, 'turn queue failed')
  })
  boss.on('warning', ({ message }) => {
    if (once(message)) log.warn({ reason: message }, 'turn queue warned')
  })
}
