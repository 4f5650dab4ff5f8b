// Edit an endpoint: what is written on it, and, where its cloud refused it, what it is called there.

import { ApiError } from '@postern/contract/client'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useChange } from '../../../api/operation.ts'
import { useTold } from '../../../api/told.ts'
import { FormDialog } from '../../../frame/form-dialog.tsx'
import { useMayNot } from '../../../frame/may.tsx'
import { useGroupId } from '../../../frame/place.ts'
import { useKept } from '../../../frame/use-kept.ts'
import { endpointBody, identityOf } from '../add/endpoint-identity.ts'
import { IdentityInputs } from '../add/identity-inputs.tsx'
import { draftOf, useDraft } from '../draft.ts'
import type { Endpoint, Service } from '../filters.ts'
import { useEndpointLink } from '../place.ts'
import { type Described, DescribedFields } from './described-fields.tsx'
import { labelsOfText, textOfLabels } from './labels-text.ts'

interface EditEndpointProps {
  readonly service: Service
  readonly endpoint: Endpoint
}

export function EditEndpoint({ service, endpoint }: EditEndpointProps) {
  const { cloudProvider, endpointServiceId, endpointId, status, errorMessage } = endpoint
  const groupId = useGroupId()
  const { close } = useDraft()
  const { endpointId: here } = useParams({ strict: false }) as { readonly endpointId?: string }
  const navigate = useNavigate()
  const linkOf = useEndpointLink()
  const [described, describe] = useKept<Described>({
    form: `describe ${endpointId}`,
    first: { description: endpoint.description ?? '', labels: textOfLabels(endpoint.labels) },
  })
  const [identity, identify] = useKept({ form: `identify ${endpointId}`, first: draftOf(identityOf(endpoint)) })
  const save = useChange('updateGroupPrivateEndpoint')
  const refused = status === 'REJECTED' || status === 'FAILED'
  const error = useTold(save, { ...described, ...(refused && endpointBody(service, identity)) })
  const fields = error instanceof ApiError ? error.fields : []
  const send = async (): Promise<void> => {
    const saved = await save.mutateAsync({
      params: { groupId, cloudProvider, endpointServiceId, endpointId },
      body: {
        description: described.description,
        labels: labelsOfText(described.labels),
        ...(refused && endpointBody(service, identity)),
      },
    })
    // Its own page has the old id in its address.
    if (here !== undefined && saved.endpointId !== here) await navigate({ ...linkOf(saved), replace: true })
    else close()
  }
  return (
    <FormDialog
      title="Edit Endpoint"
      says={refused ? (errorMessage ?? endpointId) : endpointId}
      submit="Save"
      busy={save.isPending}
      error={error}
      blocked={useMayNot()('updateGroupPrivateEndpoint')}
      onSubmit={(event) => {
        event.preventDefault()
        void send().catch(() => {})
      }}
      onClose={close}
    >
      {refused && (
        <IdentityInputs
          service={service}
          draft={identity}
          fill={identify}
          problems={fields.map(({ field, description }) => ({ field, says: description }))}
        />
      )}
      <DescribedFields value={described} onChange={describe} error={error} />
    </FormDialog>
  )
}
