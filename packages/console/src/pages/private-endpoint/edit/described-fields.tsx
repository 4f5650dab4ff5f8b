// What people write on their own things: a line of description, and labels.

import { TextArea } from '@leafygreen-ui/text-area'
import { TextInput } from '@leafygreen-ui/text-input'
import { ApiError } from '@postern/contract/client'

export interface Described {
  readonly description: string
  /** `name=value`, one a line. */
  readonly labels: string
}

interface DescribedFieldsProps {
  readonly value: Described
  readonly onChange: (change: Partial<Described>) => void
  readonly error: unknown
}

export function DescribedFields({ value, onChange, error }: DescribedFieldsProps) {
  const told = (name: string) => {
    const fields = error instanceof ApiError ? error.fields : []
    const problem = fields.find(({ field }) => field === name || field.startsWith(`${name}.`))?.description
    return { state: problem === undefined ? ('none' as const) : ('error' as const), errorMessage: problem ?? '' }
  }
  return (
    <>
      <TextInput
        id="description"
        label="Description"
        optional
        value={value.description}
        onChange={({ target }) => onChange({ description: target.value })}
        {...told('description')}
      />
      <TextArea
        id="labels"
        label="Labels"
        description="One a line: name=value"
        rows={3}
        value={value.labels}
        onChange={({ target }) => onChange({ labels: target.value })}
        {...told('labels')}
      />
    </>
  )
}
