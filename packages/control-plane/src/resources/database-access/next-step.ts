// What a database user or a custom role still needs, from the wish and from what each cluster has. Pure. A cluster that is
// being made is left for later (its own turn wakes all of them when it stands); one that manages no users is none of
// ours.

export interface Target {
  readonly clusterId: string
  /** It stands, and we hold an administrator's credentials for it. */
  readonly manageable: boolean
  readonly inScope: boolean
  /** A custom role that has to be there before, and is not yet: its own turn wakes whoever waits. */
  readonly waitsFor: string | null
}

export interface AccessWant {
  /** Asked for, or its deleteAfterDate has passed. */
  readonly gone: boolean
  /** False: proves itself by something else than a password. */
  readonly managed: boolean
  readonly wish: number
  readonly applied: ReadonlyMap<string, number>
  /** Every cluster of the group that is not being deleted. */
  readonly targets: readonly Target[]
  /** Registered deployments on their way out: the row says what is to be taken back there. */
  readonly leaving: ReadonlySet<string>
  /** Milliseconds since 1970; null: never. */
  readonly deleteAfter: number | null
}

export type AccessStep =
  | { readonly do: 'apply'; readonly put: readonly string[]; readonly drop: readonly string[] }
  | { readonly do: 'wait'; readonly for: string }
  | { readonly do: 'forget' }
  | { readonly do: 'ready' }
  | { readonly do: 'not managed' }

export const nextAccessStep = (want: AccessWant): AccessStep => {
  const reachable = want.targets.filter(({ manageable }) => manageable)
  const wanted = want.managed && !want.gone
  const lacking = reachable.filter(
    ({ clusterId, inScope }) => wanted && inScope && want.applied.get(clusterId) !== want.wish,
  )
  const put = lacking.filter(({ waitsFor }) => waitsFor === null)
  const drop = reachable.filter(({ clusterId, inScope }) => want.applied.has(clusterId) && !(wanted && inScope))
  if (put.length + drop.length > 0) return { do: 'apply', put: put.map(idOf), drop: drop.map(idOf) }
  const [waiting] = lacking
  if (waiting?.waitsFor != null) return { do: 'wait', for: waiting.waitsFor }
  // A cluster that has the user and cannot be reached yet keeps the row: it would come back with the cluster.
  const held =
    want.targets.some(({ clusterId, manageable }) => !manageable && want.applied.has(clusterId)) ||
    [...want.leaving].some((clusterId) => want.applied.has(clusterId))
  if (want.gone && !held) return { do: 'forget' }
  return want.managed ? { do: 'ready' } : { do: 'not managed' }
}

const idOf = ({ clusterId }: Target): string => clusterId

/** Milliseconds until a user has to go by itself; null: never. Never longer than a timer can run. */
export const untilExpiry = ({ deleteAfter, gone }: AccessWant, now: number): number | null =>
  deleteAfter === null || gone ? null : Math.min(Math.max(0, deleteAfter - now), 24 * 3600 * 1000)
