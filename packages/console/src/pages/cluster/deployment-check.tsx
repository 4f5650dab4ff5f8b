// Check connection: the deployment is asked what it is, and nothing is kept.

import Button from '@leafygreen-ui/button'
import type { BodyInputOf, ReplyOf } from '@postern/contract/schemas/operations'
import { useChange } from '../../api/operation.ts'
import { ErrorBanner } from '../../frame/error-banner.tsx'
import { useGroupId } from '../../frame/place.ts'
import { working } from '../../frame/working.tsx'
import styles from './cluster.module.css'

interface DeploymentCheckProps {
  readonly body: BodyInputOf<'registerGroupDeployment'>
  readonly blocked: boolean
}

export function DeploymentCheck({ body, blocked }: DeploymentCheckProps) {
  const groupId = useGroupId()
  const check = useChange('checkGroupDeployment')
  // What was found of another string says nothing of this one.
  const isOfThis = JSON.stringify(check.variables?.body) === JSON.stringify(body)
  return (
    <div className={styles.check}>
      <Button
        type="button"
        size="small"
        disabled={blocked}
        {...working(check.isPending, 'Check connection')}
        onClick={() => check.mutate({ params: { groupId }, body })}
      >
        Check connection
      </Button>
      <div role="status">
        {isOfThis && check.error !== null && <ErrorBanner error={check.error} />}
        {isOfThis && check.data !== undefined && <Found {...check.data} />}
      </div>
    </div>
  )
}

const Found = ({ possible, blockers, deployment }: ReplyOf<'checkGroupDeployment'>) => (
  <>
    {blockers.map(({ detail }) => (
      <p key={detail}>{detail}</p>
    ))}
    {deployment !== null && (
      <>
        <p>
          It answers: MongoDB {deployment.mongoDBVersion ?? 'of unknown version'},{' '}
          {deployment.type === 'MONGOS' ? 'routers' : `replica set ${deployment.setName ?? 'without a name'}`}, with{' '}
          {deployment.members.map(({ hostPort, role }) => `${hostPort} (${role})`).join(', ')}.
        </p>
        {deployment.hiddenMembersUnknownReason !== null && (
          <p>It may have more members: {deployment.hiddenMembersUnknownReason}.</p>
        )}
        <p>
          {deployment.usersManaged
            ? 'Database users of the project will be managed there.'
            : `Its database users will not be managed: ${deployment.usersNotManagedReason}.`}
        </p>
      </>
    )}
    {possible && <p>It can be registered.</p>}
  </>
)
