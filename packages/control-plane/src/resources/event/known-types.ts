// Atlas refuses a filter by a type of event that it does not have, and shows none of a type of ours. Its list grows with
// every release, so this is done only where Atlas's behaviour is asked for.

import { atlasGroupEventTypes, atlasOrgEventTypes } from '@postern/contract/atlas-event-types'
import { AtlasError } from '@postern/contract/errors'
import { ownEventTypes } from '@postern/contract/event'
import type { Behaviour } from '@postern/contract/fidelity'

const knownTypes = { group: atlasGroupEventTypes, org: atlasOrgEventTypes } as const

interface TypeFilters {
  readonly eventType: readonly string[]
  readonly excludedEventType?: readonly string[]
}

/** Throws QUERY_PARAM_PARSE_ERROR that names the first type that Atlas does not have there. */
export const refuseUnknownTypes = (
  { unknownEventTypes }: Pick<Behaviour, 'unknownEventTypes'>,
  { within, ...filters }: { readonly within: keyof typeof knownTypes } & TypeFilters,
): void => {
  if (unknownEventTypes === 'find nothing') return
  for (const [parameter, types = []] of Object.entries({ ...filters })) {
    const value = types.find((type) => !knownTypes[within].has(type))
    if (value !== undefined) throw new AtlasError('QUERY_PARAM_PARSE_ERROR', { parameter, value })
  }
}

/** Types that are not shown in Atlas's lists. */
export const hiddenTypes = (behaviour: Pick<Behaviour, 'ownEventTypes'>): readonly string[] =>
  behaviour.ownEventTypes === 'shown' ? [] : ownEventTypes
