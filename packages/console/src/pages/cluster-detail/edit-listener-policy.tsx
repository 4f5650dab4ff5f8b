// How long the gateways may hear nothing of the control plane and still serve a standard listener.

import { TextInput } from '@leafygreen-ui/text-input'
import type { StandardListenerView } from '@postern/contract/schemas/standard-listener'
import type { FormEvent } from 'react'
import { useChange } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useKept } from '../../frame/use-kept.ts'
import { limitOf, textOfLimit } from '../private-endpoint-detail/limit.ts'

interface EditListenerPolicyProps {
  readonly clusterName: string
  readonly policy: StandardListenerView['policy']
  readonly onClose: () => void
}

export function EditListenerPolicy({ clusterName, policy, onClose }: EditListenerPolicyProps) {
  const groupId = useGroupId()
  const [fields, set] = useKept({ form: 'listener-policy', first: { age: textOfLimit(policy.maxSnapshotAgeSeconds) } })
  const save = useChange('updateGroupClusterStandardListener')
  const maxSnapshotAgeSeconds = limitOf(fields.age)
  const error = useTold(save, { maxSnapshotAgeSeconds })
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (maxSnapshotAgeSeconds === undefined) return
    await save.mutateAsync({ params: { groupId, clusterName }, body: { policy: { maxSnapshotAgeSeconds } } })
    onClose()
  }
  const problem =
    maxSnapshotAgeSeconds === undefined
      ? 'A whole number, or nothing.'
      : fieldProblem(error, 'policy.maxSnapshotAgeSeconds')
  return (
    <FormDialog
      title="Edit Policy"
      says="What is forbidden at the standard connection of this cluster, by whichever gateway it is reached."
      submit="Save"
      busy={save.isPending}
      error={error}
      blocked={maxSnapshotAgeSeconds === undefined ? 'A time is a whole number of seconds.' : undefined}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      <TextInput
        id="listener-policy-age"
        label="Oldest snapshot, in seconds"
        description="A gateway that has heard nothing of the control plane for as long lets nobody in and ends who is there. From 60 to 604800; empty: it serves on."
        inputMode="numeric"
        optional
        value={fields.age}
        onChange={({ target }) => set({ age: target.value })}
        state={problem === undefined ? 'none' : 'error'}
        errorMessage={problem ?? ''}
      />
    </FormDialog>
  )
}
