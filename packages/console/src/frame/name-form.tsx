// The name of a project or an organization, and the way to another one.

import { TextInput } from '@leafygreen-ui/text-input'
import { useToast } from '@leafygreen-ui/toast'
import type { OperationId } from '@postern/contract/routes'
import { type FormEvent, useState } from 'react'
import { useWork } from '../api/operation.ts'
import { sentenceOf } from '../api/sentence.ts'
import { useToldOfOne } from '../api/told.ts'
import { MayButton } from './may.tsx'
import styles from './name-form.module.css'

const labels = { project: 'Project Name', organization: 'Organization Name' } as const

interface NameFormProps {
  readonly of: keyof typeof labels
  readonly name: string
  /** What saving it asks for. */
  readonly operation: OperationId
  readonly save: (name: string) => Promise<unknown>
}

export function NameForm({ of, name, operation, save }: NameFormProps) {
  const { pushToast } = useToast()
  const change = useWork(save)
  const [wanted, setWanted] = useState(name)
  const error = useToldOfOne(change, wanted)
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await change.mutateAsync(wanted)
    pushToast({ title: `The ${of} is called ${wanted}`, variant: 'success' })
  }
  return (
    <form className={styles.form} onSubmit={(event) => void send(event).catch(() => {})}>
      <div className={styles.grow}>
        <TextInput
          id={`${of}-name`}
          label={labels[of]}
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
          state={error === null ? 'none' : 'error'}
          errorMessage={error === null ? undefined : sentenceOf(error)}
        />
      </div>
      <MayButton
        operation={operation}
        type="submit"
        isLoading={change.isPending}
        blocked={wanted === name ? 'The name is the same.' : undefined}
      >
        Save Name
      </MayButton>
    </form>
  )
}
