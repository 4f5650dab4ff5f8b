// Opens the one database: PGlite in a folder, or a PostgreSQL server. Both answer the same queries, and both are used
// the same way: reads through `read`, writes through `transact`, which runs its work again when it lost a race.

import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import type { PGlite } from '@electric-sql/pglite'
import { type Dialect, Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely'
import { Pool, types } from 'pg'
import type { Store } from '../parts.ts'
import { withStoreErrors } from './dialect-errors.ts'
import { HomeHeld, lockHome } from './home-lock.ts'
import { migrate } from './migrations.ts'
import { openPglite } from './pglite.ts'
import type { Tables } from './tables.ts'
import { unpackTemplate } from './template.ts'
import { storeOn } from './transact.ts'
import { startUpkeep } from './upkeep.ts'

export type StoreOptions =
  | {
      /** PGlite: its data folder, made when missing, held by this process alone. */
      readonly dataDir: string
      /** Made by buildTemplate; saves a first start the initdb. Unused when it does not fit or the folder has data. */
      readonly template?: string | null
      /** The embedded database broke inside (out of memory, a trap): it answers no more; end the process. */
      readonly onBroken?: (error: unknown) => void
    }
  | { readonly databaseUrl: string; readonly maxConnections?: number; readonly onIdleError?: (error: Error) => void }

/** What the queue needs to share the database. */
export type Backing =
  | { readonly kind: 'embedded'; readonly pglite: PGlite }
  | { readonly kind: 'server'; readonly databaseUrl: string; readonly pool: Pool }

export interface OpenStore {
  readonly store: Store
  readonly backing: Backing
  /** The store's own random mark, written once: numbers of snapshots only grow within it. */
  readonly epoch: string
  readonly close: () => Promise<void>
}

const connectMs = 5000
const upkeepMs = 300_000

/**
 * Opens and migrates. Rejects with HomeHeld when another process has the folder, StoreUnavailable when the server
 * cannot be reached, or the database's own error.
 */
export const createStore = async (options: StoreOptions): Promise<OpenStore> =>
  'dataDir' in options ? openEmbedded(options) : openServer(options)

const openEmbedded = async ({
  dataDir,
  template = null,
  onBroken = () => {},
}: Extract<StoreOptions, { dataDir: string }>): Promise<OpenStore> => {
  const lock = await lockHome(dataDir)
  if ('heldBy' in lock) throw new HomeHeld(dataDir, lock.heldBy)
  try {
    if (template !== null && (await readdir(dataDir)).length === 0) await unpackTemplate(template, dataDir)
    const pglite = await openPglite(dataDir)
    const upkeep = startUpkeep(pglite, { everyMs: upkeepMs, onError: () => {} })
    return await ready(new PGliteDialect({ pglite }), {
      backing: { kind: 'embedded', pglite },
      onError: (error) => {
        // What a WebAssembly trap throws; its class is no part of Node's types.
        if (error instanceof Error && error.name === 'RuntimeError') onBroken(error)
      },
      before: upkeep.stop,
      after: lock.release,
    })
  } catch (error) {
    await lock.release()
    throw error
  }
}

const openServer = async ({
  databaseUrl,
  maxConnections = 10,
  onIdleError = () => {},
}: Extract<StoreOptions, { databaseUrl: string }>): Promise<OpenStore> => {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: maxConnections,
    connectionTimeoutMillis: connectMs,
    application_name: 'postern',
    keepAlive: true,
    types: {
      getTypeParser: (oid, format) => (oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format)),
    },
  })
  // Without a listener an idle connection that the server closes would end the process.
  pool.on('error', onIdleError)
  // The same while it is lent out and between two statements; the next statement tells whoever holds it.
  pool.on('connect', (client) => client.on('error', () => {}))
  return ready(new PostgresDialect({ pool }), {
    backing: { kind: 'server', databaseUrl, pool },
    onError: () => {},
    before: async () => {},
    after: async () => {},
  })
}

interface Opened {
  readonly backing: Backing
  readonly onError: (error: unknown) => void
  /** Before and after the database is closed. */
  readonly before: () => Promise<void>
  readonly after: () => Promise<void>
}

const ready = async (dialect: Dialect, { backing, onError, before, after }: Opened): Promise<OpenStore> => {
  const db = new Kysely<Tables>({ dialect: withStoreErrors(dialect, onError) })
  const close = async (): Promise<void> => {
    await before()
    await db.destroy()
    await after()
  }
  try {
    await migrate(db as Kysely<unknown>)
    await adoptRestored(db)
    return { store: storeOn(db), backing, epoch: await epochOf(db), close }
  } catch (error) {
    await close()
    throw error
  }
}

// A database that was restored from a dump counts its transactions anew: what was written under higher numbers is of the
// past, and must not seem to come still.
const adoptRestored = async (db: Kysely<Tables>): Promise<void> => {
  for (const table of ['event', 'resource_change'] as const)
    await sql`update ${sql.table(table)} set tx = '0' where tx >= pg_snapshot_xmax(pg_current_snapshot())`.execute(db)
}

const epochOf = async (db: Kysely<Tables>): Promise<string> => {
  const mark = { id: 1 as const, epoch: randomBytes(8).toString('hex'), created: new Date() }
  await db
    .insertInto('store_mark')
    .values(mark)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return (await db.selectFrom('store_mark').select('epoch').executeTakeFirstOrThrow()).epoch
}
