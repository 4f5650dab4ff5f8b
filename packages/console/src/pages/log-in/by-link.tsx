// Logging in by a link: at once, unless somebody else is logged in. It is taken out of the address before anything else.

import Button from '@leafygreen-ui/button'
import { Body } from '@leafygreen-ui/typography'
import { useEffect, useState } from 'react'
import { useSignInByLink } from '../../api/session.ts'
import { ErrorBanner } from '../../frame/error-banner.tsx'
import { LogInCard } from './card.tsx'
import { LogInForm } from './form.tsx'
import styles from './log-in.module.css'

interface ByLinkProps {
  readonly link: string
  /** Who is logged in already: they are asked first. */
  readonly username: string | undefined
  readonly onDone: () => void
}

export function LogInByLink({ link, username, onDone }: ByLinkProps) {
  const signIn = useSignInByLink()
  const [asked, setAsked] = useState(username === undefined)
  const { mutate } = signIn
  const [before] = useState(username)
  const byForm = signIn.error !== null && before === undefined && username !== undefined
  useEffect(() => {
    window.history.replaceState(null, '', '/')
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link is used once
  useEffect(() => {
    if (asked) mutate(link, { onSuccess: onDone })
  }, [asked])
  useEffect(() => {
    if (byForm) onDone()
  }, [byForm, onDone])
  if (signIn.error !== null)
    return (
      <LogInCard>
        <ErrorBanner error={signIn.error} />
        {before === undefined ? <LogInForm /> : <Button onClick={onDone}>Go on as {username}</Button>}
      </LogInCard>
    )
  if (asked) return <LogInCard />
  return (
    <LogInCard>
      <Body className={styles.told}>You are logged in as {username}. The link logs somebody in in their place.</Body>
      <div className={styles.ways}>
        <Button onClick={onDone}>Stay</Button>
        <Button variant="primary" onClick={() => setAsked(true)}>
          Use the link
        </Button>
      </div>
    </LogInCard>
  )
}
