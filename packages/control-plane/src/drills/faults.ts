// The faults that are set: in memory, for this process. Pure bookkeeping: whether one applies here, how often it has
// happened, how often it may still.

import { atlasRegion, type CloudProvider, cloudProviders } from '@postern/contract/cloud'
import { AtlasError } from '@postern/contract/errors'
import { type FaultKind, type FaultName, type FaultScope, faults as kinds } from '@postern/contract/fault'

export interface NewFault extends FaultScope {
  readonly name: FaultName
  readonly ms?: number | undefined
  /** Absent: as its kind says. */
  readonly times?: number | undefined
  readonly message?: string | undefined
}

export interface Fault extends NewFault {
  readonly id: string
  /** Null: until it is cleared. */
  readonly left: number | null
  readonly struck: number
}

/** Where something happens that a fault may hit. */
export interface Place {
  readonly groupId: string
  readonly provider: CloudProvider
  readonly region: string
  /** The consumers' ids where an endpoint is concerned. */
  readonly cloudIds?: readonly string[]
}

export interface Faults {
  readonly list: () => readonly Fault[]
  readonly set: (fault: NewFault) => Fault
  /** Throws POSTERN_FAULT_NOT_FOUND. */
  readonly find: (id: string) => Fault
  /** One that is gone already is no error. */
  readonly clear: (id: string) => void
  readonly clearAll: () => void
  /** The oldest of these names that applies here, which counts as having happened; null: none does. */
  readonly strike: (names: readonly FaultName[], place: Place) => Fault | null
  /** The oldest of this name that applies here, without counting it. */
  readonly standing: (name: FaultName, place: Place) => Fault | null
}

/** What the cloud says when it strikes. */
export const messageOf = ({ name, message }: NewFault): string => message ?? kinds[name].message

/** As many that are spent are still listed, so that a suite sees that they happened: the newest. */
const spentAtMost = 100

const withoutOldSpent = (faults: readonly Fault[]): readonly Fault[] => {
  const spent = faults.filter(({ left }) => left === 0)
  const old = new Set(spent.slice(0, Math.max(0, spent.length - spentAtMost)))
  return faults.filter((fault) => !old.has(fault))
}

export const createFaults = (newId: () => string): Faults => {
  let held: readonly Fault[] = []
  const standing = (names: readonly FaultName[], place: Place): Fault | null =>
    held.find((fault) => names.includes(fault.name) && fault.left !== 0 && applies(fault, place)) ?? null
  return {
    list: () => held,
    set: (wish) => {
      const kind: FaultKind = kinds[wish.name]
      // What happens to a whole cluster happens at once.
      const count = kind.at === 'cluster' ? { left: 0, struck: 1 } : { left: wish.times ?? kind.times, struck: 0 }
      const fault = { ...wish, id: newId(), ...count }
      held = withoutOldSpent([...held, fault])
      return fault
    },
    find: (faultId) => {
      const found = held.find(({ id }) => id === faultId)
      if (found === undefined) throw new AtlasError('POSTERN_FAULT_NOT_FOUND', { faultId })
      return found
    },
    clear: (faultId) => {
      held = held.filter(({ id }) => id !== faultId)
    },
    clearAll: () => {
      held = []
    },
    strike: (names, place) => {
      const found = standing(names, place)
      if (found === null) return null
      const left = found.left === null ? null : found.left - 1
      const after = { ...found, left, struck: found.struck + 1 }
      held = held.map((fault) => (fault === found ? after : fault))
      return after
    },
    standing: (name, place) => standing([name], place),
  }
}

/** Throws INVALID_ATTRIBUTE for a region that none of the asked clouds has: the fault would never happen. */
export const checkRegion = ({ provider, region }: NewFault): void => {
  const asked = provider === undefined ? cloudProviders : [provider]
  if (region === undefined || asked.some((each) => atlasRegion(each, region) !== undefined)) return
  const description = `${provider ?? 'No cloud'} has ${provider === undefined ? 'a' : 'no'} region ${region}.`
  throw new AtlasError('INVALID_ATTRIBUTE', { attribute: 'region' }, { fields: [{ field: 'region', description }] })
}

const applies = (fault: Fault, place: Place): boolean =>
  (fault.provider ?? place.provider) === place.provider &&
  (fault.region === undefined || atlasRegion(place.provider, fault.region) === place.region) &&
  (fault.groupId ?? place.groupId) === place.groupId &&
  (fault.endpointId === undefined || (place.cloudIds ?? []).some((cloudId) => names(fault.endpointId ?? '', cloudId)))

const names = (wanted: string, cloudId: string): boolean => {
  const [one, other] = [wanted.toLowerCase(), cloudId.toLowerCase()]
  return one === other || one === other.split('/').at(-1)
}
