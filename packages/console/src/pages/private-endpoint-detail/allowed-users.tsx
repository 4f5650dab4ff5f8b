// The database users that an endpoint lets in: those of the project, and others that only the deployment knows.

import Button from '@leafygreen-ui/button'
import { TextInput } from '@leafygreen-ui/text-input'
import { useState } from 'react'
import { useOperation } from '../../api/operation.ts'
import { useGroupId } from '../../frame/place.ts'
import { SelectField } from '../../frame/select-field.tsx'
import { userText } from './policy.ts'
import styles from './private-endpoint-detail.module.css'
import { SomeOf } from './some-of.tsx'

interface AllowedUsersProps {
  readonly isSome: boolean
  /** Each as `userText` has it. */
  readonly users: readonly string[]
  readonly problem: string | undefined
  readonly onSome: (isSome: boolean) => void
  readonly onUsers: (users: readonly string[]) => void
}

const authSources = ['admin', '$external'] as const

export function AllowedUsers({ isSome, users, problem, onSome, onUsers }: AllowedUsersProps) {
  const query = { itemsPerPage: 500 }
  const known = useOperation('listGroupDatabaseUsers', { params: { groupId: useGroupId() }, query }).data?.results ?? []
  const [username, setUsername] = useState('')
  const [databaseName, setDatabaseName] = useState<string>(authSources[0])
  const add = (): void => {
    onUsers([...new Set([...users, userText({ username, databaseName })])])
    setUsername('')
  }
  return (
    <SomeOf
      name="users"
      legend="Database users that it lets in"
      says="Nobody does anything here without signing in as one of them; the cluster checks the password. A user of the same name in another authentication database is somebody else."
      all="Whoever the cluster knows"
      some="Only these database users"
      options={[...new Set([...known.map(userText), ...users])]}
      isSome={isSome}
      chosen={users}
      problem={problem}
      onSome={onSome}
      onChosen={onUsers}
    >
      <fieldset className={styles.other} aria-label="Another database user">
        <TextInput
          id="policy-username"
          label="Another Username"
          autoComplete="off"
          value={username}
          onChange={({ target }) => setUsername(target.value)}
        />
        <SelectField
          label="Authentication Database"
          value={databaseName}
          options={authSources.map((value) => ({ value }))}
          onChange={setDatabaseName}
        />
        <Button type="button" disabled={username === ''} onClick={add}>
          Add
        </Button>
      </fieldset>
    </SomeOf>
  )
}
