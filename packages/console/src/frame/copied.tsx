// A text that is pasted elsewhere: an id, a name, a command.

import CheckmarkIcon from '@leafygreen-ui/icon/dist/Checkmark'
import CopyIcon from '@leafygreen-ui/icon/dist/Copy'
import IconButton from '@leafygreen-ui/icon-button'
import { useEffect, useRef, useState } from 'react'
import styles from './copied.module.css'
import { copyText } from './copy-text.ts'

const thanksMs = 1_500

export function Copied({
  text,
  what,
}: {
  readonly text: string /** Of what: `Copy <what>`. */
  readonly what: string
}) {
  const [done, setDone] = useState(false)
  const shown = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!done) return
    const timer = window.setTimeout(() => setDone(false), thanksMs)
    return () => window.clearTimeout(timer)
  }, [done])
  const copy = async (): Promise<void> => {
    await copyText(text, shown.current)
    setDone(true)
  }
  return (
    <span className={styles.copied}>
      <code ref={shown} title={text}>
        {text}
      </code>
      <IconButton aria-label={done ? 'Copied' : `Copy ${what}`} onClick={() => void copy()}>
        {done ? <CheckmarkIcon /> : <CopyIcon />}
      </IconButton>
    </span>
  )
}
