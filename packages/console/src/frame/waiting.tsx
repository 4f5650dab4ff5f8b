// A skeleton, once somebody has waited long enough to wonder.

import { ParagraphSkeleton } from '@leafygreen-ui/skeleton-loader'
import { useEffect, useState } from 'react'
import styles from './page.module.css'

const wonderMs = 200

export function Waiting() {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(true), wonderMs)
    return () => window.clearTimeout(timer)
  }, [])
  return (
    <div className={styles.waiting} role="status" aria-label="Loading">
      {shown && <ParagraphSkeleton withHeader />}
    </div>
  )
}
