// Whether a pool lets go of connections before a cloud does. Pure.

import { type Finding, finding } from '@postern/contract/diagnosis'
import type { RoadFacts } from './judge-road.ts'

/** AWS's network load balancers drop what was idle for so long, and tell nobody. */
const dropsAfterMs = 350_000

export const idleTime = ({ road: { maxIdleTimeMs } }: RoadFacts): Finding => {
  const advice = {
    why: `Through AWS PrivateLink a connection that was idle for ${dropsAfterMs / 1_000} s is dropped, and neither side is told.`,
    whatToDo:
      'Where the road leads through a cloud, let the pool close connections earlier: maxIdleTimeMS=240000 in the string.',
  }
  if (maxIdleTimeMs === null || maxIdleTimeMs === 0) {
    return finding(
      'idle-time',
      'OK',
      'The string sets no maxIdleTimeMS, as most do: idle connections are kept.',
      advice,
    )
  }
  if (maxIdleTimeMs < dropsAfterMs) return finding('idle-time', 'OK', `maxIdleTimeMS is ${maxIdleTimeMs}.`)
  return finding('idle-time', 'WARNING', `maxIdleTimeMS is ${maxIdleTimeMs}.`, advice)
}
