// A table that scrolls sideways where there is no room, and can be scrolled by the keyboard.

import { Table } from '@leafygreen-ui/table'
import type { ReactNode } from 'react'
import styles from './page.module.css'

export function WideTable({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <section className={styles.scroll} aria-label={label} tabIndex={0}>
      <Table>{children}</Table>
    </section>
  )
}
