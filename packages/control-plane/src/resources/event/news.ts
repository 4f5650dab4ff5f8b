// Tells those who follow events in this process that their place has something new. One look at the store for all of
// them, a few times a second and only while somebody follows: it finds what any control plane wrote, and a look that
// fails is made up for by the next.

import type { Logger } from 'pino'
import type { Store } from '../../parts.ts'
import { type Horizon, horizonOf, placesBetween } from './order.ts'

export interface Following {
  /** True when something may be new since the last call, at once the first time; false after `ms`, or at an abort. */
  readonly changed: (ms: number, signal: AbortSignal) => Promise<boolean>
  readonly close: () => void
}

export interface EventNews {
  /** `place`: id of a group or an organization. */
  readonly follow: (place: string) => Following
}

const lookMs = 200

interface Follower {
  readonly place: string
  fresh: boolean
  wake: () => void
}

export const createEventNews = ({ store, log }: { readonly store: Store; readonly log: Logger }): EventNews => {
  const followers = new Set<Follower>()
  let seen: Horizon | null = null
  let looking = false

  const tell = (places: ReadonlySet<string> | 'all'): void => {
    for (const follower of followers) {
      if (places !== 'all' && !places.has(follower.place)) continue
      follower.fresh = true
      follower.wake()
    }
  }

  const look = async (): Promise<void> => {
    const horizon = await horizonOf(store.read)
    // The first look only says where to begin; whoever read before it may have missed what lies between.
    if (seen === null) tell('all')
    else if (seen !== horizon) tell(await placesBetween(store.read, { from: seen, to: horizon }))
    seen = horizon
  }

  const keepLooking = async (): Promise<void> => {
    if (looking) return
    looking = true
    while (followers.size > 0) {
      await look().catch((error: unknown) => log.debug({ reason: String(error) }, 'a look for new events failed'))
      await new Promise<void>((resolve) => setTimeout(resolve, lookMs).unref())
    }
    seen = null
    looking = false
  }

  return {
    follow: (place) => {
      const follower: Follower = { place, fresh: true, wake: () => {} }
      followers.add(follower)
      void keepLooking()
      return {
        changed: async (ms, signal) => {
          if (!follower.fresh && !signal.aborted) await waitFor(follower, ms, signal)
          const { fresh } = follower
          follower.fresh = false
          return fresh && !signal.aborted
        },
        close: () => followers.delete(follower),
      }
    },
  }
}

/** Resolves at the follower's wake, after `ms`, or at an abort. */
const waitFor = (follower: Follower, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      follower.wake = () => {}
      resolve()
    }
    const timer = setTimeout(end, ms)
    follower.wake = end
    signal.addEventListener('abort', end)
  })
