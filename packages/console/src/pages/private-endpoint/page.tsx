// Network Access → Private Endpoint → Dedicated Cluster: the project's endpoint services, each with its endpoints.

import { Tab, Tabs } from '@leafygreen-ui/tabs'
import { Body } from '@leafygreen-ui/typography'
import { lazy, Suspense } from 'react'
import { useWholeList } from '../../api/whole-list.ts'
import { Answered } from '../../frame/answered.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import { NetworkAccess } from '../network-access/network-access.tsx'
import { ActionDialogs, PageActions } from './actions.tsx'
import { FilterBar } from './filter-bar.tsx'
import { choices, type Endpoint, type Service, shownServices } from './filters.ts'
import styles from './private-endpoint.module.css'
import { ServiceList } from './service-list.tsx'
import { Terminated } from './terminated.tsx'

const Terminate = lazy(async () => ({ default: (await import('./terminate.tsx')).Terminate }))

export function Page() {
  return (
    <NetworkAccess tab="private-endpoint" actions={<PageActions />}>
      <Tabs aria-label="Private Endpoint" size="small" value={0}>
        <Tab name="Dedicated Cluster">
          <DedicatedCluster />
        </Tab>
      </Tabs>
    </NetworkAccess>
  )
}

function DedicatedCluster() {
  const of = { params: { groupId: useGroupId() } }
  const services = useWholeList('listGroupEndpointServices', of)
  const endpoints = useWholeList('listGroupPrivateEndpoints', of).data ?? []
  const { search } = useUrlState()
  return (
    <>
      <Terminated />
      <Answered query={services}>
        {(all) => (all.length === 0 ? <NoServices /> : <Services services={all} endpoints={endpoints} />)}
      </Answered>
      {search.dialog === 'terminate' && services.data !== undefined && (
        <Suspense>
          <Terminate services={services.data} endpoints={endpoints} />
        </Suspense>
      )}
      {services.data !== undefined && <ActionDialogs services={services.data} endpoints={endpoints} />}
    </>
  )
}

const NoServices = () => (
  <Nothing
    title="No endpoint service yet"
    description="An endpoint service is this project's side of private endpoints in one region: create one, then attach endpoints to it."
  >
    <PageActions />
  </Nothing>
)

function Services({
  services,
  endpoints,
}: {
  readonly services: readonly Service[]
  readonly endpoints: readonly Endpoint[]
}) {
  const { search } = useUrlState()
  const shown = shownServices(services, endpoints, search)
  return (
    <>
      <FilterBar {...choices(services, endpoints)} />
      <Body className={styles.count} role="status">
        {shown.length === services.length ? counted(services.length) : `${shown.length} of ${counted(services.length)}`}
      </Body>
      {shown.length === 0 ? (
        <Nothing
          title="No endpoint service matches"
          description="The filters hide every one of them: change them, or clear them."
        />
      ) : (
        <ServiceList shown={shown} />
      )}
    </>
  )
}

const counted = (many: number): string => (many === 1 ? '1 endpoint service' : `${many} endpoint services`)
