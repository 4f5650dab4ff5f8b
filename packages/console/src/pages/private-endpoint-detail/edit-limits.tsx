// Another limit, or another word on the endpoint service.

import { TextInput } from '@leafygreen-ui/text-input'
import type { FormEvent } from 'react'
import { useChange } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'
import { SelectField } from '../../frame/select-field.tsx'
import { useKept } from '../../frame/use-kept.ts'
import type { Endpoint } from '../private-endpoint/filters.ts'
import { keepServiceOf, type LastWord, lastWordOf, lastWords, limitOf, textOfLimit } from './limit.ts'

const noNumber = 'A whole number, or nothing.'

interface EditLimitsProps {
  readonly endpoint: Endpoint
  readonly onClose: () => void
}

export function EditLimits({ endpoint, onClose }: EditLimitsProps) {
  const groupId = useGroupId()
  const { cloudProvider, endpointServiceId, endpointId, limits, keepService } = endpoint
  const [fields, change] = useKept({
    form: 'limits',
    first: {
      connections: textOfLimit(limits.connections),
      newPerSecond: textOfLimit(limits.newPerSecond),
      last: lastWordOf(keepService) as string,
    },
  })
  const save = useChange('updateGroupPrivateEndpoint')
  const connections = limitOf(fields.connections)
  const newPerSecond = limitOf(fields.newPerSecond)
  const error = useTold(save, { limits: { connections, newPerSecond }, last: fields.last })
  const isNumber = connections !== undefined && newPerSecond !== undefined
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!isNumber) return
    await save.mutateAsync({
      params: { groupId, cloudProvider, endpointServiceId, endpointId },
      body: { limits: { connections, newPerSecond }, keepService: keepServiceOf(fields.last as LastWord) },
    })
    onClose()
  }
  const told = (problem: string | undefined) =>
    problem === undefined ? { state: 'none' as const } : { state: 'error' as const, errorMessage: problem }
  return (
    <FormDialog
      title="Edit Limits"
      says="Of each gateway, through this endpoint. What is left empty is as the gateway is set."
      submit="Save"
      busy={save.isPending}
      error={error}
      blocked={isNumber ? undefined : 'A limit is a whole number.'}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      <TextInput
        id="limit-connections"
        label="Connections at a time"
        inputMode="numeric"
        optional
        value={fields.connections}
        onChange={({ target }) => change({ connections: target.value })}
        {...told(connections === undefined ? noNumber : fieldProblem(error, 'limits.connections'))}
      />
      <TextInput
        id="limit-new"
        label="New connections a second"
        description="0 lets in any number."
        inputMode="numeric"
        optional
        value={fields.newPerSecond}
        onChange={({ target }) => change({ newPerSecond: target.value })}
        {...told(newPerSecond === undefined ? noNumber : fieldProblem(error, 'limits.newPerSecond'))}
      />
      <SelectField
        label="When it is the last endpoint of its service to go"
        value={fields.last}
        options={Object.entries(lastWords).map(([value, word]) => ({ value, word }))}
        onChange={(last) => change({ last })}
      />
    </FormDialog>
  )
}
