// One more address or network that may reach the project's clusters by their standard names.

import Button from '@leafygreen-ui/button'
import { Option, Select } from '@leafygreen-ui/select'
import { TextInput } from '@leafygreen-ui/text-input'
import { Controller, useForm } from 'react-hook-form'
import { useChange, useOperation } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'
import { type EntryFields, entryBody, type Life, lives } from './entry.ts'

export function AddEntry({ onClose }: { readonly onClose: () => void }) {
  const groupId = useGroupId()
  const add = useChange('createGroupAccessListEntry')
  const mine = useOperation('getIpInfo').data?.currentIpv4Address
  const { register, control, handleSubmit, setValue } = useForm<EntryFields>({
    defaultValues: { address: '', comment: '', life: '' },
  })
  const problem = fieldProblem(add.error, 'cidrBlock') ?? fieldProblem(add.error, 'ipAddress')
  const send = handleSubmit(async (fields) => {
    await add.mutateAsync({ params: { groupId }, body: [entryBody(fields, new Date())] })
    onClose()
  })
  return (
    <FormDialog
      title="Add IP Access List Entry"
      says="Only these addresses may use the standard connection strings. Private endpoints do not ask this list."
      submit="Confirm"
      busy={add.isPending}
      error={add.error}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      <TextInput
        id="address"
        label="Access List Entry"
        description="An IP address, or a network such as 198.51.100.0/24"
        state={problem === undefined ? 'none' : 'error'}
        errorMessage={problem}
        {...register('address')}
      />
      {mine !== undefined && (
        <div>
          <Button type="button" size="small" onClick={() => setValue('address', mine)}>
            Add Current IP Address
          </Button>
        </div>
      )}
      <TextInput id="comment" label="Comment" optional maxLength={80} {...register('comment')} />
      <Controller
        control={control}
        name="life"
        render={({ field }) => (
          <Select
            label="Lifetime"
            allowDeselect={false}
            value={field.value === '' ? 'always' : field.value}
            onChange={(value) => field.onChange(value === 'always' ? '' : (value as Life))}
          >
            {[
              <Option key="always" value="always">
                Until it is deleted
              </Option>,
            ].concat(
              Object.entries(lives).map(([hours, words]) => (
                <Option key={hours} value={hours}>
                  {words}
                </Option>
              )),
            )}
          </Select>
        )}
      />
    </FormDialog>
  )
}
