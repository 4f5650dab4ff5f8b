// The card in the middle of the page that one logs in on.

import { H2 } from '@leafygreen-ui/typography'
import { type ReactNode, useEffect } from 'react'
import { AwayBanner } from '../../frame/away-banner.tsx'
import icon from '../../icon.svg'
import styles from './log-in.module.css'

interface CardProps {
  readonly title?: string
  readonly children?: ReactNode
}

export function LogInCard({ title, children }: CardProps) {
  useEffect(() => {
    document.title = `${title ?? 'Log In'} | Postern`
  }, [title])
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <AwayBanner />
        <img src={icon} alt="" />
        <H2 as="h1">{title ?? 'Log in to Postern'}</H2>
        {children}
      </div>
    </main>
  )
}
