// A service account's secrets: how long each is good for, a new one beside them, an old one gone. So one is rotated
// without a gap.

import Button from '@leafygreen-ui/button'
import Modal from '@leafygreen-ui/modal'
import { Body, H3 } from '@leafygreen-ui/typography'
import { useState } from 'react'
import { useWork } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { ErrorBanner } from '../../frame/error-banner.tsx'
import { MayButton } from '../../frame/may.tsx'
import { SecretShown } from '../../frame/secret-shown.tsx'
import { When } from '../../frame/when.tsx'
import styles from '../access-manager/access-manager.module.css'
import type { AccessPlace } from '../access-manager/access-place.ts'
import { LifeField } from './life-field.tsx'
import { type Account, accountOperations, addSecret, removeSecret, type Secret } from './use-accounts.ts'

interface DialogProps {
  readonly place: AccessPlace
  readonly account: Account
  readonly onClose: () => void
}

export function Secrets({ place, account: { clientId, name, secrets }, onClose }: DialogProps) {
  const [hours, setHours] = useState(2160)
  const [made, setMade] = useState<Secret>()
  const add = useWork((life: number) => addSecret(place, clientId, life))
  const remove = useWork((secretId: string) => removeSecret(place, clientId, secretId))
  const operations = accountOperations[place.kind]
  const refusal = useTold(add, { secretExpiresAfterHours: hours })
  const error = refusal ?? remove.error
  if (made?.secret !== undefined)
    return (
      <SecretShown
        title="Save Client Secret"
        lines={[
          { name: 'Client ID', value: clientId },
          { name: 'Client secret', value: made.secret },
        ]}
        says="Copy the client secret now: it is not shown again."
        onClose={onClose}
      />
    )
  return (
    <Modal open setOpen={onClose} aria-label={`Secrets of ${name}`}>
      <H3 as="h2">Secrets of {name}</H3>
      <Body>Generate a new secret, give it to the program, then revoke the old one.</Body>
      <ul className={styles.entries} aria-label="Secrets">
        {secrets.map((secret) => (
          <li key={secret.id}>
            <span>
              <code>{secret.maskedSecretValue}</code>{' '}
              <span className={styles.quiet}>
                expires <When at={secret.expiresAt} />
                {secret.lastUsedAt === undefined ? ', not used yet' : null}
              </span>
            </span>
            <MayButton
              size="xsmall"
              operation={operations.removeSecret}
              aria-label={`Revoke ${secret.maskedSecretValue ?? secret.id}`}
              onClick={() => remove.mutate(secret.id)}
            >
              Revoke
            </MayButton>
          </li>
        ))}
        {secrets.length === 0 && <li className={styles.quiet}>There is no secret.</li>}
      </ul>
      {error !== null && <ErrorBanner error={error} />}
      <LifeField hours={hours} problem={fieldProblem(refusal, 'secretExpiresAfterHours')} onChange={setHours} />
      <div className={styles.ways}>
        <Button onClick={onClose}>Close</Button>
        <MayButton
          variant="primary"
          operation={operations.addSecret}
          onClick={() => void add.mutateAsync(hours).then(setMade, () => {})}
        >
          Generate New Client Secret
        </MayButton>
      </div>
    </Modal>
  )
}
