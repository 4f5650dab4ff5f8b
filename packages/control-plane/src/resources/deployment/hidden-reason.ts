// Why a deployment may have hidden members that are not known, in words. Pure.

import type { HiddenUnknown, Reach } from '../../engines/engine.ts'
import { whoAsks } from '../../engines/set-config.ts'

const mayRead = 'read the configuration of the set (clusterMonitor, or more)'

/** `kept` is how the deployment is reached: who could ask. Null: hidden members are known. */
export const hiddenReason = (unknown: HiddenUnknown | null, kept: Pick<Reach, 'admin' | 'monitor'>): string | null => {
  if (unknown === null) return null
  if (unknown === 'UNREAD')
    return 'the configuration of the set could not be read just now: hidden members are not known yet'
  return whoAsks(kept) === null
    ? `nobody was given who may ${mayRead}: hidden members are not known`
    : `the user that was given may not ${mayRead}, or its password was changed: who is hidden now is not known`
}
