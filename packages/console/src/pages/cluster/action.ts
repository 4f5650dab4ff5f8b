// Which actions a cluster's own state stands against, and why. Roles are judged elsewhere.

import { type ShownCluster, sharedTiers } from './shown-cluster.ts'

export type Action = 'edit' | 'pause' | 'resume' | 'terminate'

type Judged = Pick<ShownCluster, 'state' | 'tier' | 'terminationProtection' | 'paused' | 'registered'>

/** Undefined: nothing stands against it. */
export function refusalOf(
  action: Action,
  { state, tier, terminationProtection, registered }: Judged,
): string | undefined {
  if (state === 'DELETING') return 'It is being deleted.'
  if (registered && (action === 'pause' || action === 'resume'))
    return 'It is a registered deployment: it runs, or stands still, where it is.'
  if (action === 'pause' && sharedTiers.has(tier)) return `A ${tier} cluster cannot be paused.`
  if (action === 'terminate' && terminationProtection) return 'Its termination protection is on: Edit turns it off.'
  return undefined
}
