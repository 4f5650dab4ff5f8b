// One private endpoint: its state, the strings that lead through it, who is connected and how much passes.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { Card } from '@leafygreen-ui/card'
import { Subtitle, Link as TextLink } from '@leafygreen-ui/typography'
import { Link } from '@tanstack/react-router'
import { operation, useOperation } from '../../api/operation.ts'
import { isStatus } from '../../api/sentence.ts'
import { Answered } from '../../frame/answered.tsx'
import { Copied } from '../../frame/copied.tsx'
import { DescribedFacts, Fact, Facts } from '../../frame/facts.tsx'
import { MayButton } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { PageHead } from '../../frame/page-head.tsx'
import { useGroupId } from '../../frame/place.ts'
import { StatusBadge } from '../../frame/status-badge.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { When } from '../../frame/when.tsx'
import { endpointIdNames } from '../../words/provider.ts'
import { placeWords } from '../../words/region.ts'
import { ActionDialogs, EndpointActions } from '../private-endpoint/actions.tsx'
import type { Endpoint } from '../private-endpoint/filters.ts'
import { useEndpointPlace, useListLink } from '../private-endpoint/place.ts'
import { TerminateEndpoint } from '../private-endpoint/terminate.tsx'
import { Connections } from './connections.tsx'
import { Limits } from './limits.tsx'
import { PolicyCard } from './policy-card.tsx'
import styles from './private-endpoint-detail.module.css'
import { stringsThrough } from './strings.ts'
import { Traffic } from './traffic.tsx'

export function Page() {
  const params = { groupId: useGroupId(), ...useEndpointPlace() }
  const endpoint = useOperation('getGroupPrivateEndpoint', { params })
  const list = useListLink()
  if (isStatus(endpoint.error, 404)) return <Gone endpointId={params.endpointId} />
  return (
    <>
      <p className={styles.back}>
        <Link {...list}>Network Access / Private Endpoint</Link>
      </p>
      <Answered query={endpoint}>{(one) => <Detail endpoint={one} />}</Answered>
    </>
  )
}

function Gone({ endpointId }: { readonly endpointId: string }) {
  const list = useListLink()
  return (
    <>
      <PageHead title="Private Endpoint" />
      <Nothing
        title="This private endpoint is gone"
        description={`${endpointId} is not attached to this service any more. What was terminated a short while ago can be taken back on the list.`}
      >
        <TextLink as={Link} {...list}>
          All private endpoints
        </TextLink>
      </Nothing>
    </>
  )
}

function Detail({ endpoint }: { readonly endpoint: Endpoint }) {
  const { search, go, replace } = useUrlState()
  const { cloudProvider, endpointServiceId, endpointId } = endpoint
  const place = { groupId: useGroupId(), cloudProvider, endpointServiceId }
  const params = { ...place, endpointId }
  const service = useOperation('getGroupEndpointService', { params: place }).data
  return (
    <>
      <PageHead title={placeWords(endpoint.cloudProvider, endpoint.regionName)}>
        {service && <EndpointActions service={service} endpoint={endpoint} size="default" />}
        <MayButton
          operation="deleteGroupPrivateEndpoint"
          variant="dangerOutline"
          blocked={endpoint.deleteRequested ? 'It is being deleted.' : undefined}
          onClick={() => go({ dialog: 'terminate' })}
        >
          Terminate
        </MayButton>
      </PageHead>
      <div className={styles.cards}>
        <Card as="section" aria-label="Endpoint">
          <Facts>
            <Fact name={endpointIdNames[endpoint.cloudProvider]}>
              <Copied text={endpoint.endpointId} what="the endpoint’s id" />
            </Fact>
            <Fact name="Endpoint Status">
              <StatusBadge kind="endpoint" status={endpoint.deleteRequested ? 'DELETING' : endpoint.status} />
            </Fact>
            <Fact name="Attached">
              <When at={endpoint.createDate} />
            </Fact>
            {endpoint.cloudProvider === 'AZURE' && (
              <Fact name="Private Endpoint IP Address">{endpoint.privateEndpointIPAddress}</Fact>
            )}
            {endpoint.cloudProvider === 'GCP' && (
              <>
                <Fact name="Google Cloud Project ID">{endpoint.gcpProjectId}</Fact>
                <Fact name="Forwarding rules">{endpoint.endpoints.length}</Fact>
              </>
            )}
            <DescribedFacts {...endpoint} />
          </Facts>
          {endpoint.errorMessage !== null && (
            <Banner className={styles.problem} variant={Variant.Danger}>
              {endpoint.errorMessage}
            </Banner>
          )}
        </Card>
        <Strings endpointId={endpoint.endpointId} />
        <PolicyCard endpoint={endpoint} />
        <Limits endpoint={endpoint} />
        <Traffic
          what="this endpoint"
          ask={(period) => operation('getGroupPrivateEndpointTraffic', { params, query: { period } })}
        />
        <Connections
          endpointId={endpoint.endpointId}
          what="this endpoint"
          toKeepThemOut="To keep them out, terminate the endpoint."
        />
      </div>
      {service && <ActionDialogs services={[service]} endpoints={[endpoint]} />}
      {search.dialog === 'terminate' && (
        <TerminateEndpoint endpoint={endpoint} onClose={() => replace({ dialog: undefined, keep: undefined })} />
      )}
    </>
  )
}

function Strings({ endpointId }: { readonly endpointId: string }) {
  const clusters = useOperation('listGroupClusters', {
    params: { groupId: useGroupId() },
    query: { itemsPerPage: 500 },
  })
  return (
    <Card as="section" aria-label="Connection strings">
      <Subtitle as="h2">Connection strings</Subtitle>
      <Answered query={clusters}>
        {({ results }) => {
          const strings = stringsThrough(results, endpointId)
          return strings.length === 0 ? (
            <p className={styles.none}>
              No cluster is reached through it yet: a cluster has a private string when every region where it has
              members has an available endpoint.
            </p>
          ) : (
            <Facts>
              {strings.map(({ clusterName, kind, text }) => (
                <Fact key={text} name={`${clusterName}, ${kind}`}>
                  <Copied text={text} what={`the connection string of ${clusterName}, ${kind}`} />
                </Fact>
              ))}
            </Facts>
          )
        }}
      </Answered>
    </Card>
  )
}
