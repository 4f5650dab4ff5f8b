// From here: which regions' endpoints are reached. Pure.

import { type Finding, finding } from '@postern/contract/diagnosis'
import type { Door } from './dial.ts'

export interface RegionWalk {
  /** `AWS US_EAST_1`. */
  readonly region: string
  readonly doors: readonly Door[]
}

/** A refusal on the edge's own machine is the edge's, not the network's. */
export function regionsReached(
  walks: readonly RegionWalk[],
  { besideEdge }: { readonly besideEdge: boolean },
): Finding {
  const regions = [...new Set(walks.map(({ region }) => region))].map((region) => {
    const doors = walks.filter((walk) => walk.region === region).flatMap((walk) => walk.doors)
    const open = doors.filter(({ tcp }) => tcp === 'OPEN').length
    const isAway = open === 0 && doors.some(({ tcp }) => tcp !== 'REFUSED' || !besideEdge)
    return { region, open, isAway, says: `${region} ${open} of ${doors.length} ports` }
  })
  const matrix = regions.map(({ says }) => says).join('; ')
  const away = regions.filter(({ isAway }) => isAway).map(({ region }) => region)
  if (regions.length < 2)
    return finding('regions-reached', 'NOT_APPLICABLE', 'There are no endpoints in several regions.')
  if (away.length === 0 || regions.every(({ open }) => open === 0)) {
    return finding('regions-reached', away.length === 0 ? 'OK' : 'NOT_APPLICABLE', `Reached from here: ${matrix}.`)
  }
  return finding('regions-reached', 'FAILED', `Not reached from here: ${away.join(', ')}. Reached: ${matrix}.`, {
    why: 'An endpoint is in the network of its own region; from another one only peering, or global access, leads there.',
    whatToDo: 'Use the string of an endpoint that is reached, or join the networks.',
    command: 'postern privateEndpoints list',
  })
}
