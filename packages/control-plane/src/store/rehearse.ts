// Does something in a transaction and takes all of it back: what it would have answered, or refused, is found out by the
// very code that would do it.

import type { Transaction } from 'kysely'
import type { Store } from '../parts.ts'
import type { Tables } from './tables.ts'

class TakenBack<Result> {
  readonly result: Result
  constructor(result: Result) {
    this.result = result
  }
}

/** Answers what `work` answers and throws what it throws; nothing that it wrote stays. */
export const rehearse = async <Result>(
  { transact }: Pick<Store, 'transact'>,
  work: (tx: Transaction<Tables>) => Promise<Result>,
): Promise<Result> => {
  try {
    return await transact(async (tx): Promise<never> => {
      throw new TakenBack(await work(tx))
    })
  } catch (thrown) {
    if (thrown instanceof TakenBack) return thrown.result as Result
    throw thrown
  }
}
