// In the place of a list that is empty: what it would hold, and the one action that begins it. The design system's empty
// state has a heading of the third level, which no page has room for, and takes no button that may be refused.

import { Body, H3 } from '@leafygreen-ui/typography'
import type { ReactNode } from 'react'
import styles from './page.module.css'

interface NothingProps {
  readonly title: string
  readonly description: string
  /** The actions. */
  readonly children?: ReactNode
}

export const Nothing = ({ title, description, children }: NothingProps) => (
  <div className={styles.nothing}>
    <H3 as="h2">{title}</H3>
    <Body>{description}</Body>
    <div className={styles.actions}>{children}</div>
  </div>
)
