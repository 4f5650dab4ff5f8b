// Register a MongoDB deployment of one's own: it stays where it is, and is asked what it is before it is kept.

import { Checkbox } from '@leafygreen-ui/checkbox'
import { TextArea } from '@leafygreen-ui/text-area'
import { TextInput } from '@leafygreen-ui/text-input'
import { useToast } from '@leafygreen-ui/toast'
import { cloudProviders, regions } from '@postern/contract/cloud'
import { useChange } from '../../api/operation.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'
import { SelectField } from '../../frame/select-field.tsx'
import { useKept } from '../../frame/use-kept.ts'
import { providerNames } from '../../words/provider.ts'
import { regionWords } from '../../words/region.ts'
import styles from './cluster.module.css'
import { DeploymentCheck } from './deployment-check.tsx'
import { fieldError } from './field-error.ts'
import { deploymentBody, type NewDeployment } from './new-deployment.ts'
import { useDialog } from './use-dialog.ts'

const firstWish: NewDeployment = {
  name: '',
  connectionString: '',
  provider: 'AWS',
  region: '',
  username: '',
  password: '',
  ca: '',
  allowInvalidHostnames: false,
}

export function RegisterDialog() {
  const groupId = useGroupId()
  const { close } = useDialog()
  const { pushToast } = useToast()
  const register = useChange('registerGroupDeployment')
  // A string that is pasted may hold a password.
  const [wish, set] = useKept({ form: 'register', first: firstWish, secrets: ['password', 'connectionString'] })
  const body = deploymentBody(wish)
  const error = useTold(register, body)
  const blocked =
    wish.name === '' || wish.connectionString === '' || wish.region === ''
      ? 'A name, a connection string and a region are needed.'
      : undefined
  const submit = (event: React.FormEvent): void => {
    event.preventDefault()
    register.mutate(
      { params: { groupId }, body },
      {
        onSuccess: ({ name, members, usersNotManagedReason }) => {
          close()
          const title = `${name} is registered with ${members.length} member${members.length === 1 ? '' : 's'}.`
          pushToast({ variant: 'success', title, description: usersNotManagedReason ?? undefined })
        },
      },
    )
  }
  const text = (name: 'name' | 'username' | 'password' | 'connectionString') => ({
    id: `deployment-${name}`,
    value: wish[name],
    onChange: ({ target }: React.ChangeEvent<HTMLInputElement>) => set({ [name]: target.value }),
    ...fieldError(error, name),
  })
  const at = cloudProviders.find((provider) => provider === wish.provider) ?? 'AWS'
  return (
    <FormDialog
      title="Register a deployment"
      says="A MongoDB deployment of your own. It stays where it is; private endpoints lead to it from then on."
      submit="Register"
      busy={register.isPending}
      blocked={blocked}
      error={error}
      onSubmit={submit}
      onClose={close}
    >
      <TextInput label="Name" description="Of the cluster in this project." {...text('name')} />
      <TextInput
        label="Connection string"
        description="mongodb:// or mongodb+srv://, without user name and password."
        {...text('connectionString')}
      />
      <div className={styles.pair}>
        <SelectField
          label="Cloud Provider"
          description="Where its nodes stand."
          value={wish.provider}
          options={cloudProviders.map((provider) => ({ value: provider, word: providerNames[provider] }))}
          onChange={(provider) => set({ provider, region: '' })}
          {...fieldError(error, 'provider')}
        />
        <SelectField
          label="Region"
          description="Of that provider."
          value={wish.region}
          placeholder="Select a region"
          options={Object.keys(regions[at]).map((region) => ({ value: region, word: regionWords(at, region) }))}
          onChange={(region) => set({ region })}
          {...fieldError(error, 'region')}
        />
      </div>
      <div className={styles.pair}>
        <TextInput
          label="Administrator"
          description="So that database users are managed there."
          optional
          autoComplete="off"
          {...text('username')}
        />
        <TextInput
          label="Password"
          description="Kept sealed, never shown again."
          optional
          type="password"
          autoComplete="new-password"
          {...text('password')}
        />
      </div>
      <TextArea
        id="deployment-ca"
        label="CA certificates (PEM), where it speaks TLS with an authority of its own"
        value={wish.ca}
        onChange={({ target }) => set({ ca: target.value })}
        {...fieldError(error, 'tls.ca', 'ca')}
      />
      <Checkbox
        id="deployment-hostnames"
        label="Take certificates that name other hosts"
        checked={wish.allowInvalidHostnames}
        onChange={({ target }) => set({ allowInvalidHostnames: target.checked })}
      />
      <DeploymentCheck body={body} blocked={blocked !== undefined} />
    </FormDialog>
  )
}
