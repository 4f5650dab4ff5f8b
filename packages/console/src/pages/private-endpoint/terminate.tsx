// Terminate: the dialog that says what will be cut before it is confirmed.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { Checkbox } from '@leafygreen-ui/checkbox'
import { useToast } from '@leafygreen-ui/toast'
import { useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { operation, useChange } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import { placeWords } from '../../words/region.ts'
import { type Deletion, whatIsCut } from './deletion.ts'
import type { Endpoint, Service } from './filters.ts'
import styles from './private-endpoint.module.css'

interface Known {
  readonly services: readonly Service[]
  readonly endpoints: readonly Endpoint[]
}

/** Of what the URL names; a link to something that is gone shows nothing. */
export function Terminate({ services, endpoints }: Known) {
  const { search, replace } = useUrlState()
  const onClose = (): void => replace({ dialog: undefined, service: undefined, endpoint: undefined, keep: undefined })
  const service = services.find(({ id }) => id === search.service)
  const endpoint = endpoints.find(
    ({ endpointServiceId, endpointId }) => endpointServiceId === search.service && endpointId === search.endpoint,
  )
  if (service === undefined || (search.endpoint !== undefined && endpoint === undefined)) return null
  return endpoint === undefined ? (
    <TerminateService service={service} onClose={onClose} />
  ) : (
    <TerminateEndpoint endpoint={endpoint} onClose={onClose} />
  )
}

export function TerminateEndpoint({
  endpoint,
  onClose,
}: {
  readonly endpoint: Endpoint
  readonly onClose: () => void
}) {
  const { search, replace } = useUrlState()
  const { cloudProvider, endpointServiceId, endpointId } = endpoint
  const keepService = search.keep === 'true'
  const of = {
    params: { groupId: useGroupId(), cloudProvider, endpointServiceId, endpointId },
    ...(keepService ? { query: { keepService: 'true' as const } } : {}),
  }
  const remove = useChange('deleteGroupPrivateEndpoint')
  const preview = useQuery({ ...operation('previewGroupPrivateEndpointDeletion', of), enabled: isAsking(remove) })
  // Whether the question of the service arises at all; a ticked box must not take itself away.
  const asksForService = keepService || preview.data?.endpointServiceGoes === true
  return (
    <TerminateDialog
      title="Terminate private endpoint"
      name={endpointId}
      preview={preview}
      remove={{ ...remove, send: () => remove.mutateAsync(of) }}
      onClose={onClose}
    >
      {asksForService && (
        <Checkbox
          label="Keep the endpoint service"
          description="Else it goes with its last endpoint, and its name with it."
          checked={keepService}
          onChange={({ target }) => replace({ keep: target.checked ? 'true' : undefined })}
        />
      )}
    </TerminateDialog>
  )
}

function TerminateService({ service, onClose }: { readonly service: Service; readonly onClose: () => void }) {
  const { cloudProvider, id, regionName } = service
  const of = { params: { groupId: useGroupId(), cloudProvider, endpointServiceId: id } }
  const remove = useChange('deleteGroupPrivateEndpointEndpointService')
  const preview = useQuery({ ...operation('previewGroupEndpointServiceDeletion', of), enabled: isAsking(remove) })
  return (
    <TerminateDialog
      title="Terminate endpoint service"
      name={placeWords(cloudProvider, regionName)}
      preview={preview}
      remove={{ ...remove, send: () => remove.mutateAsync(of) }}
      onClose={onClose}
    />
  )
}

/** Once it is confirmed there is soon nothing left to look at. */
const isAsking = ({ isIdle, isError }: { readonly isIdle: boolean; readonly isError: boolean }): boolean =>
  isIdle || isError

interface DialogProps {
  readonly title: string
  readonly name: string
  readonly preview: { readonly data: Deletion | undefined; readonly error: Error | null }
  readonly remove: { readonly isPending: boolean; readonly error: unknown; readonly send: () => Promise<unknown> }
  readonly onClose: () => void
  readonly children?: React.ReactNode
}

function TerminateDialog({ title, name, preview, remove, onClose, children }: DialogProps) {
  const { pushToast } = useToast()
  const send = async (): Promise<void> => {
    await remove.send()
    const undo = (preview.data?.undoMinutes ?? 0) > 0
    pushToast({
      title: `${name} is being terminated`,
      description: undo ? 'It can be taken back under Recently terminated.' : undefined,
      variant: 'success',
    })
    onClose()
  }
  return (
    <FormDialog
      title={title}
      says={<strong className={styles.name}>{name}</strong>}
      submit="Confirm"
      danger
      busy={remove.isPending}
      error={remove.error}
      blocked={preview.data?.possible === false ? 'It cannot be terminated as things are.' : undefined}
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void send().catch(() => {})
      }}
      onClose={onClose}
    >
      <Answered query={preview}>{(deletion) => <WhatIsCut deletion={deletion} />}</Answered>
      {children}
    </FormDialog>
  )
}

const WhatIsCut = ({ deletion }: { readonly deletion: Deletion }) => (
  <>
    {deletion.blockers.map(({ detail }) => (
      <Banner key={detail} variant={Variant.Warning}>
        {detail}
      </Banner>
    ))}
    {deletion.possible && (
      <ul className={styles.cut} aria-label="What will be cut">
        {whatIsCut(deletion).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    )}
  </>
)
