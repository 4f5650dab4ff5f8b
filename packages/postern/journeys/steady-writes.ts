// A load of retryable writes that asks for at least 100 a second, whatever becomes of them: four writers, each of which
// begins its next write when the last is answered, and after 40 ms at the latest. What was acknowledged, what failed and
// what is on its way is kept, so that a drill can be shown to have met writes in flight.

import type { MongoClient } from 'mongodb'
import { until } from '../src/up/wait.ts'

const writers = 4
const everyMs = 40

export interface SteadyWrites {
  readonly inFlight: () => number
  /** How many failed so far. */
  readonly failed: () => number
  /** Resolves when this many more writes are acknowledged. */
  readonly acknowledges: (more: number) => Promise<void>
  /** No new write; resolves with every outcome once those on their way have one. May be called twice. */
  readonly end: () => Promise<{ readonly acknowledged: readonly number[]; readonly errors: readonly unknown[] }>
}

/** `collection` of the database `journeys` gets documents with the numbers from 0 as `_id`. */
export function writeSteadily(driver: MongoClient, collection: string): SteadyWrites {
  const documents = driver.db('journeys').collection<{ _id: number }>(collection)
  const acknowledged: number[] = []
  const errors: unknown[] = []
  const underWay = new Set<Promise<void>>()
  let next = 0
  let writing = true

  const write = (): Promise<void> => {
    const _id = next++
    const outcome: Promise<void> = documents
      .insertOne({ _id })
      .then(
        () => void acknowledged.push(_id),
        (error: unknown) => void errors.push(error),
      )
      .finally(() => underWay.delete(outcome))
    underWay.add(outcome)
    return outcome
  }
  const writer = async (): Promise<void> => {
    while (writing) {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, everyMs)
      })
      await Promise.race([write(), late])
      clearTimeout(timer)
    }
  }
  const all = Promise.all(Array.from({ length: writers }, writer))

  return {
    inFlight: () => underWay.size,
    failed: () => errors.length,
    async acknowledges(more) {
      const goal = acknowledged.length + more
      await until(`${more} more writes`, 60_000, async () => (acknowledged.length >= goal ? true : undefined), 10)
    },
    async end() {
      writing = false
      await all
      await Promise.all(underWay)
      return { acknowledged, errors }
    },
  }
}

/** What of `acknowledged` cannot be read back. */
export async function lostOf(
  driver: MongoClient,
  collection: string,
  acknowledged: readonly number[],
): Promise<readonly number[]> {
  const found = await driver.db('journeys').collection<{ _id: number }>(collection).find().toArray()
  const ids = new Set(found.map(({ _id }) => _id))
  return acknowledged.filter((id) => !ids.has(id))
}
