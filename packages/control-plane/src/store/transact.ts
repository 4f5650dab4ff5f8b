// How a store is read and written over one Kysely handle. A transaction that lost a race runs again, but not against the
// same rivals for ever: from then on this process lets its transactions go one after another, and over all control planes
// those that have lost hold one lock while they run. Many at once cost nothing as long as nobody loses; when somebody
// does, it is as on the embedded store, where there is one connection.

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Kysely, KyselyPlugin, Transaction } from 'kysely'
import type { Store } from '../parts.ts'
import { collectAfterCommit } from './after-commit.ts'
import { lockTable } from './lock-table.ts'
import { isLostRace, StoreUnavailable } from './store-error.ts'
import type { Tables } from './tables.ts'

/** Against those of other control planes that have not lost yet. */
const racesAllowed = 40

/** `db` must be no one else's. */
export const storeOn = (db: Kysely<Tables>): Store => {
  const inside: Inside = new AsyncLocalStorage()
  return { read: db.withPlugin(refuseInside(inside)), transact: transactOn(db, inside) }
}

type Inside = AsyncLocalStorage<{ open: boolean }>

const refuse = (inside: Inside): void => {
  if (inside.getStore()?.open) throw new Error('The store was used inside a transaction: pass tx down instead')
}

// PGlite has one connection: a statement of the base handle inside a transaction would wait for that transaction for
// ever. A plugin sees each statement before it waits for a connection; those of `tx` do not pass through it.
const refuseInside = (inside: Inside): KyselyPlugin => ({
  transformQuery: ({ node }) => {
    refuse(inside)
    return node
  },
  transformResult: async ({ result }) => result,
})

const transactOn = (db: Kysely<Tables>, inside: Inside): Store['transact'] => {
  let queue: Promise<unknown> = Promise.resolve()
  /** How many are in the queue or running from it. */
  let queued = 0
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    queued += 1
    const result = queue.then(work).finally(() => {
      queued -= 1
    })
    queue = result.catch(() => {})
    return result
  }

  return async <Result>(
    work: (tx: Transaction<Tables>) => Promise<Result>,
    { isolation }: NonNullable<Parameters<Store['transact']>[1]> = { isolation: 'serializable' },
  ): Promise<Result> => {
    refuse(inside)
    const attempt = async (alone: boolean): Promise<Result> => {
      let effects = (): void => {}
      const scope = { open: true }
      const run = async (tx: Transaction<Tables>): Promise<Result> => {
        if (alone) await lockTable(tx, 'store_mark')
        effects = collectAfterCommit(tx)
        return inside
          .run(scope, () => work(tx))
          .finally(() => {
            // A promise that outlives its transaction may use the store again.
            scope.open = false
          })
      }
      const result = await db.transaction().setIsolationLevel(isolation).execute(run)
      effects()
      return result
    }
    const again = async (): Promise<Result> => {
      for (let race = 1; ; race++) {
        try {
          return await attempt(true)
        } catch (error) {
          if (!isLostRace(error)) throw error
          if (race === racesAllowed) throw new StoreUnavailable(error)
        }
      }
    }
    // Those that are told to do with less seldom lose, and need not wait for those that have lost.
    if (queued > 0 && isolation === 'serializable') return inTurn(again)
    const first = await attempt(false).then(
      (result) => ({ result }),
      (error: unknown) => {
        if (isLostRace(error)) return null
        throw error
      },
    )
    return first === null ? inTurn(again) : first.result
  }
}
