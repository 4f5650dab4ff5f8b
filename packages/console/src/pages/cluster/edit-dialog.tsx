// Edit what a cluster lets be changed. What is left as it is is not sent.

import { Checkbox } from '@leafygreen-ui/checkbox'
import { useToast } from '@leafygreen-ui/toast'
import { useChange } from '../../api/operation.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useKept } from '../../frame/use-kept.ts'
import { changedCluster, editOf } from './changed-cluster.ts'
import { HardwareFields } from './hardware-fields.tsx'
import { type ShownCluster, sharedTiers } from './shown-cluster.ts'
import { useDialog } from './use-dialog.ts'

export function EditDialog({ cluster }: { readonly cluster: ShownCluster }) {
  const params = { groupId: useGroupId() }
  const { close } = useDialog()
  const { pushToast } = useToast()
  const update = useChange('updateGroupCluster')
  const updateFlex = useChange('updateGroupFlexCluster')
  const { name, flex, tier, registered } = cluster
  const [edit, set] = useKept({ form: `edit ${name}`, first: editOf(cluster) })
  const body = changedCluster(cluster, edit)
  const error = useTold(flex ? updateFlex : update, body)
  const done = (): void => {
    close()
    pushToast({ variant: 'success', title: `${name} is changed.` })
  }
  const submit = (event: React.FormEvent): void => {
    event.preventDefault()
    if (body === undefined) return
    const { terminationProtection } = edit
    if (flex)
      updateFlex.mutate(
        { params: { ...params, name }, body: { terminationProtectionEnabled: terminationProtection } },
        { onSuccess: done },
      )
    else update.mutate({ params: { ...params, clusterName: name }, body }, { onSuccess: done })
  }
  return (
    <FormDialog
      title={`Edit ${name}`}
      submit="Save"
      busy={update.isPending || updateFlex.isPending}
      blocked={body === undefined ? 'Nothing is changed yet.' : undefined}
      error={error}
      onSubmit={submit}
      onClose={close}
    >
      {registered && (
        <p>Its nodes, version and members are the deployment’s own: they are changed where it runs, and seen here.</p>
      )}
      {!registered && !sharedTiers.has(tier) && (
        <HardwareFields cluster={cluster} edit={edit} set={set} error={error} />
      )}
      <Checkbox
        id="edit-protection"
        label="Termination protection"
        description="It cannot be terminated until this is turned off."
        checked={edit.terminationProtection}
        onChange={({ target }) => set({ terminationProtection: target.checked })}
      />
    </FormDialog>
  )
}
