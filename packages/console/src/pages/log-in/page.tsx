// Log-in: shown in place of whatever page was asked for, whose URL stays.

import { H2 } from '@leafygreen-ui/typography'
import { useEffect } from 'react'
import { AwayBanner } from '../../frame/away-banner.tsx'
import icon from '../../icon.svg'
import { LogInForm } from './form.tsx'
import styles from './log-in.module.css'

export function LogInPage() {
  useEffect(() => {
    document.title = 'Log In | Postern'
  }, [])
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <AwayBanner />
        <img src={icon} alt="" />
        <H2 as="h1">Log in to Postern</H2>
        <LogInForm />
      </div>
    </main>
  )
}
