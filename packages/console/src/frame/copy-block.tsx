// Text to take along: a command, a string, a program. The whole of it is copied, whatever of it is in sight.

import Button from '@leafygreen-ui/button'
import Checkmark from '@leafygreen-ui/icon/dist/Checkmark'
import Copy from '@leafygreen-ui/icon/dist/Copy'
import { useRef, useState } from 'react'
import styles from './copy-block.module.css'
import { copyText } from './copy-text.ts'

interface CopyBlockProps {
  /** What it is, for whoever hears it instead of seeing it. */
  readonly label: string
  readonly text: string
}

export function CopyBlock({ label, text }: CopyBlockProps) {
  const shown = useRef<HTMLPreElement>(null)
  const [copied, setCopied] = useState<string | null>(null)
  const copy = async (): Promise<void> => {
    await copyText(text, shown.current)
    setCopied(text)
  }
  return (
    <div className={styles.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={styles.text} aria-label={label} tabIndex={0}>
        <pre ref={shown}>{text}</pre>
      </section>
      <Button
        size="xsmall"
        leftGlyph={copied === text ? <Checkmark /> : <Copy />}
        aria-label={`Copy ${label}`}
        onClick={copy}
      >
        Copy
      </Button>
      <span role="status" className={styles.heard}>
        {copied === text && `${label} copied`}
      </span>
    </div>
  )
}
