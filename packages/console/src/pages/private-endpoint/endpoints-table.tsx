// What is attached to one service.

import { Cell, Row } from '@leafygreen-ui/table'
import { Link } from '@tanstack/react-router'
import { MayButton } from '../../frame/may.tsx'
import { StatusBadge } from '../../frame/status-badge.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { WideTable } from '../../frame/wide-table.tsx'
import { endpointIdNames } from '../../words/provider.ts'
import { placeWords } from '../../words/region.ts'
import { EndpointActions } from './actions.tsx'
import type { Endpoint, Service, ServiceWithEndpoints } from './filters.ts'
import { useEndpointLink } from './place.ts'
import styles from './private-endpoint.module.css'

export function EndpointsTable({ service, endpoints }: ServiceWithEndpoints) {
  return (
    <WideTable
      label={`Endpoints of ${placeWords(service.cloudProvider, service.regionName)}`}
      columns={[endpointIdNames[service.cloudProvider], 'Endpoint Status', 'Description', 'Actions']}
    >
      {endpoints.map((endpoint) => (
        <EndpointRow key={endpoint.endpointId} service={service} endpoint={endpoint} />
      ))}
    </WideTable>
  )
}

function EndpointRow({ service, endpoint }: { readonly service: Service; readonly endpoint: Endpoint }) {
  const { go } = useUrlState()
  const linkOf = useEndpointLink()
  const { endpointId, status, errorMessage, description, deleteRequested } = endpoint
  // Azure's ids differ in their end.
  const nameAt = endpointId.lastIndexOf('/') + 1
  return (
    <Row>
      <Cell>
        <Link className={styles.id} title={endpointId} aria-label={endpointId} {...linkOf(endpoint)}>
          <span>{endpointId.slice(0, nameAt)}</span>
          <span>{endpointId.slice(nameAt)}</span>
        </Link>
      </Cell>
      <Cell>
        <StatusBadge kind="endpoint" status={deleteRequested ? 'DELETING' : status} />
      </Cell>
      <Cell>{errorMessage ?? description}</Cell>
      <Cell>
        <div className={styles.ways}>
          <EndpointActions service={service} endpoint={endpoint} size="xsmall" />
          <MayButton
            operation="deleteGroupPrivateEndpoint"
            size="xsmall"
            variant="dangerOutline"
            aria-label={`Terminate ${endpointId}`}
            blocked={deleteRequested ? 'It is being deleted.' : undefined}
            onClick={() => go({ dialog: 'terminate', service: service.id, endpoint: endpointId })}
          >
            Terminate
          </MayButton>
        </div>
      </Cell>
    </Row>
  )
}
