// In the place of a list that is empty: what it would hold, and the one action that begins it.

import { BasicEmptyState } from '@leafygreen-ui/empty-state'
import type { ReactNode } from 'react'
import styles from './page.module.css'

interface NothingProps {
  readonly title: string
  readonly description: string
  /** The actions. The design system takes a button of its own only, and not one that may be refused. */
  readonly children?: ReactNode
}

export const Nothing = ({ title, description, children }: NothingProps) => (
  <div className={styles.nothing}>
    <BasicEmptyState title={title} description={description} />
    <div className={styles.actions}>{children}</div>
  </div>
)
