// What every benchmark stands on: the program as it is shipped, a ready data folder, and a PostgreSQL server that writes
// to disk as in production. All of it is made once and taken away at the end.

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startPostgres, whyNoPostgres } from '../packages/control-plane/src/store/postgres-server.testing.ts'
import { buildTemplate } from '../packages/control-plane/src/store/template.ts'
import { bundle } from '../packages/postern/build.ts'

export interface Ground {
  /** A bundle's bin.js. */
  readonly bin: string
  readonly template: string
  /** Null for the embedded store, else a new database's URL. */
  readonly databaseFor: (store: 'embedded' | 'postgres') => Promise<string | null>
  readonly close: () => Promise<void>
}

const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))

/** Rejects with a sentence where a PostgreSQL server is wanted and none can be started. */
export async function prepareGround(stores: readonly string[]): Promise<Ground> {
  const why = stores.includes('postgres') ? await whyNoPostgres() : null
  if (why !== null) throw new Error(why)
  await mkdir(cache, { recursive: true })
  const folder = `${await mkdtemp(`${cache}postern-bench-`)}/`
  const template = `${folder}store-template.tgz`
  await bundle(folder)
  await buildTemplate(template)
  const postgres = stores.includes('postgres') ? await startPostgres({ fsync: true }) : null
  return {
    bin: `${folder}bin.js`,
    template,
    databaseFor: async (store) => (store === 'postgres' ? ((await postgres?.freshDatabase()) ?? null) : null),
    close: async () => {
      await postgres?.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
