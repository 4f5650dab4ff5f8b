// A store that tells what was asked of it: how many statements, and every row that they answered.

import type { KyselyPlugin } from 'kysely'
import type { Store } from '../parts.ts'

export interface CountedStore extends Store {
  readonly asked: { statements: number; readonly rows: unknown[] }
}

export const countedStore = (store: Store): CountedStore => {
  const asked = { statements: 0, rows: [] as unknown[] }
  const count: KyselyPlugin = {
    transformQuery: ({ node }) => {
      asked.statements++
      return node
    },
    transformResult: async ({ result }) => {
      asked.rows.push(...result.rows)
      return result
    },
  }
  return {
    asked,
    read: store.read.withPlugin(count),
    transact: (work, options) => store.transact((tx) => work(tx.withPlugin(count)), options),
  }
}
