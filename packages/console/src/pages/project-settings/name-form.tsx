// The project's name.

import { TextInput } from '@leafygreen-ui/text-input'
import { useToast } from '@leafygreen-ui/toast'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../api/operation.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { MayButton } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import styles from './project-settings.module.css'

export function NameForm({ name }: { readonly name: string }) {
  const groupId = useGroupId()
  const { pushToast } = useToast()
  const change = useChange('updateGroup')
  const [wanted, setWanted] = useState(name)
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await change.mutateAsync({ params: { groupId }, body: { name: wanted } })
    pushToast({ title: `The project is called ${wanted}`, variant: 'success' })
  }
  return (
    <form className={styles.form} onSubmit={(event) => void send(event).catch(() => {})}>
      <div className={styles.grow}>
        <TextInput
          id="project-name"
          label="Project Name"
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
          state={change.error === null ? 'none' : 'error'}
          errorMessage={change.error === null ? undefined : sentenceOf(change.error)}
        />
      </div>
      <MayButton
        operation="updateGroup"
        type="submit"
        isLoading={change.isPending}
        blocked={wanted === name ? 'The name is the same.' : undefined}
      >
        Save Name
      </MayButton>
    </form>
  )
}
