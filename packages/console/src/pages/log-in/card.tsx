// The card in the middle of the page that one logs in on.

import { H2 } from '@leafygreen-ui/typography'
import { type ReactNode, useEffect } from 'react'
import { AwayBanner } from '../../frame/away-banner.tsx'
import icon from '../../icon.svg'
import styles from './log-in.module.css'

export function LogInCard({ children }: { readonly children?: ReactNode }) {
  useEffect(() => {
    document.title = 'Log In | Postern'
  }, [])
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <AwayBanner />
        <img src={icon} alt="" />
        <H2 as="h1">Log in to Postern</H2>
        {children}
      </div>
    </main>
  )
}
