// What can be done to services and endpoints beside terminating them. The dialogs behind it are in create/, add/ and
// edit/, and are loaded when they are first opened.

import Plus from '@leafygreen-ui/icon/dist/Plus'
import { useToast } from '@leafygreen-ui/toast'
import { lazy, Suspense } from 'react'
import { useChange } from '../../api/operation.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { MayButton } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import type { Endpoint, Service } from './filters.ts'

const CreateService = lazy(async () => ({ default: (await import('./create/create-service.tsx')).CreateService }))
const AddEndpoint = lazy(async () => ({ default: (await import('./add/add-endpoint.tsx')).AddEndpoint }))
const EditService = lazy(async () => ({ default: (await import('./edit/edit-service.tsx')).EditService }))
const EditEndpoint = lazy(async () => ({ default: (await import('./edit/edit-endpoint.tsx')).EditEndpoint }))

/** Beside the page's heading. */
export function PageActions() {
  const { go } = useUrlState()
  return (
    <MayButton
      operation="createGroupPrivateEndpointEndpointService"
      variant="primary"
      leftGlyph={<Plus />}
      onClick={() => go({ dialog: 'create' })}
    >
      Create Endpoint Service
    </MayButton>
  )
}

const goes = 'It is being deleted.'

/** On a service's card. */
export function ServiceActions({ service }: { readonly service: Service }) {
  const { go } = useUrlState()
  const { id, cloudProvider, status } = service
  const ready = status === 'AVAILABLE' || status === 'WAITING_FOR_USER'
  const retry = useChange('retryGroupEndpointService')
  const refusal = useRefusal()
  const params = { groupId: useGroupId(), cloudProvider, endpointServiceId: id }
  return (
    <>
      {status === 'FAILED' && (
        <MayButton operation="retryGroupEndpointService" size="small" onClick={() => retry.mutate({ params }, refusal)}>
          Retry
        </MayButton>
      )}
      <MayButton
        operation="createGroupPrivateEndpointEndpointServiceEndpoint"
        size="small"
        blocked={ready ? undefined : 'Endpoints can be added once the service is available.'}
        onClick={() => go({ dialog: 'add', service: id })}
      >
        Add Endpoint
      </MayButton>
      <MayButton
        operation="updateGroupEndpointService"
        size="small"
        blocked={status === 'DELETING' ? goes : undefined}
        onClick={() => go({ dialog: 'edit', service: id })}
      >
        Edit
      </MayButton>
    </>
  )
}

interface EndpointActionsProps {
  readonly service: Service
  readonly endpoint: Endpoint
  readonly size: 'xsmall' | 'default'
}

/** In an endpoint's row, and beside the heading of its own page. */
export function EndpointActions({ service, endpoint, size }: EndpointActionsProps) {
  const { go } = useUrlState()
  const { cloudProvider, endpointId, status, deleteRequested } = endpoint
  const retry = useChange('retryGroupPrivateEndpoint')
  const refusal = useRefusal()
  const params = { groupId: useGroupId(), cloudProvider, endpointServiceId: service.id, endpointId }
  const refused = (status === 'REJECTED' || status === 'FAILED') && !deleteRequested
  return (
    <>
      <MayButton
        operation="updateGroupPrivateEndpoint"
        size={size}
        aria-label={`Edit ${endpointId}`}
        blocked={deleteRequested ? goes : undefined}
        onClick={() => go({ dialog: 'edit', service: service.id, endpoint: endpointId })}
      >
        Edit
      </MayButton>
      {refused && (
        <MayButton
          operation="retryGroupPrivateEndpoint"
          size={size}
          aria-label={`Retry ${endpointId}`}
          onClick={() => retry.mutate({ params }, refusal)}
        >
          Retry
        </MayButton>
      )}
    </>
  )
}

/** The progress of another try is the state that is shown beside it; a refusal has no other place than a toast. */
function useRefusal() {
  const { pushToast } = useToast()
  return {
    onError: (error: Error): void => {
      pushToast({ title: 'It could not be retried', description: sentenceOf(error), variant: 'warning' })
    },
  }
}

/** The dialog that the URL names, once what it is about is known. */
export function ActionDialogs({
  services,
  endpoints,
}: {
  readonly services: readonly Service[]
  readonly endpoints: readonly Endpoint[]
}) {
  const { search } = useUrlState()
  const { dialog } = search
  const service = services.find(({ id }) => id === search.service)
  const endpoint = endpoints.find(
    ({ endpointId, endpointServiceId }) => endpointId === search.endpoint && endpointServiceId === search.service,
  )
  return (
    <Suspense>
      {dialog === 'create' && <CreateService services={services} />}
      {dialog === 'add' && service !== undefined && <AddEndpoint service={service} />}
      {dialog === 'edit' && service !== undefined && search.endpoint === undefined && <EditService service={service} />}
      {dialog === 'edit' && service !== undefined && endpoint !== undefined && (
        <EditEndpoint service={service} endpoint={endpoint} />
      )}
    </Suspense>
  )
}
