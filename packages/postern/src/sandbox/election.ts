// Who is primary: the set's state as a value, and what each event makes of it. Pure; the clock is handed in, and
// whoever carries the state out asks `nextElection` when to call `elect` (Raft's terms, as MongoDB's electionId).

export type MemberState = 'PRIMARY' | 'SECONDARY' | 'DOWN'
export type SetState = {
  readonly term: number
  readonly primary: number | undefined
  readonly alive: readonly boolean[]
  /** Until when, in ms since the epoch, a member that stepped down stands for no election. */
  readonly frozenUntil: readonly number[]
  /** Who was primary last: passed over while another one can be elected. */
  readonly last: number | undefined
  /** From when, in ms since the epoch, the next election may be held. */
  readonly electionFrom: number
}

/** Until when a hidden member stands for no election. */
const never = Number.POSITIVE_INFINITY

/** How long a set is without a primary after losing one, in ms. */
export const electionDelayMs = 100

export function newSet(members: number, term: number): SetState {
  return {
    term,
    primary: undefined,
    alive: Array.from({ length: members }, () => true),
    frozenUntil: Array.from({ length: members }, () => 0),
    last: undefined,
    electionFrom: 0,
  }
}

export function memberState(set: SetState, member: number): MemberState {
  if (!set.alive[member]) return 'DOWN'
  return set.primary === member ? 'PRIMARY' : 'SECONDARY'
}

export const hasMajority = (set: SetState): boolean => set.alive.filter(Boolean).length * 2 > set.alive.length

/** A member that may be elected at `now`, if the set has a majority and needs one. */
function candidate(set: SetState, now: number): number | undefined {
  if (set.primary !== undefined || !hasMajority(set)) return undefined
  const able = [...set.alive.keys()].filter((member) => set.alive[member] && (set.frozenUntil[member] ?? 0) <= now)
  return able.find((member) => member !== set.last) ?? able[0]
}

/** Elects, when `now` is late enough and somebody can be elected; the term rises with each election. */
export function elect(set: SetState, now: number): SetState {
  const winner = now >= set.electionFrom ? candidate(set, now) : undefined
  return winner === undefined ? set : { ...set, primary: winner, last: winner, term: set.term + 1 }
}

/** When, in ms since the epoch, `elect` may first succeed; undefined when only a revived member can help. */
export function nextElection(set: SetState): number | undefined {
  if (set.primary !== undefined || !hasMajority(set)) return undefined
  const thawed = set.frozenUntil.filter((until, member) => set.alive[member] && until !== never)
  return thawed.length === 0 ? undefined : Math.max(set.electionFrom, Math.min(...thawed))
}

/** The primary becomes a secondary and stands for no election before `seconds` have passed. */
export function stepDown(set: SetState, { seconds, now }: { seconds: number; now: number }): SetState {
  const old = set.primary
  if (old === undefined) return set
  const frozenUntil = set.frozenUntil.map((until, member) => (member === old ? now + seconds * 1000 : until))
  return { ...set, primary: undefined, frozenUntil, electionFrom: now + electionDelayMs }
}

/** Everybody but hidden members may be elected, at once. */
export const thaw = (set: SetState): SetState => ({ ...set, frozenUntil: set.frozenUntil.map(thawed), electionFrom: 0 })

const thawed = (until: number): number => (until === never ? never : 0)

/** These are the hidden members from now on: they are never elected, and a primary among them is primary no longer. */
export function hide(set: SetState, hidden: ReadonlySet<number>, now: number): SetState {
  const frozenUntil = set.frozenUntil.map((until, member) => (hidden.has(member) ? never : until === never ? 0 : until))
  const next = { ...set, frozenUntil }
  if (set.primary === undefined || !hidden.has(set.primary)) return next
  return { ...next, primary: undefined, electionFrom: now + electionDelayMs }
}

/** Could anybody else be elected if the primary stepped down now? */
export function hasElectableSecondary(set: SetState, now: number): boolean {
  return (
    hasMajority(set) &&
    set.alive.some((up, member) => up && member !== set.primary && (set.frozenUntil[member] ?? 0) <= now)
  )
}

/** A member is gone; a primary that is gone, or has lost its majority, is primary no longer. */
export function kill(set: SetState, member: number, now: number): SetState {
  if (!set.alive[member]) return set
  const next = { ...set, alive: set.alive.map((up, index) => up && index !== member) }
  if (set.primary === undefined || (set.primary !== member && hasMajority(next))) return next
  return { ...next, primary: undefined, electionFrom: now + electionDelayMs }
}

/** A member is back, as a secondary. */
export function revive(set: SetState, member: number): SetState {
  if (set.alive[member] !== false) return set
  return {
    ...set,
    alive: set.alive.map((up, index) => up || index === member),
    frozenUntil: set.frozenUntil.map((until, index) => (index === member ? thawed(until) : until)),
  }
}

/**
 * The set has another number of members: new ones come as secondaries at the end, the last ones leave. A primary that
 * leaves hands over in the same moment, to whoever is left: clients never look for one in vain.
 */
export function resize(set: SetState, members: number, now: number): SetState {
  const next: SetState = {
    ...set,
    alive: Array.from({ length: members }, (_, member) => set.alive[member] ?? true),
    frozenUntil: Array.from({ length: members }, (_, member) => set.frozenUntil[member] ?? 0),
    last: set.last !== undefined && set.last < members ? set.last : undefined,
  }
  if (set.primary === undefined || (set.primary < members && hasMajority(next))) return next
  if (!hasMajority(next)) return { ...next, primary: undefined, electionFrom: now + electionDelayMs }
  const heir = next.alive.findIndex((up, member) => up && next.frozenUntil[member] !== never)
  if (heir === -1) return { ...next, primary: undefined, electionFrom: now + electionDelayMs }
  return { ...next, primary: heir, last: heir, term: set.term + 1 }
}

/** `7fffffff` and the term in sixteen hexadecimal digits: rises with each election, as a replica set's does. */
export const electionIdOf = (term: number): string => `7fffffff${term.toString(16).padStart(16, '0')}`
