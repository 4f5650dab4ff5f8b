// A form in a dialog: its fields, what the API said to them, and the two ways out. Whether it is open is the URL's to say
// (url-state.ts); closing it goes back, so nothing of a half-filled form is kept on purpose.

import Button from '@leafygreen-ui/button'
import Modal from '@leafygreen-ui/modal'
import { Body, H3 } from '@leafygreen-ui/typography'
import type { FormEvent, ReactNode } from 'react'
import { ErrorBanner } from './error-banner.tsx'
import styles from './form-dialog.module.css'
import { working } from './working.tsx'

interface FormDialogProps {
  readonly title: string
  /** One sentence on what it is for. */
  readonly says?: ReactNode
  /** The button's word: a verb, as the page that opened it has it. */
  readonly submit: string
  readonly danger?: boolean
  /** The other button's word; Cancel unless there is nothing to take back. */
  readonly cancel?: string
  readonly size?: 'large'
  readonly busy: boolean
  /** Why the form cannot be sent as it is. */
  readonly blocked?: string | undefined
  /** What the API refused it with; at a field, it is told there too. */
  readonly error: unknown
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void
  readonly onClose: () => void
  readonly children?: ReactNode
}

export function FormDialog(props: FormDialogProps) {
  const {
    title,
    says,
    submit,
    danger = false,
    cancel = 'Cancel',
    size = 'default',
    busy,
    blocked,
    error,
    onSubmit,
    onClose,
    children,
  } = props
  return (
    <Modal open setOpen={onClose} size={size} aria-label={title}>
      <H3 as="h2">{title}</H3>
      {says !== undefined && <Body className={styles.says}>{says}</Body>}
      <form className={styles.form} onSubmit={onSubmit} noValidate>
        {children}
        {error !== null && error !== undefined && <ErrorBanner error={error} />}
        {blocked !== undefined && <Body className={styles.quiet}>{blocked}</Body>}
        <div className={styles.ways}>
          <Button type="button" onClick={onClose}>
            {cancel}
          </Button>
          <Button
            type="submit"
            variant={danger ? 'danger' : 'primary'}
            {...working(busy, submit)}
            disabled={blocked !== undefined}
          >
            {submit}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
