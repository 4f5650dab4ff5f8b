// Organization Settings: its name, and its id.

import { TextInput } from '@leafygreen-ui/text-input'
import { useToast } from '@leafygreen-ui/toast'
import { type FormEvent, useState } from 'react'
import { useChange, useOperation } from '../../api/operation.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { Answered } from '../../frame/answered.tsx'
import { Copied } from '../../frame/copied.tsx'
import { MayButton } from '../../frame/may.tsx'
import { PageHead } from '../../frame/page-head.tsx'
import { useOrgId } from '../../frame/place.ts'
import styles from './organization-settings.module.css'

export function Page() {
  const orgId = useOrgId()
  const org = useOperation('getOrg', { params: { orgId } })
  return (
    <>
      <PageHead title="Organization Settings" />
      <Answered query={org}>{({ name }) => <NameForm key={orgId} name={name} />}</Answered>
      <div className={styles.id}>
        <span>Organization ID</span>
        <Copied text={orgId} what="Organization ID" />
      </div>
    </>
  )
}

function NameForm({ name }: { readonly name: string }) {
  const orgId = useOrgId()
  const { pushToast } = useToast()
  const change = useChange('updateOrg')
  const [wanted, setWanted] = useState(name)
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await change.mutateAsync({ params: { orgId }, body: { name: wanted } })
    pushToast({ title: `The organization is called ${wanted}`, variant: 'success' })
  }
  return (
    <form className={styles.form} onSubmit={(event) => void send(event).catch(() => {})}>
      <div className={styles.grow}>
        <TextInput
          id="organization-name"
          label="Organization Name"
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
          state={change.error === null ? 'none' : 'error'}
          errorMessage={change.error === null ? undefined : sentenceOf(change.error)}
        />
      </div>
      <MayButton
        operation="updateOrg"
        type="submit"
        isLoading={change.isPending}
        blocked={wanted === name ? 'The name is the same.' : undefined}
      >
        Save Name
      </MayButton>
    </form>
  )
}
