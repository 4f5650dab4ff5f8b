// Username and password of a new database user. A refusal stands at the field that it names; nothing typed is lost by it.

import Button from '@leafygreen-ui/button'
import { TextInput } from '@leafygreen-ui/text-input'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { useChange } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { ErrorBanner } from '../../frame/error-banner.tsx'
import { useMayNot } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import { working } from '../../frame/working.tsx'
import styles from './connect.module.css'
import { randomBytes, securePassword } from './password.ts'

interface Fields {
  readonly username: string
  readonly password: string
}

interface CreateUserFormProps {
  readonly onCreated: (made: { readonly username: string; readonly generated: string | null }) => void
}

export function CreateUserForm({ onCreated }: CreateUserFormProps) {
  const groupId = useGroupId()
  const create = useChange('createGroupDatabaseUser')
  const mayNot = useMayNot()('createGroupDatabaseUser')
  const { register, handleSubmit, setValue, watch } = useForm<Fields>({ defaultValues: { username: '', password: '' } })
  const [generated, setGenerated] = useState<string | null>(null)
  const [seen, setSeen] = useState(false)
  const submit = handleSubmit(async ({ username, password }) => {
    const roles = [{ roleName: 'atlasAdmin', databaseName: 'admin' }]
    const body = { username, password, databaseName: 'admin', roles } as const
    // The form is gone before the answer is told to it: the project has a user then.
    await create.mutateAsync({ params: { groupId }, body }).then(
      () => onCreated({ username, generated: password === generated ? generated : null }),
      () => undefined,
    )
  })
  const autogenerate = (): void => {
    const password = securePassword(randomBytes)
    setGenerated(password)
    setValue('password', password)
  }
  const { username, password } = watch()
  const error = useTold(create, { username, password })
  return (
    <form className={styles.form} onSubmit={submit} autoComplete="off">
      {error !== null && <ErrorBanner error={error} />}
      <TextInput
        id="db-username"
        label="Username"
        {...problem(error, 'username')}
        {...register('username')}
        autoComplete="off"
      />
      <TextInput
        id="db-password"
        label="Password"
        type={seen ? 'text' : 'password'}
        description="At least 8 characters."
        {...problem(error, 'password')}
        {...register('password')}
        autoComplete="new-password"
      />
      <div className={styles.row}>
        <Button type="button" size="small" onClick={autogenerate}>
          Autogenerate Secure Password
        </Button>
        <Button type="button" size="small" aria-pressed={seen} onClick={() => setSeen(!seen)}>
          {seen ? 'Hide' : 'Show'}
        </Button>
      </div>
      <div className={styles.row}>
        <Button
          type="submit"
          variant="primary"
          {...working(create.isPending, 'Create Database User')}
          disabled={mayNot !== undefined || username === '' || password === ''}
          aria-describedby="db-user-may-not"
        >
          Create Database User
        </Button>
        <span id="db-user-may-not" className={styles.quiet}>
          {mayNot}
        </span>
      </div>
    </form>
  )
}

const problem = (error: unknown, field: string) => {
  const says = fieldProblem(error, field)
  return says === undefined ? {} : ({ state: 'error', errorMessage: says } as const)
}
