// The project's clusters.

import { BasicEmptyState } from '@leafygreen-ui/empty-state'
import { Cell, HeaderCell, HeaderRow, Row, TableBody, TableHead } from '@leafygreen-ui/table'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { useOperation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { PageHead } from '../../frame/page-head.tsx'
import { useGroupId } from '../../frame/place.ts'
import { StatusBadge } from '../../frame/status-badge.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { placesOf } from './places.ts'

export function Page() {
  const clusters = useOperation('listGroupClusters', {
    params: { groupId: useGroupId() },
    query: { itemsPerPage: 500 },
  })
  return (
    <>
      <PageHead title="Clusters" />
      <Answered query={clusters}>
        {({ results }) => (results.length === 0 ? <NoClusters /> : <Clusters clusters={results} />)}
      </Answered>
    </>
  )
}

const NoClusters = () => (
  <BasicEmptyState
    title="No cluster yet"
    description="Create one with postern clusters create, or register a deployment of your own."
  />
)

type Cluster = ReplyOf<'listGroupClusters'>['results'][number]

const Clusters = ({ clusters }: { readonly clusters: readonly Cluster[] }) => (
  <WideTable label="Clusters">
    <TableHead>
      <HeaderRow>
        {['Name', 'State', 'Provider', 'Region', 'Version', 'Type'].map((name) => (
          <HeaderCell key={name}>{name}</HeaderCell>
        ))}
      </HeaderRow>
    </TableHead>
    <TableBody>
      {clusters.map((cluster) => {
        const places = placesOf(cluster)
        return (
          <Row key={cluster.id}>
            <Cell>
              <strong>{cluster.name}</strong>
            </Cell>
            <Cell>
              <StatusBadge kind="cluster" status={cluster.stateName} />
            </Cell>
            <Cell>{places.providers.join(', ')}</Cell>
            <Cell>{places.regions.join(', ')}</Cell>
            <Cell>{cluster.mongoDBVersion}</Cell>
            <Cell>{typeWords[cluster.clusterType]}</Cell>
          </Row>
        )
      })}
    </TableBody>
  </WideTable>
)

const typeWords = { REPLICASET: 'Replica set', SHARDED: 'Sharded', GEOSHARDED: 'Global' } as const
