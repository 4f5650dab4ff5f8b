// Registered deployments whose hidden members are not known, and who could be granted the right to ask for them.

import { type HiddenUnknown, parseReach } from '../../engines/engine.ts'
import { whoAsks } from '../../engines/set-config.ts'
import type { Parts } from '../../parts.ts'
import type { LoadedCluster } from '../cluster/rows.ts'

export interface HiddenUnknownAt {
  readonly clusterName: string
  readonly why: HiddenUnknown
  /** Who asks, and where that user is; null: nobody was given who may. */
  readonly asks: { readonly user: string; readonly source: string } | null
}

export const hiddenUnknownAt = (
  { seal }: Pick<Parts, 'seal'>,
  clusters: readonly LoadedCluster[],
): readonly HiddenUnknownAt[] =>
  clusters.flatMap(({ row }) => {
    const { engine, access, hidden_unknown: why, name: clusterName } = row
    if (engine !== 'registered' || access === null || why === null) return []
    const asks = whoAsks(parseReach(seal.open(row.id, access)))
    return [{ clusterName, why, asks: asks && { user: asks.user, source: asks.source } }]
  })
