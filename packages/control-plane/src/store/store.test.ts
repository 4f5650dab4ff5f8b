import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createStore, type OpenStore } from './create-store.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from './postgres-server.testing.ts'
import { storeCases } from './store.case.ts'
import { StoreUnavailable } from './store-error.ts'
import { buildTemplate, templateKey, templateMadeBy, unpackTemplate } from './template.ts'
import { createTestStore } from './testing.ts'
import { vacuumTables } from './upkeep.ts'

describe('the embedded store', () => {
  storeCases(createTestStore)

  describe('on disk', () => {
    let home: string
    beforeEach(async () => {
      home = await mkdtemp(join(tmpdir(), 'postern-store-test-'))
    })
    afterEach(() => rm(home, { recursive: true, force: true }))

    test('loses nothing that was acknowledged when its process is killed, and takes the folder over at once', async () => {
      const first = await createTestStore()
      const { dataDir, epoch } = first
      await first.store.transact((tx) =>
        tx.insertInto('organization').values({ id: 'org', name: 'O', created: new Date() }).execute(),
      )
      await first.keep()
      const { writer, acknowledged } = startWriter(dataDir)
      await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(20)
      await kill(writer)
      const store = await createStore({ dataDir })
      const groups = await store.store.read.selectFrom('group').select('id').execute()
      const limits = await store.store.read.selectFrom('group_limit').select('group_id').execute()
      const there = new Set(groups.map(({ id }) => id))
      expect(acknowledged.filter((id) => !there.has(id))).toEqual([])
      // Both rows of a transaction, or neither.
      expect(limits.map(({ group_id }) => group_id).sort()).toEqual([...there].sort())
      expect(store.epoch).toBe(epoch)
      await store.close()
      await rm(dataDir, { recursive: true })
    })

    test('is held by one process: a second opening names the holder and touches nothing', async () => {
      const first = await createTestStore()
      const before = (await readdir(first.dataDir)).sort()
      await expect(createStore({ dataDir: first.dataDir })).rejects.toMatchObject({
        name: 'HomeHeld',
        heldBy: { pid: process.pid },
      })
      expect((await readdir(first.dataDir)).sort()).toEqual(before)
      await first.close()
    })

    test('starts from a template, with an epoch of its own; one that does not fit is left alone', async () => {
      const template = join(home, 'template.tgz')
      await buildTemplate(template)
      const [one, two] = [join(home, 'one'), join(home, 'two')]
      const stores = [await createStore({ dataDir: one, template }), await createStore({ dataDir: two, template })]
      expect(new Set(stores.map(({ epoch }) => epoch)).size).toBe(2)
      for (const { close } of stores) await close()
      expect(await unpackTemplate(join(home, 'absent.tgz'), join(home, 'three'))).toBe(false)
      expect((await readdir(home)).sort()).toEqual(['one', 'template.tgz', 'two'])
    })

    test('starts without one', async () => {
      const store = await createStore({ dataDir: join(home, 'store'), template: join(home, 'absent.tgz') })
      expect(store.epoch).toMatch(/^[0-9a-f]{16}$/)
      await store.close()
    })
  })

  test('is vacuumed table by table, as a server does by itself', async () => {
    const { backing, store, close } = await createTestStore()
    if (backing.kind !== 'embedded') throw new Error('a test store is embedded')
    await store.transact((tx) =>
      tx.insertInto('revoked_token').values({ token_hash: 'h', expires: new Date() }).execute(),
    )
    // Pages whose every row is alive and known to be so: only a vacuum says that of a page.
    const clean = async () => {
      const { rows } = await backing.pglite.query<{ clean: number }>(
        `select relallvisible as clean from pg_class where relname = 'revoked_token'`,
      )
      return rows[0]?.clean
    }
    expect(await clean()).toBe(0)
    await vacuumTables(backing.pglite)
    expect(await clean()).toBe(1)
    await close()
  })

  test('its template says what it was made by', async () => {
    const versionOf = async (name: string): Promise<string> => {
      const file = new URL(`../../../../node_modules/${name}/package.json`, import.meta.url)
      return (JSON.parse(await readFile(file, 'utf8')) as { readonly version: string }).version
    }
    expect(templateMadeBy).toEqual({
      pglite: await versionOf('@electric-sql/pglite'),
      pgBoss: await versionOf('pg-boss'),
    })
    expect(templateKey).toContain(templateMadeBy.pglite)
  })
})

const startWriter = (dataDir: string): { writer: ChildProcess; acknowledged: string[] } => {
  const acknowledged: string[] = []
  const writer = fork(fileURLToPath(new URL('./writer.testing.ts', import.meta.url)), [dataDir], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  writer.on('message', (id) => acknowledged.push(String(id)))
  return { writer, acknowledged }
}

const kill = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })

const missing = await whyNoPostgres()
if (missing !== null) process.stderr.write(`SKIPPED: the store on a PostgreSQL server: ${missing}\n`)

// Skipped only where the binaries are not installed; the line above says so.
describe.skipIf(missing !== null)('the store on a PostgreSQL server', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  storeCases(async () => createStore({ databaseUrl: await server.freshDatabase() }))

  test('two processes may migrate at once, and agree on one epoch', async () => {
    const databaseUrl = await server.freshDatabase()
    const stores = await Promise.all(Array.from({ length: 3 }, () => createStore({ databaseUrl })))
    expect(new Set(stores.map(({ epoch }) => epoch)).size).toBe(1)
    for (const { close } of stores) await close()
  })

  test('that is away is StoreUnavailable, and the same store works again when it is back', async () => {
    const open: OpenStore = await createStore({ databaseUrl: await server.freshDatabase() })
    const organizations = () => open.store.read.selectFrom('organization').selectAll().execute()
    expect(await organizations()).toEqual([])
    const cutShort = open.store.transact(async (tx) => {
      await tx.insertInto('organization').values({ id: 'o', name: 'O', created: new Date() }).execute()
      await server.kill()
      // The process behind this connection hears of that a moment later, and would commit until then.
      for (;;) await sql`select 1`.execute(tx)
    })
    await expect(cutShort).rejects.toBeInstanceOf(StoreUnavailable)
    await expect(organizations()).rejects.toBeInstanceOf(StoreUnavailable)
    await expect(open.store.transact(async () => {})).rejects.toBeInstanceOf(StoreUnavailable)
    await server.start()
    expect(await organizations()).toEqual([])
    await open.close()
  })
})
