// What the server shows once. It is kept nowhere: not in the URL, not in what was read; a reload forgets it.

import { Banner, Variant } from '@leafygreen-ui/banner'
import Button from '@leafygreen-ui/button'
import Modal from '@leafygreen-ui/modal'
import { H3 } from '@leafygreen-ui/typography'
import type { ReactNode } from 'react'
import { Copied } from './copied.tsx'
import styles from './secret-shown.module.css'

interface SecretProps {
  readonly title: string
  /** What can be read later too, and what cannot. */
  readonly lines?: readonly { readonly name: string; readonly value: string }[]
  readonly says: string
  /** What does not fit into a line. */
  readonly children?: ReactNode
  readonly onClose: () => void
}

export const SecretShown = ({ title, lines = [], says, children, onClose }: SecretProps) => (
  // Only Done leads out: what is closed by a click beside it is lost.
  <Modal open shouldClose={() => false} aria-label={title} className={styles.once}>
    <H3 as="h2">{title}</H3>
    <dl className={styles.secret}>
      {lines.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Copied text={value} what={name} />
          </dd>
        </div>
      ))}
    </dl>
    {children}
    <Banner variant={Variant.Warning}>{says}</Banner>
    <div className={styles.ways}>
      <Button variant="primary" onClick={onClose}>
        Done
      </Button>
    </div>
  </Modal>
)
