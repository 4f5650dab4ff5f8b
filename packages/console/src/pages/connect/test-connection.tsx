// Test connection: the doctor's checks, as the control plane makes them. It is not where the application runs, and says so.

import Badge from '@leafygreen-ui/badge'
import Button from '@leafygreen-ui/button'
import { shellWord } from '@postern/contract/shell-words'
import { useChange } from '../../api/operation.ts'
import { CopyBlock } from '../../frame/copy-block.tsx'
import { ErrorBanner } from '../../frame/error-banner.tsx'
import { useGroupId } from '../../frame/place.ts'
import { working } from '../../frame/working.tsx'
import styles from './connect.module.css'
import { hostsOf } from './connection-string.ts'
import { type Finding, shownFindings, statusBadges, verdictOf } from './findings.ts'

interface TestConnectionProps {
  readonly clusterName: string
  /** Of an endpoint, without a user; null: the cluster itself is asked about. */
  readonly bare: string | null
  readonly username: string | undefined
}

export function TestConnection({ clusterName, bare, username }: TestConnectionProps) {
  const groupId = useGroupId()
  const diagnose = useChange('diagnoseGroup')
  const what = bare === null ? { target: clusterName } : { hosts: [...hostsOf(bare)] }
  const body = { ...what, ...(username === undefined ? {} : { username, databaseName: 'admin' }) }
  const findings = shownFindings(diagnose.data?.findings ?? [])
  return (
    <section aria-label="Test connection">
      <h3>Test connection</h3>
      <p>
        These checks are made by the control plane, not by your application: they see the endpoint, its gateways, the
        deployment and the user, and not the network between your application and them.
      </p>
      <Button
        {...working(diagnose.isPending, 'Test connection')}
        onClick={() => diagnose.mutate({ params: { groupId }, body })}
      >
        Test connection
      </Button>
      <div role="status">
        {diagnose.error !== null && <ErrorBanner error={diagnose.error} />}
        {diagnose.data !== undefined && <p>{verdictOf(findings)}</p>}
      </div>
      {findings.length > 0 && (
        <ol className={styles.findings} aria-label="Checks by the control plane">
          {findings.map((finding) => (
            <Check key={finding.id} {...finding} />
          ))}
        </ol>
      )}
      <p>Where the application runs, this makes the checks from there too:</p>
      <CopyBlock label="Command for the application’s side" text={`postern doctor ${shellWord(bare ?? clusterName)}`} />
    </section>
  )
}

const Check = ({ status, found, why, whatToDo, command, follows }: Finding) => {
  const { word, variant } = statusBadges[status]
  return (
    <li className={styles.finding}>
      <div>
        <Badge variant={variant}>{word}</Badge>
      </div>
      <div>
        <p>{found}</p>
        {follows !== null && <p className={styles.quiet}>It follows from {follows}.</p>}
        {why !== null && <p className={styles.quiet}>{why}</p>}
        {whatToDo !== null && <p>{whatToDo}</p>}
        {command !== null && <CopyBlock label="Command" text={command} />}
      </div>
    </li>
  )
}
