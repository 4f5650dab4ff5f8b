// What a database user still needs, from the wish and from what each cluster has. Pure. A cluster that is being made is
// left for later (its own turn wakes all users when it stands); one that manages no users is none of ours.

export interface Target {
  readonly clusterId: string
  /** It stands, and we hold an administrator's credentials for it. */
  readonly manageable: boolean
  readonly inScope: boolean
}

export interface UserWant {
  /** Asked for, or its deleteAfterDate has passed. */
  readonly gone: boolean
  /** False: proves itself by something else than a password. */
  readonly managed: boolean
  readonly wish: number
  readonly applied: ReadonlyMap<string, number>
  /** Every cluster of the group that is not being deleted. */
  readonly targets: readonly Target[]
  /** Milliseconds since 1970; null: never. */
  readonly deleteAfter: number | null
}

export type UserStep =
  | { readonly do: 'apply'; readonly put: readonly string[]; readonly drop: readonly string[] }
  | { readonly do: 'forget' }
  | { readonly do: 'ready' }
  | { readonly do: 'not managed' }

export const nextUserStep = (want: UserWant): UserStep => {
  const reachable = want.targets.filter(({ manageable }) => manageable)
  const wanted = want.managed && !want.gone
  const put = reachable.filter(
    ({ clusterId, inScope }) => wanted && inScope && want.applied.get(clusterId) !== want.wish,
  )
  const drop = reachable.filter(({ clusterId, inScope }) => want.applied.has(clusterId) && !(wanted && inScope))
  if (put.length + drop.length > 0) return { do: 'apply', put: put.map(idOf), drop: drop.map(idOf) }
  // A cluster that has the user and cannot be reached yet keeps the row: it would come back with the cluster.
  const held = want.targets.some(({ clusterId, manageable }) => !manageable && want.applied.has(clusterId))
  if (want.gone && !held) return { do: 'forget' }
  return want.managed ? { do: 'ready' } : { do: 'not managed' }
}

const idOf = ({ clusterId }: Target): string => clusterId

/** Milliseconds until the user has to go by itself; null: never. Never longer than a timer can run. */
export const untilExpiry = ({ deleteAfter, gone }: UserWant, now: number): number | null =>
  deleteAfter === null || gone ? null : Math.min(Math.max(0, deleteAfter - now), 24 * 3600 * 1000)
