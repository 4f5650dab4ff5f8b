// The list: what a cluster is, how it is, and what is done with it most: connecting.

import Badge, { Variant } from '@leafygreen-ui/badge'
import Button from '@leafygreen-ui/button'
import { Cell, Row } from '@leafygreen-ui/table'
import { Link as TextLink } from '@leafygreen-ui/typography'
import { Link } from '@tanstack/react-router'
import { useGroupId } from '../../frame/place.ts'
import { WideTable } from '../../frame/wide-table.tsx'
import { providerNames } from '../../words/provider.ts'
import { ClusterActions } from './cluster-actions.tsx'
import { ClusterState } from './cluster-state.tsx'
import type { ShownCluster } from './shown-cluster.ts'
import { useDialog } from './use-dialog.ts'

const columns = ['Name', 'State', { heard: 'Connect' }, 'Tier', 'Provider', 'Region', 'Version', 'Type', 'Actions']

export const ClusterTable = ({ clusters }: { readonly clusters: readonly ShownCluster[] }) => (
  <WideTable label="Clusters" columns={columns}>
    {clusters.map((cluster) => (
      <ClusterRow key={cluster.name} cluster={cluster} />
    ))}
  </WideTable>
)

function ClusterRow({ cluster }: { readonly cluster: ShownCluster }) {
  const groupId = useGroupId()
  const { open } = useDialog()
  const { name, tier, registered, providers, regions, version, type } = cluster
  return (
    <Row>
      <Cell>
        <TextLink as={Link} to={`/groups/${groupId}/clusters/${name}`}>
          <strong>{name}</strong>
        </TextLink>
      </Cell>
      <Cell>
        <ClusterState cluster={cluster} />
      </Cell>
      <Cell>
        <Button size="xsmall" aria-label={`Connect to ${name}`} onClick={() => open('connect', name)}>
          Connect
        </Button>
      </Cell>
      <Cell>{registered ? <Badge variant={Variant.Blue}>Registered</Badge> : tier}</Cell>
      <Cell>{providers.map((provider) => providerNames[provider]).join(', ')}</Cell>
      <Cell>{regions.join(', ')}</Cell>
      <Cell>{version}</Cell>
      <Cell>{type}</Cell>
      <Cell>
        <ClusterActions cluster={cluster} />
      </Cell>
    </Row>
  )
}
