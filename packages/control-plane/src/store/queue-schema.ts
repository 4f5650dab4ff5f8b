// The turn queue keeps its own tables (schema `pgboss`) in the same database. They take seconds to make on the embedded
// store, so a template and a test store get them together with ours.

import type { PGlite } from '@electric-sql/pglite'
import { fromPglite, PgBoss } from 'pg-boss'

/** Makes the queue's tables where they are missing. */
export const installQueueSchema = async (pglite: PGlite): Promise<void> => {
  const boss = new PgBoss({
    db: fromPglite(pglite),
    backend: 'pglite',
    supervise: false,
    schedule: false,
    registerInstance: false,
  })
  await boss.start()
  await boss.stop({ graceful: false, close: false })
}
