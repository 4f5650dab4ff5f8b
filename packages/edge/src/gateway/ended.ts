// Which entries of access lists have ended. One that has does not begin anew when the clock is set back, nor by a newer snapshot
// that lists it still. What a snapshot lists for the first time is judged by the clock as it is since then: one that ran ahead
// before, and was set right, keeps nobody out.

import type { AccessRange, GatewaySnapshot } from '@postern/contract/snapshot'

/** Of the endpoint of this id. */
export type IsOver = (endpointId: string, range: AccessRange) => boolean

const over = Number.NEGATIVE_INFINITY

const keyOf = (endpointId: string, { cidr, untilMs }: AccessRange): string => `${endpointId} ${cidr} ${untilMs}`

/** `now`: milliseconds since 1970. */
export function createEnded(now: () => number) {
  /** Entries of the newest snapshot, and when they end. */
  let listed: ReadonlyMap<string, number> = new Map()
  let latest = now()

  const latestNow = (): number => {
    latest = Math.max(latest, now())
    return latest
  }

  return {
    /** The latest time that was told since the newest snapshot was taken, by which its entries are judged. */
    latest: latestNow,
    /** Takes a newer snapshot. Answers for its entries alone. */
    follow({ endpoints }: Pick<GatewaySnapshot, 'endpoints'>): IsOver {
      const before = listed
      const at = latestNow()
      listed = new Map(
        endpoints.flatMap(({ id, policy }) =>
          (policy?.accessList ?? []).flatMap((range) => {
            if (range.untilMs === undefined) return []
            const key = keyOf(id, range)
            return [[key, (before.get(key) ?? Number.POSITIVE_INFINITY) <= at ? over : range.untilMs] as const]
          }),
        ),
      )
      latest = now()
      return (endpointId, range) => listed.get(keyOf(endpointId, range)) === over
    },
  }
}
