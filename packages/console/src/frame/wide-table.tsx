// A table that scrolls sideways where there is no room, and can be scrolled by the keyboard.

import { HeaderCell, HeaderRow, Table, TableBody, TableHead } from '@leafygreen-ui/table'
import type { ReactNode } from 'react'
import styles from './page.module.css'

/** A heading that says only what its cells show anyway is heard, and not seen. */
type Column = string | { readonly heard: string }

interface TableProps {
  readonly label: string
  readonly columns: readonly Column[]
  /** Its rows. */
  readonly children: ReactNode
}

export const WideTable = ({ label, columns, children }: TableProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
  <section className={styles.scroll} aria-label={label} tabIndex={0}>
    <Table>
      <TableHead>
        <HeaderRow>
          {columns.map((column) =>
            typeof column === 'string' ? (
              <HeaderCell key={column}>{column}</HeaderCell>
            ) : (
              <HeaderCell key={column.heard}>
                <span className={styles.heard}>{column.heard}</span>
              </HeaderCell>
            ),
          )}
        </HeaderRow>
      </TableHead>
      <TableBody>{children}</TableBody>
    </Table>
  </section>
)
