// The connection strings that lead through one endpoint. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'

type Cluster = ReplyOf<'listGroupClusters'>['results'][number]

export interface EndpointString {
  readonly clusterName: string
  readonly kind: 'SRV' | 'Standard' | 'Optimized SRV'
  readonly text: string
}

export const stringsThrough = (clusters: readonly Cluster[], endpointId: string): readonly EndpointString[] =>
  clusters.flatMap(({ name, connectionStrings }) =>
    (connectionStrings?.privateEndpoint ?? [])
      .filter(({ endpoints }) => endpoints?.some((one) => one.endpointId === endpointId))
      .flatMap(({ connectionString, srvConnectionString, srvShardOptimizedConnectionString: optimized }) => [
        ...(srvConnectionString ? [{ clusterName: name, kind: 'SRV' as const, text: srvConnectionString }] : []),
        ...(connectionString ? [{ clusterName: name, kind: 'Standard' as const, text: connectionString }] : []),
        ...(optimized ? [{ clusterName: name, kind: 'Optimized SRV' as const, text: optimized }] : []),
      ]),
  )
