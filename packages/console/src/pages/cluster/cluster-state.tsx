// A cluster's state as a badge. To the API one that is paused is as idle as any other.

import Badge, { Variant } from '@leafygreen-ui/badge'
import { StatusBadge } from '../../frame/status-badge.tsx'
import type { ShownCluster } from './shown-cluster.ts'

export const ClusterState = ({ cluster: { state, paused } }: { readonly cluster: ShownCluster }) =>
  paused && state === 'IDLE' ? (
    <Badge variant={Variant.LightGray}>Paused</Badge>
  ) : (
    <StatusBadge kind="cluster" status={state} />
  )
