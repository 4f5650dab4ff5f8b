// A page's heading, with its main actions beside it.

import { H2 } from '@leafygreen-ui/typography'
import type { ReactNode } from 'react'
import styles from './page.module.css'

export function PageHead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={styles.head}>
      <H2 as="h1">{title}</H2>
      <div className={styles.actions}>{children}</div>
    </div>
  )
}
