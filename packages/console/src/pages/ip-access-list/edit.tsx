// Another comment or another end of an entry; its address is what it is.

import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useKept } from '../../frame/use-kept.ts'
import { CommentAndLife } from './comment-and-life.tsx'
import { type Entry, type EntryFields, editedBody, entryValue, toldFields } from './entry.ts'
import { useEdit } from './use-edit.ts'

interface EditEntryProps {
  readonly entry: Entry
  readonly onClose: () => void
}

export function EditEntry({ entry, onClose }: EditEntryProps) {
  const value = entryValue(entry)
  const first: Pick<EntryFields, 'comment' | 'life'> = {
    comment: entry.comment,
    life: entry.deleteAfterDate === undefined ? 'always' : 'asIs',
  }
  const [fields, change] = useKept({ form: `edit ${value}`, first })
  const edit = useEdit(entry)
  const error = useTold(edit, toldFields(fields))
  const send = async (): Promise<void> => {
    await edit.mutateAsync(editedBody(entry, fields, new Date()))
    onClose()
  }
  return (
    <FormDialog
      title="Edit IP Access List Entry"
      says={<strong>{value}</strong>}
      submit="Confirm"
      busy={edit.isPending}
      error={error}
      onSubmit={(event) => {
        event.preventDefault()
        void send().catch(() => {})
      }}
      onClose={onClose}
    >
      <CommentAndLife value={fields} onChange={change} ends={entry.deleteAfterDate} error={error} />
    </FormDialog>
  )
}
