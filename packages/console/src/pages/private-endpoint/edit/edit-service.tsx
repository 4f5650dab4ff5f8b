// Edit a service: which regions it accepts endpoints from, and what is written on it.

import { useChange } from '../../../api/operation.ts'
import { fieldProblem } from '../../../api/sentence.ts'
import { useTold } from '../../../api/told.ts'
import { FormDialog } from '../../../frame/form-dialog.tsx'
import { useMayNot } from '../../../frame/may.tsx'
import { useGroupId } from '../../../frame/place.ts'
import { useKept } from '../../../frame/use-kept.ts'
import { placeWords } from '../../../words/region.ts'
import { AcceptedRegions } from '../create/accepted-regions.tsx'
import { useDraft } from '../draft.ts'
import type { Service } from '../filters.ts'
import { type Described, DescribedFields } from './described-fields.tsx'
import { labelsOfText, textOfLabels } from './labels-text.ts'

export function EditService({ service }: { readonly service: Service }) {
  const { id, cloudProvider, regionName } = service
  const groupId = useGroupId()
  const { close } = useDraft()
  const before = service.cloudProvider === 'AWS' ? (service.supportedRemoteRegions ?? []) : []
  const [fields, change] = useKept<Described & { readonly accepted: readonly string[] }>({
    form: `edit ${id}`,
    first: { description: service.description ?? '', labels: textOfLabels(service.labels), accepted: before },
  })
  const { accepted } = fields
  const save = useChange('updateGroupEndpointService')
  const error = useTold(save, { ...fields, supportedRemoteRegions: accepted })
  const send = async (): Promise<void> => {
    await save.mutateAsync({
      params: { groupId, cloudProvider, endpointServiceId: id },
      body: {
        description: fields.description,
        labels: labelsOfText(fields.labels),
        ...(accepted.join() !== before.join() && { supportedRemoteRegions: [...accepted] }),
      },
    })
    close()
  }
  return (
    <FormDialog
      title="Edit Endpoint Service"
      says={placeWords(cloudProvider, regionName)}
      submit="Save"
      busy={save.isPending}
      error={error}
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
          onChange={(regions) => change({ accepted: regions })}
          problem={fieldProblem(error, 'supportedRemoteRegions')}
        />
      )}
      <DescribedFields value={fields} onChange={change} error={error} />
    </FormDialog>
  )
}
