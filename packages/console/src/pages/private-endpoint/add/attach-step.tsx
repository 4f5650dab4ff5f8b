// The endpoint is made in its cloud, named here, and attached. What would be refused is told before the click.

import { Banner, Variant } from '@leafygreen-ui/banner'
import Button from '@leafygreen-ui/button'
import { useToast } from '@leafygreen-ui/toast'
import { ApiError } from '@postern/contract/client'
import { useQuery } from '@tanstack/react-query'
import { operation, useChange } from '../../../api/operation.ts'
import { useTold } from '../../../api/told.ts'
import { ErrorBanner } from '../../../frame/error-banner.tsx'
import { FormDialog } from '../../../frame/form-dialog.tsx'
import { useMayNot } from '../../../frame/may.tsx'
import { useGroupId } from '../../../frame/place.ts'
import { working } from '../../../frame/working.tsx'
import { useDraft } from '../draft.ts'
import wizard from '../wizard.module.css'
import { endpointBody, isComplete } from './endpoint-identity.ts'
import { IdentityInputs } from './identity-inputs.tsx'
import { useLocalEndpoint } from './local-endpoint.ts'
import { SetupCommands } from './setup-commands.tsx'
import { type StepProps, Steps } from './steps.tsx'

export function AttachStep({ service }: StepProps) {
  const { draft, fill, close } = useDraft()
  const { pushToast } = useToast()
  const isNew = draft.way !== 'existing'
  const params = { groupId: useGroupId(), cloudProvider: service.cloudProvider, endpointServiceId: service.id }
  const body = endpointBody(service, draft)
  const attach = useChange('createGroupPrivateEndpointEndpointServiceEndpoint')
  const mayNot = useMayNot()('createGroupPrivateEndpointEndpointServiceEndpoint')
  const check = useQuery({
    ...operation('checkGroupPrivateEndpoint', { params, body }),
    enabled: isComplete(service, draft) && !attach.isPending,
  })
  const blockers = isComplete(service, draft) ? (check.data?.blockers ?? []) : []
  const error = useTold(attach, body)
  const refused = error instanceof ApiError ? error.fields : []
  const send = async (): Promise<void> => {
    await attach.mutateAsync({ params, body })
    pushToast({
      title: 'The endpoint is being attached',
      description: 'Its state is shown with it.',
      variant: 'success',
    })
    close()
  }
  return (
    <FormDialog
      title={isNew ? 'Create New Endpoint' : 'Connect Existing Endpoint'}
      size="large"
      submit={isNew ? 'Add Endpoint' : 'Submit Endpoint'}
      busy={attach.isPending}
      error={error}
      blocked={mayNot}
      onSubmit={(event) => {
        event.preventDefault()
        void send().catch(() => {})
      }}
      onClose={close}
    >
      <Steps way={isNew ? 'new' : 'existing'} step="Attach" />
      {isNew && (
        <div className={wizard.part}>
          <h3>Create the endpoint in your network</h3>
          <SetupCommands service={service} draft={draft} onTool={(tool) => fill({ tool })} />
          <MakeHere service={service} draft={draft} fill={fill} />
        </div>
      )}
      <div className={wizard.fields}>
        <IdentityInputs
          service={service}
          draft={draft}
          fill={fill}
          problems={refused.map(({ field, description }) => ({ field, says: description }))}
        />
      </div>
      {blockers.map(({ detail }) => (
        <Banner key={detail} variant={Variant.Warning}>
          {detail}
        </Banner>
      ))}
    </FormDialog>
  )
}

/** Instead of a command, where the cloud is the local one. */
function MakeHere({ service, draft, fill }: StepProps & Pick<ReturnType<typeof useDraft>, 'draft' | 'fill'>) {
  const make = useLocalEndpoint(service)
  return (
    <>
      <div className={wizard.local}>
        <p>In the local cloud it can be made at once, on this machine. What it is called is filled in below.</p>
        <Button
          type="button"
          size="small"
          {...working(make.isPending, 'Create in the Local Cloud')}
          onClick={() => make.mutate(draft, { onSuccess: fill })}
        >
          Create in the Local Cloud
        </Button>
      </div>
      {make.error !== null && <ErrorBanner error={make.error} />}
    </>
  )
}
