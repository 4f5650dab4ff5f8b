// Looks again and again until a resource is where it should be: soon at first, since the local cloud takes a fraction of
// a second, then once a second. The Atlas CLI's four seconds would be most of the wait.

import { ApiError } from '@postern/contract/client'
import type { Io } from '../core/io.ts'
import { showLooks } from '../core/progress.ts'
import { UsageError } from '../core/usage-error.ts'
import { printable, textAt } from '../print/json.ts'

const firstMs = 250
const mostMs = 1_000

/**
 * Resolves with the resource once its status is one of `done`; what its `errorMessage` says meanwhile is written. Throws
 * UsageError with the resource's own `errorMessage` for one of `failed` or when the time is over, and whatever `look` throws (a 404, once it is gone).
 */
export async function watchUntil<Resource>(
  io: Io,
  watched: {
    readonly what: string
    readonly look: () => Promise<Resource>
    readonly statusOf: (resource: Resource) => string
    readonly done: readonly string[]
    readonly failed: readonly string[]
    /** Undefined: no end. Counts the waits, not the server's answers. */
    readonly timeoutSeconds?: number | undefined
  },
): Promise<Resource> {
  const looks = showLooks(io.stderr)
  const mostWaited = (watched.timeoutSeconds ?? Number.POSITIVE_INFINITY) * 1_000
  let waited = 0
  try {
    for (let looked = 1; ; looked += 1) {
      const resource = await watched.look()
      const status = watched.statusOf(resource)
      if (watched.done.includes(status)) return resource
      const why = textAt(resource, 'errorMessage')
      if (watched.failed.includes(status)) {
        throw new UsageError(`${watched.what} is ${printable(status)}${why === '' ? '' : `: ${why}`}`)
      }
      if (waited >= mostWaited) {
        const seconds = `${watched.timeoutSeconds} second${watched.timeoutSeconds === 1 ? '' : 's'}`
        throw new UsageError(
          `${watched.what} is still ${printable(status)} after ${seconds}${why === '' ? '; it goes on by itself' : `: ${why}`}`,
        )
      }
      looks.look(`${watched.what} is ${printable(status)}`, why)
      const wait = Math.min(firstMs * looked, mostMs, mostWaited - waited)
      await io.sleep(wait)
      waited += wait
    }
  } finally {
    looks.end()
  }
}

/** The same, until there is nothing to look at any more: `look` throws a 404. */
export async function watchUntilGone<Resource>(
  io: Io,
  watched: {
    readonly what: string
    readonly look: () => Promise<Resource>
    readonly statusOf: (resource: Resource) => string
    readonly timeoutSeconds?: number | undefined
  },
): Promise<void> {
  await watchUntil(io, {
    ...watched,
    look: () =>
      watched.look().catch((problem: unknown) => {
        if (problem instanceof ApiError && problem.status === 404) return undefined
        throw problem
      }),
    statusOf: (resource) => (resource === undefined ? 'GONE' : watched.statusOf(resource)),
    done: ['GONE'],
    failed: [],
  })
}
