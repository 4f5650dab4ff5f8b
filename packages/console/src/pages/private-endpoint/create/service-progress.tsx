// A service that was asked for, until it is there and endpoints can be attached.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { ProgressBar } from '@leafygreen-ui/progress-bar'
import { useChange } from '../../../api/operation.ts'
import { FormDialog } from '../../../frame/form-dialog.tsx'
import { useMayNot } from '../../../frame/may.tsx'
import { useGroupId } from '../../../frame/place.ts'
import { StatusBadge } from '../../../frame/status-badge.tsx'
import { placeWords } from '../../../words/region.ts'
import { useDraft } from '../draft.ts'
import type { Service } from '../filters.ts'
import wizard from '../wizard.module.css'

export function ServiceProgress({ service }: { readonly service: Service }) {
  const groupId = useGroupId()
  const { goOn, close } = useDraft()
  const retry = useChange('retryGroupEndpointService')
  const mayNot = useMayNot()
  const { id, cloudProvider, regionName, status, errorMessage } = service
  const failed = status === 'FAILED'
  const available = status === 'AVAILABLE' || status === 'WAITING_FOR_USER'
  return (
    <FormDialog
      title="Create Endpoint Service"
      size="large"
      submit={failed ? 'Retry' : 'Add Endpoint'}
      cancel="Close"
      busy={retry.isPending}
      error={retry.error}
      blocked={
        mayNot(failed ? 'retryGroupEndpointService' : 'ensureGroupPrivateEndpoint') ??
        (failed || available ? undefined : 'Endpoints can be added once it is available. This can be closed meanwhile.')
      }
      onSubmit={(event) => {
        event.preventDefault()
        if (failed) retry.mutate({ params: { groupId, cloudProvider, endpointServiceId: id } })
        else goOn({ dialog: 'add', service: id })
      }}
      onClose={close}
    >
      <div className={wizard.progress}>
        <strong>{placeWords(cloudProvider, regionName)}</strong>
        <div className={wizard.state} role="status">
          Atlas Endpoint Service Status <StatusBadge kind="service" status={status} />
        </div>
        {status === 'INITIATING' && <ProgressBar isIndeterminate label="Creating the endpoint service" size="small" />}
        {failed && (
          <Banner variant={Variant.Danger} role="alert">
            {errorMessage}
          </Banner>
        )}
      </div>
    </FormDialog>
  )
}
