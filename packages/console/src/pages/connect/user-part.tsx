// As whom: nothing to do where the project has a database user, else one is created here with the role Atlas Admin.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { Subtitle, Link as TextLink } from '@leafygreen-ui/typography'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { CopyBlock } from '../../frame/copy-block.tsx'
import { useGroupId } from '../../frame/place.ts'
import { SelectField } from '../../frame/select-field.tsx'
import type { ShownCluster } from '../cluster/shown-cluster.ts'
import { useDialog } from '../cluster/use-dialog.ts'
import styles from './connect.module.css'
import { CreateUserForm } from './create-user-form.tsx'
import type { DatabaseUser } from './database-user.ts'

interface UserPartProps {
  readonly cluster: ShownCluster
  readonly users: { readonly all: readonly DatabaseUser[]; readonly here: readonly DatabaseUser[] } | undefined
}

interface Created {
  readonly username: string
  /** Null where its owner typed it. */
  readonly generated: string | null
}

export function UserPart({ cluster, users }: UserPartProps) {
  const { search, choose } = useDialog()
  const groupId = useGroupId()
  const [created, setCreated] = useState<Created | null>(null)
  if (users === undefined) return null
  const onCreated = (made: Created): void => {
    setCreated(made)
    choose({ user: made.username })
  }
  return (
    <section className={styles.part}>
      <Subtitle as="h3">Create a Database User</Subtitle>
      {created !== null && <CreatedUser {...created} />}
      {users.here.length === 0 ? (
        created === null && (
          <>
            <p>
              {users.all.length === 0
                ? 'This project has no database user yet. This first one gets the role Atlas Admin.'
                : `No database user of this project may sign in to ${cluster.name} with a password. This one gets the role Atlas Admin.`}
            </p>
            <CreateUserForm onCreated={onCreated} />
          </>
        )
      ) : (
        <>
          {created === null && (
            <p>
              This project has at least one database user configured, so this step is skipped. To manage them, go to{' '}
              <TextLink as={Link} to={`/groups/${groupId}/database-access/users`}>
                Database Access
              </TextLink>
              .
            </p>
          )}
          <div className={styles.form}>
            <SelectField
              label="Connect as database user"
              value={search.user ?? users.here[0]?.username ?? ''}
              options={users.here.map(({ username }) => ({ value: username }))}
              onChange={(user) => choose({ user })}
            />
          </div>
        </>
      )}
    </section>
  )
}

const CreatedUser = ({ username, generated }: Created) => (
  <div className={styles.part} role="status">
    <Banner variant={Variant.Success}>Database user {username} was created with the role Atlas Admin.</Banner>
    {generated !== null && (
      <>
        <p>This is its password. It is shown once: copy it now, nobody can read it again.</p>
        <CopyBlock label="Password" text={generated} />
      </>
    )}
  </div>
)
