// Regionalized endpoints: which members of a sharded cluster one endpoint leads to. Pure; connection strings and the zone
// ask the same question, so that they never say different things.

import type { CloudProvider } from '@postern/contract/cloud'

interface Place {
  readonly provider: CloudProvider
  /** Atlas's spelling. */
  readonly region: string
}

/**
 * Those of the endpoint's own region, in their order; where the cluster has none there, all of them, as without the mode,
 * since a door in another cloud is what it is for.
 */
export const membersNear = <Member extends Place>(members: readonly Member[], endpoint: Place): readonly Member[] => {
  const near = members.filter(({ provider, region }) => provider === endpoint.provider && region === endpoint.region)
  return near.length > 0 ? near : members
}
