// Whoever follows the link of an invitation accepts it here: with a password of their choice, or with the one that their
// account has. Then they are logged in.

import { Banner, Variant } from '@leafygreen-ui/banner'
import Button from '@leafygreen-ui/button'
import { Body } from '@leafygreen-ui/typography'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { operation } from '../../api/operation.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { moment } from '../../frame/moment.ts'
import { Waiting } from '../../frame/waiting.tsx'
import { LogInCard } from '../log-in/card.tsx'
import styles from '../log-in/log-in.module.css'
import { AcceptForm } from './form.tsx'
import { invitationTold } from './told.ts'

interface AcceptProps {
  readonly token: string
  /** Who is logged in already, which may be somebody else. */
  readonly loggedIn: string | undefined
  readonly onDone: () => void
}

export function AcceptInvitation({ token, loggedIn, onDone }: AcceptProps) {
  const [accepted, setAccepted] = useState(false)
  const { data: invitation, error } = useQuery({
    ...operation('describeInvitation', { body: { invitationToken: token } }),
    // Once it is accepted there is none to ask for.
    enabled: !accepted,
    refetchInterval: false,
  })
  const leave = (): void => {
    window.history.replaceState(null, '', '/')
    onDone()
  }
  if (invitation === undefined)
    return (
      <LogInCard title="Accept an invitation">
        {error === null ? (
          <Waiting />
        ) : (
          <>
            <Banner className={styles.told} variant={Variant.Danger} role="alert">
              {sentenceOf(error)}
            </Banner>
            <div className={styles.ways}>
              <Button onClick={leave}>{loggedIn === undefined ? 'Go to log in' : `Go on as ${loggedIn}`}</Button>
            </div>
          </>
        )}
      </LogInCard>
    )
  const { username, expiresAt } = invitation
  return (
    <LogInCard title="Accept an invitation">
      <Body className={styles.told}>
        {invitationTold(invitation)} It can be accepted until {moment(expiresAt)}.
      </Body>
      {loggedIn !== undefined && loggedIn !== username && (
        <Banner className={styles.told}>
          You are logged in as {loggedIn}. Whoever accepts is logged in in their place.
        </Banner>
      )}
      <AcceptForm token={token} invitation={invitation} onAccepted={() => setAccepted(true)} onDone={leave} />
    </LogInCard>
  )
}
