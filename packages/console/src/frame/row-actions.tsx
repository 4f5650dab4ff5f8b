// What can be done with one row of a table, in its last cell.

import type { OperationId } from '@postern/contract/routes'
import { MayButton } from './may.tsx'
import styles from './page.module.css'

export interface RowAction {
  readonly word: string
  /** The word and whose row it is, for who hears the button instead of seeing where it is. */
  readonly label: string
  readonly operation: OperationId
  /** Why it cannot be done now. */
  readonly blocked?: string | undefined
  readonly onClick: () => void
}

export const RowActions = ({ actions }: { readonly actions: readonly RowAction[] }) => (
  <span className={styles.rowActions}>
    {actions.map(({ word, label, operation, blocked, onClick }) => (
      <MayButton key={word} size="xsmall" operation={operation} aria-label={label} blocked={blocked} onClick={onClick}>
        {word}
      </MayButton>
    ))}
  </span>
)
