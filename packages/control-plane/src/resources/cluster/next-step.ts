// What a cluster needs next, from what is wanted and what was seen. Pure: one step as data, which reconcile.ts takes.
// A deployment that does not answer keeps its members and its IDLE; only its error message tells. A member is dropped
// only when a primary says that it is gone.

import type { ClusterEngine, ClusterState } from '@postern/contract/cluster'
import { refusedHost, splitHostPort } from '../../engines/dial-guard.ts'
import type { HiddenUnknown, Made, MemberRole, Seen, SeenMember } from '../../engines/engine.ts'
import type { Place } from './spec.ts'

export interface Want {
  readonly deleteRequested: boolean
  readonly state: ClusterState
  readonly engine: ClusterEngine
  /** The members are not to serve: nothing is expected of them. */
  readonly paused: boolean
  /** Where members stand by position; a member beyond the last stands where the last does. */
  readonly places: readonly Place[]
  readonly members: readonly KnownMember[]
  readonly setName: string | null
  readonly version: string | null
  readonly error: string | null
  /** Why hidden members are not known, as a primary last told. */
  readonly hiddenUnknown: HiddenUnknown | null
}

export interface KnownMember extends Place {
  readonly id: string
  readonly hostPort: string
  readonly role: string
  readonly position: number
}

export interface Look {
  /** What the engine was last asked in this process; null: nothing yet. */
  readonly made: Made | null
  /** Null: not looked yet. */
  readonly seen: Seen | null
}

interface NewMember extends Place {
  readonly hostPort: string
  readonly role: MemberRole
  readonly position: number
}

interface ChangedMember extends Place {
  readonly id: string
  readonly hostPort: string
  readonly role: MemberRole
}

export interface Change {
  readonly state: ClusterState
  readonly setName: string | null
  readonly version: string | null
  readonly error: string | null
  readonly hiddenUnknown: HiddenUnknown | null
  readonly add: readonly NewMember[]
  readonly update: readonly ChangedMember[]
  readonly remove: readonly string[]
}

export type Step =
  | { readonly do: 'remove' }
  /** Ask the engine to make the members as they are wanted, or where they listen now. */
  | { readonly do: 'ensure' }
  | { readonly do: 'record'; readonly change: Change }
  | { readonly do: 'wait'; readonly afterMs: number }

/** Milliseconds between looks at a cluster that is made, that stands (changes wake it sooner), that does not answer. */
export const lookAgain = { creating: 200, standing: 5000, silent: 10_000 } as const

export const nextStep = (want: Want, { made, seen }: Look): Step => {
  if (want.deleteRequested) return { do: 'remove' }
  if (made === null || made.members !== want.places.length || made.paused !== want.paused) return { do: 'ensure' }
  if (want.paused) return settle(want, silent(want, { state: 'IDLE', error: null }))
  if (seen === null || seen.kind === 'unreachable' || seen.kind === 'standalone') return notSeen(want, seen)
  if (want.state !== 'IDLE' && !isComplete(want, seen)) return { do: 'wait', afterMs: lookAgain.creating }
  return settle(want, {
    state: 'IDLE',
    setName: seen.kind === 'replicaSet' ? seen.setName : null,
    version: seen.version ?? want.version,
    error: null,
    hiddenUnknown: seen.kind === 'routers' ? null : seen.hasPrimary ? seen.hidden : want.hiddenUnknown,
    ...memberChanges(want, {
      made: made.hosts,
      members: seen.members.filter(mayDial),
      sure: seen.kind === 'routers' || (seen.hasPrimary && seen.hidden !== 'UNREAD'),
      configured: seen.kind === 'routers' || seen.hidden === null,
    }),
  })
}

const notSeen = (want: Want, seen: Seen | null): Step => {
  if (want.state === 'CREATING') return { do: 'wait', afterMs: lookAgain.creating }
  const error = seen?.kind === 'unreachable' ? seen.reason : 'the deployment is no longer a replica set'
  return settle(want, silent(want, { state: want.state, error }))
}

/** Told by the set's configuration, not by how a member is at the moment: strings leave these out also when nobody answers. */
const standing: ReadonlySet<string> = new Set(['unknown', 'arbiter', 'hidden', 'delayed'])

/** Nobody answers: members stay, in a role that says so. */
const silent = (want: Want, { state, error }: Pick<Change, 'state' | 'error'>): Change => ({
  state,
  setName: want.setName,
  version: want.version,
  error,
  hiddenUnknown: want.hiddenUnknown,
  add: [],
  update: want.members
    .filter(({ role }) => !standing.has(role))
    .map(({ id, hostPort, provider, region }) => ({ id, hostPort, role: 'unknown', provider, region })),
  remove: [],
})

/** A new or changed cluster stands when the members that were asked for have answered, and one of them leads. */
const isComplete = (want: Want, seen: Exclude<Seen, { kind: 'unreachable' | 'standalone' }>): boolean => {
  if (seen.kind === 'replicaSet' && !seen.hasPrimary) return false
  if (want.engine === 'registered') return true
  return seen.members.length === want.places.length && seen.members.every(({ role }) => role !== 'unknown')
}

/** A member is never stored at an address that must not be dialled: the gateway would dial what is stored. */
const mayDial = ({ hostPort }: SeenMember): boolean => refusedHost(splitHostPort(hostPort).host) === null

interface Membership {
  readonly made: readonly string[]
  readonly members: readonly SeenMember[]
  /** A primary said so, and whoever may read the configuration did not fail to just now; else nobody is dropped. */
  readonly sure: boolean
  /** The set's configuration was read: who is hidden or lags behind is among what was seen. */
  readonly configured: boolean
}

/**
 * Who came, who changed, who left. An address that replaces another at the same place of the engine's list moved; in a
 * deployment of the user's own, one that came where one went: a set changes one voting member at a time. Whoever moved keeps
 * its ports, so that strings in use lead to it still.
 */
const memberChanges = (
  want: Want,
  { made, members, sure, configured }: Membership,
): Pick<Change, 'add' | 'update' | 'remove'> => {
  const byHost = new Map(want.members.map((member) => [member.hostPort, member]))
  const seenHosts = new Set(members.map(({ hostPort }) => hostPort))
  // No hello lists a hidden one, so that it is not listed says nothing.
  const gone = want.members.filter(
    ({ hostPort, role }) => !seenHosts.has(hostPort) && (configured || role !== 'hidden'),
  )
  const moved = new Map<string, KnownMember>()
  let next = Math.max(-1, ...want.members.map(({ position }) => position)) + 1
  const add: NewMember[] = []
  const fresh = members.filter(({ hostPort }) => !byHost.has(hostPort))
  const onlyOne = sure && gone.length === 1 && fresh.length === 1 ? gone[0] : undefined
  for (const { hostPort, role } of fresh) {
    const at = made.indexOf(hostPort)
    const replaced = want.engine === 'sandbox' ? gone.find(({ position }) => position === at) : onlyOne
    if (replaced) moved.set(hostPort, replaced)
    else {
      const taken = want.members.some(({ position }) => position === at) || add.some(({ position }) => position === at)
      const position = at >= 0 && !taken ? at : next
      next = Math.max(next, position + 1)
      add.push({ hostPort, role, position, ...placeOf(want.places, position) })
    }
  }
  const update = members.flatMap(({ hostPort, role: seenAs }) => {
    const known = byHost.get(hostPort) ?? moved.get(hostPort)
    if (known === undefined) return []
    const role = !configured && known.role === 'delayed' && mayLag.has(seenAs) ? 'delayed' : seenAs
    // Where a registered deployment's members stand was told once, and is not changed here.
    const { provider, region } = want.engine === 'sandbox' ? placeOf(want.places, known.position) : known
    const same = known.hostPort === hostPort && known.role === role
    return same && known.provider === provider && known.region === region
      ? []
      : [{ id: known.id, hostPort, role, provider, region }]
  })
  const movedIds = new Set([...moved.values()].map(({ id }) => id))
  const remove = sure ? gone.filter(({ id }) => !movedIds.has(id)).map(({ id }) => id) : []
  return { add, update, remove }
}

/** As what a delayed member is seen where the configuration is not: it never leads, and is no arbiter. */
const mayLag: ReadonlySet<MemberRole> = new Set(['secondary', 'passive', 'unknown'])

const placeOf = (places: readonly Place[], position: number): Place => {
  const place = places[position] ?? places.at(-1)
  if (place === undefined) throw new RangeError('a cluster without a region')
  return { provider: place.provider, region: place.region }
}

const settle = (want: Want, change: Change): Step =>
  change.state === want.state &&
  change.setName === want.setName &&
  change.version === want.version &&
  change.error === want.error &&
  change.hiddenUnknown === want.hiddenUnknown &&
  change.add.length + change.update.length + change.remove.length === 0
    ? { do: 'wait', afterMs: change.error === null ? lookAgain.standing : lookAgain.silent }
    : { do: 'record', change }
