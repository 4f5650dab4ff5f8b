// Edit a service: which regions it accepts endpoints from, and what is written on it.

import { useState } from 'react'
import { useChange } from '../../../api/operation.ts'
import { fieldProblem } from '../../../api/sentence.ts'
import { FormDialog } from '../../../frame/form-dialog.tsx'
import { useMayNot } from '../../../frame/may.tsx'
import { useGroupId } from '../../../frame/place.ts'
import { providerNames } from '../../../words/provider.ts'
import { AcceptedRegions } from '../create/accepted-regions.tsx'
import { useDraft } from '../draft.ts'
import type { Service } from '../filters.ts'
import { type Described, DescribedFields } from './described-fields.tsx'
import { labelsOfText, textOfLabels } from './labels-text.ts'

export function EditService({ service }: { readonly service: Service }) {
  const { id, cloudProvider, regionName } = service
  const groupId = useGroupId()
  const { close } = useDraft()
  const [described, setDescribed] = useState<Described>({
    description: service.description ?? '',
    labels: textOfLabels(service.labels),
  })
  const before = service.cloudProvider === 'AWS' ? (service.supportedRemoteRegions ?? []) : []
  const [accepted, setAccepted] = useState<readonly string[]>(before)
  const save = useChange('updateGroupEndpointService')
  const send = async (): Promise<void> => {
    await save.mutateAsync({
      params: { groupId, cloudProvider, endpointServiceId: id },
      body: {
        description: described.description,
        labels: labelsOfText(described.labels),
        ...(accepted.join() !== before.join() && { supportedRemoteRegions: [...accepted] }),
      },
    })
    close()
  }
  return (
    <FormDialog
      title="Edit Endpoint Service"
      says={`${providerNames[cloudProvider]} / ${regionName}`}
      submit="Save"
      busy={save.isPending}
      error={save.error}
      blocked={useMayNot()('updateGroupEndpointService')}
      onSubmit={(event) => {
        event.preventDefault()
        void send().catch(() => {})
      }}
      onClose={close}
    >
      {cloudProvider === 'AWS' && (
        <AcceptedRegions
          own={regionName}
          value={accepted}
          onChange={setAccepted}
          problem={fieldProblem(save.error, 'supportedRemoteRegions')}
        />
      )}
      <DescribedFields
        value={described}
        onChange={(change) => setDescribed({ ...described, ...change })}
        error={save.error}
      />
    </FormDialog>
  )
}
