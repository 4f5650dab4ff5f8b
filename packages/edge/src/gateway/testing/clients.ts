// An application at work: the official driver with so many writers and readers, each of which asks again as soon as it was
// answered. Writes are retryable ones, and so are reads, as the driver makes them by default.

import { MongoClient, type MongoClientOptions } from 'mongodb'

export interface Clients {
  /** Answered so far. */
  done(): number
  /** What ended in an error, in order. */
  readonly failed: readonly Failed[]
  /** Until as many more were answered. */
  goOn(more: number): Promise<void>
  /** Lets everybody finish what they asked last. */
  close(): Promise<void>
}

export interface Failed {
  readonly what: 'write' | 'read'
  readonly error: unknown
}

interface Work {
  readonly writers: number
  readonly readers: number
}

/** How a driver finds addresses of a name. */
export type Lookup = NonNullable<MongoClientOptions['lookup']>

const goOnMs = 30_000

const options: MongoClientOptions & { readonly minHeartbeatFrequencyMS: number } = {
  serverSelectionTimeoutMS: 30_000,
  minHeartbeatFrequencyMS: 50, // how soon it looks again after a failure; half a second unless it is told
}

export async function startClients(
  uri: string,
  { writers, readers }: Work,
  more: MongoClientOptions = {},
): Promise<Clients> {
  const driver = new MongoClient(uri, { ...options, ...more })
  await driver.connect()
  const orders = driver.db('shop').collection('orders')
  const failed: Failed[] = []
  let done = 0
  let working = true
  const waiting = new Set<() => void>()
  const work = async (what: Failed['what']): Promise<void> => {
    while (working) {
      await (what === 'write' ? orders.insertOne({ n: done }) : orders.findOne({ n: 1 })).then(
        () => {
          done += 1
          for (const look of waiting) look()
        },
        (error: unknown) => failed.push({ what, error }),
      )
    }
  }
  const all = Array.from({ length: writers + readers }, (_, index) => work(index < writers ? 'write' : 'read'))
  return {
    done: () => done,
    failed,
    goOn: (count) =>
      new Promise((resolve, reject) => {
        const goal = done + count
        const over = (end: () => void): void => {
          clearTimeout(timer)
          waiting.delete(look)
          end()
        }
        const look = (): void => {
          if (done >= goal) over(resolve)
        }
        const timer = setTimeout(() => {
          over(() =>
            reject(new Error(`${done} of ${goal} answered within ${goOnMs / 1000} s, ${failed.length} failed`)),
          )
        }, goOnMs)
        waiting.add(look)
      }),
    async close() {
      working = false
      await Promise.all(all)
      await driver.close(true)
    },
  }
}
