// Create a cluster on the sandbox, the engine that is always there.

import { Checkbox } from '@leafygreen-ui/checkbox'
import { RadioBox, RadioBoxGroup } from '@leafygreen-ui/radio-box-group'
import { TextInput } from '@leafygreen-ui/text-input'
import { useToast } from '@leafygreen-ui/toast'
import { cloudProviders } from '@postern/contract/cloud'
import { useChange } from '../../api/operation.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useKept } from '../../frame/use-kept.ts'
import { providerNames } from '../../words/provider.ts'
import styles from './cluster.module.css'
import { fieldError } from './field-error.ts'
import { clusterBody, flexBody, isFlex, type NewCluster } from './new-cluster.ts'
import { PlaceFields } from './place-fields.tsx'
import { ShapeFields } from './shape-fields.tsx'
import { useDialog } from './use-dialog.ts'

const firstWish: NewCluster = {
  name: '',
  provider: 'AWS',
  region: '',
  tier: 'M10',
  type: 'REPLICASET',
  nodes: 3,
  shards: 2,
  terminationProtection: false,
}

export function CreateDialog() {
  const groupId = useGroupId()
  const { close } = useDialog()
  const { pushToast } = useToast()
  const create = useChange('createGroupCluster')
  const createFlex = useChange('createGroupFlexCluster')
  const [wish, set] = useKept({ form: 'create', first: firstWish })
  const asked = isFlex(wish) ? createFlex : create
  const error = useTold(asked, isFlex(wish) ? flexBody(wish) : clusterBody(wish))
  const done = (): void => {
    close()
    pushToast({ variant: 'progress', title: `${wish.name} is being created.` })
  }
  const submit = (event: React.FormEvent): void => {
    event.preventDefault()
    const params = { groupId }
    if (isFlex(wish)) createFlex.mutate({ params, body: flexBody(wish) }, { onSuccess: done })
    else create.mutate({ params, body: clusterBody(wish) }, { onSuccess: done })
  }
  return (
    <FormDialog
      title="Create a cluster"
      says="It runs on the sandbox of this installation: for trying out and for tests, not for data that must not be lost."
      submit="Create cluster"
      busy={create.isPending || createFlex.isPending}
      blocked={wish.name === '' || wish.region === '' ? 'A name and a region are needed.' : undefined}
      error={error}
      onSubmit={submit}
      onClose={close}
    >
      <TextInput
        id="cluster-name"
        label="Name"
        description="Letters, digits and hyphens. It cannot be changed later."
        value={wish.name}
        onChange={({ target }) => set({ name: target.value })}
        {...fieldError(error, 'name')}
      />
      <fieldset className={styles.group}>
        <legend>Cloud Provider</legend>
        <RadioBoxGroup
          name="provider"
          size="full"
          value={wish.provider}
          onChange={({ target }) => {
            const provider = cloudProviders.find((each) => each === target.value)
            if (provider) set({ provider, region: '', tier: 'M10' })
          }}
        >
          {cloudProviders.map((provider) => (
            <RadioBox key={provider} value={provider} id={`provider-${provider}`}>
              {providerNames[provider]}
            </RadioBox>
          ))}
        </RadioBoxGroup>
      </fieldset>
      <PlaceFields wish={wish} set={set} error={error} />
      <ShapeFields wish={wish} set={set} error={error} />
      <Checkbox
        id="cluster-protection"
        label="Termination protection"
        description="It cannot be terminated until this is turned off."
        checked={wish.terminationProtection}
        onChange={({ target }) => set({ terminationProtection: target.checked })}
      />
    </FormDialog>
  )
}
