// What a button says while what it began goes on: its own word, still read out, beside a sign that turns. The design
// system's button would be blank.

import type { ReactElement } from 'react'
import styles from './page.module.css'

const Turning = () => <span className={styles.turning} aria-hidden="true" />

interface Working {
  readonly isLoading: boolean
  readonly loadingText: string
  readonly loadingIndicator: ReactElement
}

/** The properties of a button. */
export const working = (busy: boolean, word: string): Working => ({
  isLoading: busy,
  loadingText: word,
  loadingIndicator: <Turning />,
})
