// Network Access → Private Endpoint → Dedicated Cluster: the project's endpoint services, each with its endpoints.

import { Card } from '@leafygreen-ui/card'
import { BasicEmptyState } from '@leafygreen-ui/empty-state'
import { Cell, HeaderCell, HeaderRow, Row, TableBody, TableHead } from '@leafygreen-ui/table'
import { Tab, Tabs } from '@leafygreen-ui/tabs'
import { Subtitle } from '@leafygreen-ui/typography'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { useOperation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { useGroupId } from '../../frame/place.ts'
import { StatusBadge } from '../../frame/status-badge.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { NetworkAccess } from '../network-access/network-access.tsx'
import styles from './private-endpoint.module.css'

type Service = ReplyOf<'listGroupEndpointServices'>['results'][number]
type Endpoint = ReplyOf<'listGroupPrivateEndpoints'>['results'][number]

const providerNames = { AWS: 'AWS', AZURE: 'Azure', GCP: 'Google Cloud' } as const

export function Page() {
  return (
    <NetworkAccess tab="private-endpoint">
      <Tabs aria-label="Private Endpoint" size="small" value={0}>
        <Tab name="Dedicated Cluster">
          <DedicatedCluster />
        </Tab>
      </Tabs>
    </NetworkAccess>
  )
}

function DedicatedCluster() {
  const of = { params: { groupId: useGroupId() }, query: { itemsPerPage: 500 } } as const
  const services = useOperation('listGroupEndpointServices', of)
  const endpoints = useOperation('listGroupPrivateEndpoints', of).data?.results ?? []
  return (
    <Answered query={services}>
      {({ results }) =>
        results.length === 0 ? (
          <NoServices />
        ) : (
          <div className={styles.services}>
            {results.map((service) => (
              <ServiceCard
                key={service.id}
                service={service}
                endpoints={endpoints.filter(({ endpointServiceId }) => endpointServiceId === service.id)}
              />
            ))}
          </div>
        )
      }
    </Answered>
  )
}

const NoServices = () => (
  <BasicEmptyState
    title="No endpoint service yet"
    description="An endpoint service is this project's side of private endpoints in one region: create one, then attach endpoints to it."
  />
)

function ServiceCard({ service, endpoints }: { readonly service: Service; readonly endpoints: readonly Endpoint[] }) {
  return (
    <Card as="section" aria-label={`${service.cloudProvider} ${service.regionName}`}>
      <div className={styles.service}>
        <Subtitle as="h2">
          {providerNames[service.cloudProvider]} / {service.regionName}
        </Subtitle>
        <dl className={styles.facts}>
          <dt>Atlas Endpoint Service Status</dt>
          <dd>
            <StatusBadge kind="service" status={service.status} />
          </dd>
          <dt>Atlas Endpoint Service</dt>
          <dd className={styles.name}>{nameOf(service)}</dd>
        </dl>
        {service.errorMessage !== null && <p className={styles.problem}>{service.errorMessage}</p>}
      </div>
      {endpoints.length === 0 ? (
        <p className={styles.none}>No endpoint is attached yet.</p>
      ) : (
        <Endpoints service={service} endpoints={endpoints} />
      )}
    </Card>
  )
}

const Endpoints = ({ service, endpoints }: { readonly service: Service; readonly endpoints: readonly Endpoint[] }) => (
  <WideTable label={`Endpoints of ${service.cloudProvider} ${service.regionName}`}>
    <TableHead>
      <HeaderRow>
        <HeaderCell>{endpointIdNames[service.cloudProvider]}</HeaderCell>
        <HeaderCell>Endpoint Status</HeaderCell>
        <HeaderCell>Description</HeaderCell>
      </HeaderRow>
    </TableHead>
    <TableBody>
      {endpoints.map(({ endpointId, status, errorMessage, description }) => (
        <Row key={endpointId}>
          <Cell>{endpointId}</Cell>
          <Cell>
            <StatusBadge kind="endpoint" status={status} />
          </Cell>
          <Cell>{errorMessage ?? description}</Cell>
        </Row>
      ))}
    </TableBody>
  </WideTable>
)

const endpointIdNames = {
  AWS: 'VPC Endpoint ID',
  AZURE: 'Private Endpoint Resource ID',
  GCP: 'Endpoint Name',
} as const

/** What the consumer's side is pointed at; not known before the cloud has made it. */
const nameOf = (service: Service): string => {
  if (service.cloudProvider === 'AWS') return service.endpointServiceName ?? unknown
  if (service.cloudProvider === 'AZURE') return service.privateLinkServiceResourceId ?? unknown
  return service.serviceAttachmentNames[0] ?? unknown
}
const unknown = '—'
