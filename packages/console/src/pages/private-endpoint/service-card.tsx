// One endpoint service with what is attached to it.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { Card } from '@leafygreen-ui/card'
import { Subtitle } from '@leafygreen-ui/typography'
import { Copied } from '../../frame/copied.tsx'
import { DescribedFacts, Fact, Facts } from '../../frame/facts.tsx'
import { MayButton } from '../../frame/may.tsx'
import { StatusBadge } from '../../frame/status-badge.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { serviceNameNames } from '../../words/provider.ts'
import { placeWords, regionWords } from '../../words/region.ts'
import { ServiceActions } from './actions.tsx'
import { EndpointsTable } from './endpoints-table.tsx'
import { nameOf, type ServiceWithEndpoints } from './filters.ts'
import styles from './private-endpoint.module.css'

export function ServiceCard({ service, endpoints }: ServiceWithEndpoints) {
  const { go } = useUrlState()
  const name = nameOf(service)
  const place = placeWords(service.cloudProvider, service.regionName)
  return (
    <Card as="section" aria-label={place}>
      <div className={styles.service}>
        <div className={styles.serviceHead}>
          <Subtitle as="h2">{place}</Subtitle>
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
        <Facts>
          <Fact name="Atlas Endpoint Service Status">
            <StatusBadge kind="service" status={service.status} />
          </Fact>
          <Fact name={serviceNameNames[service.cloudProvider]}>
            {name === undefined ? '—' : <Copied text={name} what="the service’s name" />}
          </Fact>
          <Fact name="Endpoint Service ID">
            <Copied text={service.id} what="the service’s id" />
          </Fact>
          {service.cloudProvider === 'AWS' && (service.supportedRemoteRegions?.length ?? 0) > 0 && (
            <Fact name="Accepted Endpoint Regions">
              {[service.regionName, ...(service.supportedRemoteRegions ?? [])]
                .map((region) => regionWords('AWS', region))
                .join(', ')}
            </Fact>
          )}
          {service.cloudProvider === 'GCP' && (
            <Fact name="Architecture">
              {service.portMappingEnabled
                ? 'Port-mapped'
                : `Legacy, ${service.serviceAttachmentNames.length} service attachments`}
            </Fact>
          )}
          <DescribedFacts {...service} />
        </Facts>
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
