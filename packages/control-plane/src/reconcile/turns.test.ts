import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createStore, type OpenStore } from '../store/create-store.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../store/postgres-server.testing.ts'
import { StoreUnavailable } from '../store/store-error.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'
import { createPgBossTurns } from './pg-boss-turns.ts'
import { createSeededTurns } from './seeded-turns.ts'
import { type TurnsUnderTest, turnsCases } from './turns.case.ts'

const log = pino({ level: 'silent' })

const onPgBoss = async ({ store, backing }: OpenStore): Promise<TurnsUnderTest> => {
  const turns = createPgBossTurns({ backing, log })
  return {
    turns,
    store,
    until: (done) => expect.poll(done, { timeout: 30_000, interval: 5 }).toBe(true),
    close: () => turns.stop(1000),
  }
}

describe('turns on pg-boss, embedded', () => {
  let open: TestStore
  beforeAll(async () => {
    open = await createTestStore()
  })
  afterAll(() => open.close())

  turnsCases(() => onPgBoss(open))

  test('whoever is woken goes before those that a rescan only looks at, be it one of them', async () => {
    const { turns, store, until, close } = await onPgBoss(open)
    const taken: string[] = []
    let letThemEnd = (): void => {}
    const ending = new Promise<void>((resolve) => {
      letThemEnd = resolve
    })
    await turns.start(async (_, id) => {
      taken.push(id)
      await ending
      return { do: 'settled' }
    })
    const looked = Array.from({ length: 30 }, (_, index) => `looked at ${index}`)
    await turns.rescan('cluster', looked)
    await until(() => taken.length === 3)
    const [last = ''] = looked.filter((id) => !taken.includes(id)).slice(-1)
    await store.transact(async (tx) => {
      for (const id of ['woken', last]) await turns.wake(tx, 'cluster', id)
    })
    letThemEnd()
    await until(() => taken.length === looked.length + 1)
    expect(new Set(taken.slice(3, 5))).toEqual(new Set(['woken', last]))
    await close()
  })

  test('a turn whose process was killed runs again as soon as the next one starts', async () => {
    const { dataDir, keep } = await createTestStore()
    await keep()
    const victim = await startVictim(dataDir)
    await kill(victim)
    const store = await createStore({ dataDir })
    const turns = createPgBossTurns({ backing: store.backing, log })
    const taken: string[] = []
    await turns.start(async (kind, id) => {
      taken.push(`${kind} ${id}`)
      return { do: 'settled' }
    })
    await expect.poll(() => taken, { timeout: 5000 }).toEqual(['cluster cut short'])
    await turns.stop(1000)
    await store.close()
  })
})

const startVictim = (place: string): Promise<ChildProcess> =>
  new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL('./victim.testing.ts', import.meta.url)), [place], {
      execArgv: ['--import', 'tsx'],
    })
    child.once('message', () => resolve(child))
  })

const kill = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })

const missing = await whyNoPostgres()
if (missing !== null) process.stderr.write(`SKIPPED: turns on a PostgreSQL server: ${missing}\n`)

// Skipped only where the binaries are not installed; the line above says so.
describe.skipIf(missing !== null)('turns on pg-boss, on a server', () => {
  let server: PostgresServer
  let open: OpenStore
  beforeAll(async () => {
    server = await startPostgres()
    open = await createStore({ databaseUrl: await server.freshDatabase() })
  })
  afterAll(async () => {
    await open.close()
    await server.stop()
  })

  turnsCases(() => onPgBoss(open))

  test('that was away go on when it is back', async () => {
    const { turns, until, close } = await onPgBoss(open)
    const taken: string[] = []
    await turns.start(async (_, id) => {
      taken.push(id)
      return { do: 'settled' }
    })
    await server.kill()
    await expect(open.store.transact((tx) => turns.wake(tx, 'cluster', 'while away'))).rejects.toBeInstanceOf(
      StoreUnavailable,
    )
    await server.start()
    await open.store.transact((tx) => turns.wake(tx, 'cluster', 'back'))
    await until(() => taken.includes('back'))
    expect(taken).toEqual(['back'])
    await close()
  })

  test('a turn whose process was killed is taken by another one, once its heartbeat is missed', async () => {
    const databaseUrl = await server.freshDatabase()
    const victim = await startVictim(databaseUrl)
    const store = await createStore({ databaseUrl })
    const { turns, close } = await onPgBoss(store)
    const taken: string[] = []
    await turns.start(async (_, id) => {
      taken.push(id)
      return { do: 'settled' }
    })
    expect(taken).toEqual([])
    await kill(victim)
    await expect.poll(() => taken, { timeout: 50_000 }).toEqual(['cut short'])
    await close()
    await store.close()
  })

  test('two processes share the turns, and what one wakes the other may take', async () => {
    const taken: string[] = []
    const [one, two] = await Promise.all([onPgBoss(open), onPgBoss(open)])
    for (const { turns } of [one, two])
      await turns.start(async (_, id) => {
        taken.push(id)
        return { do: 'settled' }
      })
    const ids = Array.from({ length: 20 }, (_, index) => `shared ${index}`)
    await open.store.transact(async (tx) => {
      for (const id of ids) await one.turns.wake(tx, 'cluster', id)
    })
    await one.until(() => taken.length >= ids.length)
    expect([...taken].sort()).toEqual([...ids].sort())
    for (const { close } of [one, two]) await close()
  })
})

describe('turns in memory, seeded', () => {
  let open: TestStore
  beforeAll(async () => {
    open = await createTestStore()
  })
  afterAll(() => open.close())

  turnsCases(async () => {
    let now = 0
    const turns = createSeededTurns({ clock: { now: () => now }, random: () => 0.5 })
    return {
      turns,
      store: open.store,
      until: async (done) => {
        for (let steps = 0; steps < 1000 && !done(); steps++) {
          // What is due in an hour is not waited for.
          if (!(await turns.step())) now += 10
        }
        expect(done()).toBe(true)
      },
      close: async () => turns.clear(),
    }
  })
})
