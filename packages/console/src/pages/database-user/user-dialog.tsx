// Add and edit a database user.

import { Checkbox } from '@leafygreen-ui/checkbox'
import { TextInput } from '@leafygreen-ui/text-input'
import { useToast } from '@leafygreen-ui/toast'
import { type FormEvent, useState } from 'react'
import { call, useOperation, useWork } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { moment } from '../../frame/moment.ts'
import { useGroupId } from '../../frame/place.ts'
import { SelectField } from '../../frame/select-field.tsx'
import styles from './database-user.module.css'
import { PasswordField } from './password-field.tsx'
import { RoleFields } from './role-fields.tsx'
import {
  changedUserBody,
  type DatabaseUser,
  fieldsOf,
  lives,
  methodOf,
  newUser,
  newUserBody,
  type Proof,
  proofs,
  toldFields,
  type UserFields,
} from './user-form.ts'

interface DialogProps {
  /** None: a new one. */
  readonly user?: DatabaseUser
  readonly onClose: () => void
}

export function UserDialog({ user, onClose }: DialogProps) {
  const groupId = useGroupId()
  const { pushToast } = useToast()
  const [fields, setFields] = useState(() => (user === undefined ? newUser : fieldsOf(user)))
  const set = (change: Partial<UserFields>): void => setFields((before) => ({ ...before, ...change }))
  const work = useWork((wish: UserFields) =>
    user === undefined
      ? call('createGroupDatabaseUser', { params: { groupId }, body: newUserBody(wish, new Date()) })
      : call('updateGroupDatabaseUser', {
          params: { groupId, databaseName: user.databaseName, username: user.username },
          body: changedUserBody(wish, new Date()),
        }),
  )
  const error = useTold(work, toldFields(fields))
  const problemOf = (field: keyof UserFields) => {
    const problem = fieldProblem(error, field)
    return { state: problem === undefined ? 'none' : 'error', errorMessage: problem } as const
  }
  const endProblem = fieldProblem(error, 'deleteAfterDate')
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await work.mutateAsync(fields)
    pushToast({ title: `${fields.username} is ${user === undefined ? 'added' : 'changed'}`, variant: 'success' })
    onClose()
  }
  return (
    <FormDialog
      title={user === undefined ? 'Add New Database User' : `Edit ${user.username}`}
      submit={user === undefined ? 'Add User' : 'Update User'}
      busy={work.isPending}
      error={error}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      {user === undefined && (
        <>
          <SelectField
            label="Authentication Method"
            value={fields.proof}
            options={Object.entries(proofs).map(([value, word]) => ({ value, word }))}
            onChange={(proof) => set({ proof: proof as Proof })}
          />
          <TextInput
            id="db-username"
            {...names[fields.proof]}
            autoComplete="off"
            value={fields.username}
            onChange={({ target }) => set({ username: target.value })}
            {...problemOf('username')}
          />
        </>
      )}
      {fields.proof === 'password' && (user === undefined || methodOf(user) === 'SCRAM') && (
        <PasswordField
          isNew={user === undefined}
          value={fields.password}
          onChange={(password) => set({ password })}
          {...problemOf('password')}
        />
      )}
      <RoleFields roles={fields.roles} error={error} onChange={(roles) => set({ roles })} />
      <Scopes clusters={fields.clusters} onChange={(clusters) => set({ clusters })} />
      {fields.proof === 'password' && (user === undefined || user.deleteAfterDate !== undefined) && (
        <SelectField
          label="Temporary User"
          description="A temporary user is deleted by itself; a lasting one stays so."
          value={fields.life === '' ? 'lasting' : fields.life}
          options={lifeChoices(user)}
          onChange={(life) => set({ life: life === 'lasting' ? '' : (life as UserFields['life']) })}
          {...(endProblem === undefined ? {} : { state: 'error', errorMessage: endProblem })}
        />
      )}
      <TextInput
        id="db-description"
        label="Description"
        optional
        maxLength={100}
        value={fields.description}
        onChange={({ target }) => set({ description: target.value })}
        {...problemOf('description')}
      />
    </FormDialog>
  )
}

const names = {
  password: { label: 'Username' },
  managed: {
    label: 'Common Name',
    description:
      'Certificates are made for it, once the user is added. No cluster here takes them: they are for deployments of your own.',
  },
  customer: {
    label: 'Distinguished Name',
    description:
      'Of the certificate’s subject, as in RFC 2253: CN=app,O=Example. It is remembered here, and made on no cluster.',
  },
} as const satisfies Readonly<Record<Proof, { readonly label: string; readonly description?: string }>>

const lifeChoices = (user: DatabaseUser | undefined) => [
  { value: 'lasting', word: 'No: until it is deleted' },
  ...(user?.deleteAfterDate === undefined
    ? []
    : [{ value: 'as it is', word: `As it is: until ${moment(user.deleteAfterDate)}` }]),
  ...Object.entries(lives).map(([value, word]) => ({ value, word: `Delete after ${word}` })),
]

function Scopes({
  clusters,
  onChange,
}: {
  readonly clusters: readonly string[]
  readonly onChange: (clusters: readonly string[]) => void
}) {
  const groupId = useGroupId()
  const known = useOperation('listGroupClusters', { params: { groupId }, query: { itemsPerPage: 500 } }).data?.results
  // A scope may name a cluster that is gone.
  const names = [...new Set([...(known ?? []).map(({ name }) => name), ...clusters])]
  return (
    <fieldset className={styles.roles}>
      <legend>Restrict Access to Specific Clusters</legend>
      {names.map((name) => (
        <Checkbox
          key={name}
          label={name}
          checked={clusters.includes(name)}
          onChange={({ target }) =>
            onChange(target.checked ? [...clusters, name] : clusters.filter((one) => one !== name))
          }
        />
      ))}
      <span className={styles.quiet}>
        {clusters.length === 0 ? 'None is chosen: the user is good for all clusters, also for those to come.' : null}
      </span>
    </fieldset>
  )
}
