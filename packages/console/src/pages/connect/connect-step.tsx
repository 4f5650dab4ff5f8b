// The last step: the string, command or program of the chosen method, what it takes for it to work, and a test of it.

import Button from '@leafygreen-ui/button'
import { useDialog } from '../cluster/use-dialog.ts'
import { useStandardListener } from '../cluster-detail/use-standard-listener.ts'
import { CurrentAddress } from '../ip-access-list/current-address.tsx'
import { AuthorityNote } from './authority-note.tsx'
import type { Method } from './choice.ts'
import { Compass } from './compass.tsx'
import styles from './connect.module.css'
import { endpointString, withUser } from './connection-string.ts'
import type { StepProps } from './dialog.tsx'
import { DirectStrings } from './direct-strings.tsx'
import { Drivers } from './drivers.tsx'
import { Mongosh } from './mongosh.tsx'
import { StringForms } from './string-forms.tsx'
import { TestConnection } from './test-connection.tsx'
import { useChoice, useUsers } from './use-connect.ts'
import { UserNote } from './user-note.tsx'

/** What every method is told. */
export interface MethodProps {
  /** Without a user. */
  readonly bare: string
  /** With a place for the password. */
  readonly connectionString: string
  readonly username: string | undefined
  /** File with the authority of the endpoint's certificate; null where it speaks no TLS. */
  readonly caFile: string | null
}

const parts: Readonly<Record<Exclude<Method, 'direct'>, (props: MethodProps) => React.JSX.Element>> = {
  mongosh: Mongosh,
  drivers: Drivers,
  compass: Compass,
}

export function ConnectStep({ cluster, strings }: StepProps) {
  const { go, close } = useDialog()
  const choice = useChoice(strings)
  const users = useUsers(cluster.name)
  const username = choice.username ?? users?.here[0]?.username
  const { door, form, method } = choice
  const listener = useStandardListener(cluster).data?.connectionString ?? null
  const bare = door === undefined ? (listener ?? strings.standard) : endpointString(door, form)
  // Gateways speak TLS to whoever comes without an endpoint, or by its name.
  const caFile = door?.form === 'name' || (door === undefined && listener !== null) ? 'ca.pem' : null
  const Part = method === 'direct' ? null : parts[method]
  return (
    <>
      <div className={styles.method}>
        {door !== undefined && <StringForms door={door} form={form} direct={Part === null} />}
        {door === undefined && listener !== null && (
          <>
            <AuthorityNote of="The gateway" />
            <CurrentAddress />
          </>
        )}
        {bare === null && <p>This cluster has no connection string yet: {strings.reason ?? 'it is being created.'}</p>}
        {Part === null && door !== undefined && <DirectStrings door={door} username={username} />}
        {Part !== null && bare !== null && (
          <Part bare={bare} connectionString={withUser(bare, username)} username={username} caFile={caFile} />
        )}
        {username !== undefined && <UserNote clusterName={cluster.name} username={username} />}
        {bare !== null && (
          <TestConnection
            clusterName={cluster.name}
            bare={door === undefined && listener === null ? null : bare}
            username={username}
          />
        )}
      </div>
      <div className={styles.ends}>
        <Button onClick={() => go({ step: 'method' })}>Back</Button>
        <Button variant="primary" onClick={close}>
          Done
        </Button>
      </div>
    </>
  )
}
