// What a server's autovacuum does and the embedded PostgreSQL has not: without it every update of a busy row leaves a dead
// one behind, and the queue's tables slow down. One table at a time, so that nobody waits long.

import type { PGlite } from '@electric-sql/pglite'

/** Takes out the dead rows of every table. */
export const vacuumTables = async (pglite: PGlite): Promise<void> => {
  const { rows } = await pglite.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'pgboss')`,
  )
  for (const { name } of rows) await pglite.exec(`vacuum (analyze) ${name}`)
}

/** Does so every `everyMs` until it is told to stop. A failure is only told: the next time comes. */
export const startUpkeep = (
  pglite: PGlite,
  { everyMs, onError }: { readonly everyMs: number; readonly onError: (error: unknown) => void },
): { readonly stop: () => Promise<void> } => {
  let running = Promise.resolve()
  const timer = setInterval(() => {
    running = running.then(() => vacuumTables(pglite)).catch(onError)
  }, everyMs)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}
