// The question before something is taken away: what that means in one sentence, and the work that a yes begins.

import { useToast } from '@leafygreen-ui/toast'
import type { FormEvent } from 'react'
import { useWork } from '../api/operation.ts'
import { FormDialog } from './form-dialog.tsx'

interface ConfirmDialogProps {
  readonly title: string
  readonly says: string
  readonly submit?: string
  readonly work: () => Promise<unknown>
  /** What is told when it is done; nothing where the page shows it anyway. */
  readonly done?: string
  readonly onClose: () => void
}

export function ConfirmDialog({ title, says, submit = 'Confirm', work, done, onClose }: ConfirmDialogProps) {
  const { pushToast } = useToast()
  const confirmed = useWork(work)
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await confirmed.mutateAsync(undefined)
    if (done !== undefined) pushToast({ title: done, variant: 'success' })
    onClose()
  }
  return (
    <FormDialog
      title={title}
      says={says}
      submit={submit}
      danger
      busy={confirmed.isPending}
      error={confirmed.error}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    />
  )
}
