// Stores for tests, fast: one ready data folder per set of migrations is made once (by whichever suite comes first) and
// copied for each store. Every store is a real one, on disk, opened by createStore.

import { cp, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import type { Store } from '../parts.ts'
import { createStore, type OpenStore } from './create-store.ts'
import { lockHome } from './home-lock.ts'
import { prepareDataDir, templateKey } from './template.ts'

export interface TestStore extends OpenStore {
  readonly dataDir: string
  /** Closes the store and removes its folder. */
  readonly close: () => Promise<void>
  /** Closes the store and leaves its folder to the caller. */
  readonly keep: () => Promise<void>
}

const cache = fileURLToPath(new URL('../../../../node_modules/.cache/postern-store/', import.meta.url))

/** A migrated, empty store of its own; about 0.3 s. Make one per test file and `clearStore` it between tests. */
export const createTestStore = async (): Promise<TestStore> => {
  const ready = await readyDataDir()
  const home = await mkdtemp(join(tmpdir(), 'postern-store-'))
  const dataDir = join(home, 'store')
  await cp(ready, dataDir, { recursive: true })
  const open = await createStore({ dataDir })
  return {
    ...open,
    dataDir,
    keep: open.close,
    close: async () => {
      await open.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** Empties every table but the store's own mark, in one statement: foreign keys are checked at its end. */
export const clearStore = async (store: Store): Promise<void> => {
  const { rows } = await sql<{ name: string }>`
    select quote_ident(tablename) as name from pg_tables
    where schemaname = 'public' and tablename not like 'kysely_%' and tablename <> 'store_mark'
  `.execute(store.read)
  const deletions = rows.map(({ name }, index) => `d${index} as (delete from ${name})`)
  await sql.raw(`with ${deletions.join(', ')} select 1`).execute(store.read)
}

/** Runs statements as they are, one after another: for what no code of ours would do to its tables. */
export const runStatements = async (store: Store, statements: readonly string[]): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(store.read)
}

// Suites run in several processes: one makes the folder, the others wait for it.
const readyDataDir = async (): Promise<string> => {
  const ready = join(cache, templateKey)
  while (!(await exists(ready))) {
    const lock = await lockHome(cache)
    if ('heldBy' in lock) {
      await wait(50)
      continue
    }
    try {
      if (!(await exists(ready))) await make(ready)
    } finally {
      await lock.release()
    }
  }
  return ready
}

const make = async (ready: string): Promise<void> => {
  const beside = await mkdtemp(join(cache, '.making-'))
  await mkdir(join(beside, 'data'), { mode: 0o700 })
  await prepareDataDir(join(beside, 'data'))
  await rename(join(beside, 'data'), ready)
  await rm(beside, { recursive: true })
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null
