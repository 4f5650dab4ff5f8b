// One more address or network that may reach the project's clusters by their standard names.

import Button from '@leafygreen-ui/button'
import { TextInput } from '@leafygreen-ui/text-input'
import { useChange, useOperation } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useKept } from '../../frame/use-kept.ts'
import { CommentAndLife } from './comment-and-life.tsx'
import { type EntryFields, entryBody, toldFields } from './entry.ts'

const first: EntryFields = { address: '', comment: '', life: 'always' }

export function AddEntry({ onClose }: { readonly onClose: () => void }) {
  const groupId = useGroupId()
  const add = useChange('createGroupAccessListEntry')
  const mine = useOperation('getIpInfo').data?.currentIpv4Address
  const [fields, change] = useKept({ form: 'add', first })
  const error = useTold(add, toldFields(fields))
  const problem = fieldProblem(error, '[0].cidrBlock') ?? fieldProblem(error, '[0].ipAddress')
  const send = async (): Promise<void> => {
    await add.mutateAsync({ params: { groupId }, body: [entryBody(fields, new Date())] })
    onClose()
  }
  return (
    <FormDialog
      title="Add IP Access List Entry"
      says="Only these addresses are let through the gateways by the standard connection strings. Private endpoints and members’ own ports do not ask this list."
      submit="Confirm"
      busy={add.isPending}
      error={error}
      onSubmit={(event) => {
        event.preventDefault()
        void send().catch(() => {})
      }}
      onClose={onClose}
    >
      <TextInput
        id="address"
        label="Access List Entry"
        description="An IP address, or a network such as 198.51.100.0/24"
        value={fields.address}
        onChange={({ target }) => change({ address: target.value })}
        state={problem === undefined ? 'none' : 'error'}
        errorMessage={problem}
      />
      {mine !== undefined && (
        <div>
          <Button type="button" size="small" onClick={() => change({ address: mine })}>
            Add Current IP Address
          </Button>
        </div>
      )}
      <CommentAndLife value={fields} onChange={change} error={error} />
    </FormDialog>
  )
}
