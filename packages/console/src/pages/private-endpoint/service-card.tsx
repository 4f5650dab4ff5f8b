// One endpoint service with what is attached to it.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { Card } from '@leafygreen-ui/card'
import { Subtitle } from '@leafygreen-ui/typography'
import { Copied } from '../../frame/copied.tsx'
import { MayButton } from '../../frame/may.tsx'
import { StatusBadge } from '../../frame/status-badge.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { providerNames, serviceNameNames } from '../../words/provider.ts'
import { ServiceActions } from './actions.tsx'
import { EndpointsTable } from './endpoints-table.tsx'
import { nameOf, type ServiceWithEndpoints } from './filters.ts'
import styles from './private-endpoint.module.css'

export function ServiceCard({ service, endpoints }: ServiceWithEndpoints) {
  const { go } = useUrlState()
  const name = nameOf(service)
  const labels = Object.entries(service.labels)
  return (
    <Card as="section" aria-label={`${providerNames[service.cloudProvider]} ${service.regionName}`}>
      <div className={styles.service}>
        <div className={styles.serviceHead}>
          <Subtitle as="h2">
            {providerNames[service.cloudProvider]} / {service.regionName}
          </Subtitle>
          <div className={styles.ways}>
            <ServiceActions service={service} />
            <MayButton
              operation="deleteGroupPrivateEndpointEndpointService"
              size="small"
              variant="dangerOutline"
              blocked={service.status === 'DELETING' ? 'It is being deleted.' : undefined}
              onClick={() => go({ dialog: 'terminate', service: service.id })}
            >
              Terminate
            </MayButton>
          </div>
        </div>
        <dl className={styles.facts}>
          <dt>Atlas Endpoint Service Status</dt>
          <dd>
            <StatusBadge kind="service" status={service.status} />
          </dd>
          <dt>{serviceNameNames[service.cloudProvider]}</dt>
          <dd className={styles.name}>{name === undefined ? '—' : <Copied text={name} what="the service’s name" />}</dd>
          <dt>Endpoint Service ID</dt>
          <dd className={styles.name}>
            <Copied text={service.id} what="the service’s id" />
          </dd>
          {service.cloudProvider === 'AWS' && (service.supportedRemoteRegions?.length ?? 0) > 0 && (
            <>
              <dt>Accepted Endpoint Regions</dt>
              <dd>{[service.regionName, ...(service.supportedRemoteRegions ?? [])].join(', ')}</dd>
            </>
          )}
          {service.cloudProvider === 'GCP' && (
            <>
              <dt>Architecture</dt>
              <dd>
                {service.portMappingEnabled
                  ? 'Port-mapped'
                  : `Legacy, ${service.serviceAttachmentNames.length} service attachments`}
              </dd>
            </>
          )}
          {(service.description ?? '') !== '' && (
            <>
              <dt>Description</dt>
              <dd>{service.description}</dd>
            </>
          )}
          {labels.length > 0 && (
            <>
              <dt>Labels</dt>
              <dd>{labels.map(([key, value]) => `${key}: ${value}`).join(', ')}</dd>
            </>
          )}
        </dl>
        {service.errorMessage !== null && (
          <Banner className={styles.problem} variant={Variant.Danger}>
            {service.errorMessage}
          </Banner>
        )}
      </div>
      {endpoints.length === 0 ? (
        <p className={styles.none}>No endpoint is attached yet.</p>
      ) : (
        <EndpointsTable service={service} endpoints={endpoints} />
      )}
    </Card>
  )
}
