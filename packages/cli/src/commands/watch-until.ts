// Looks again and again until a resource is where it should be: soon at first, since the local cloud takes a fraction of
// a second, then once a second. The Atlas CLI's four seconds would be most of the wait.

import type { Io } from '../core/io.ts'
import { showLooks } from '../core/progress.ts'
import { UsageError } from '../core/usage-error.ts'
import { printable, textAt } from '../print/json.ts'

const firstMs = 250
const mostMs = 1_000

/**
 * Resolves with the resource once its status is one of `done`. Throws UsageError with the resource's own
 * `errorMessage` for one of `failed`, and whatever `look` throws (a 404, once it is gone).
 */
export async function watchUntil<Resource>(
  io: Io,
  watched: {
    readonly what: string
    readonly look: () => Promise<Resource>
    readonly statusOf: (resource: Resource) => string
    readonly done: readonly string[]
    readonly failed: readonly string[]
  },
): Promise<Resource> {
  const looks = showLooks(io.stderr)
  try {
    for (let looked = 1; ; looked += 1) {
      const resource = await watched.look()
      const status = watched.statusOf(resource)
      if (watched.done.includes(status)) return resource
      if (watched.failed.includes(status)) {
        const why = textAt(resource, 'errorMessage')
        throw new UsageError(`${watched.what} is ${printable(status)}${why === '' ? '' : `: ${why}`}`)
      }
      looks.look(`${watched.what} is ${printable(status)}`)
      await io.sleep(Math.min(firstMs * looked, mostMs))
    }
  } finally {
    looks.end()
  }
}
