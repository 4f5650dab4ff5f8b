// What is to be forbidden at an endpoint. Each field says what it does; before it is saved, the dialog says what that ends.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { Checkbox } from '@leafygreen-ui/checkbox'
import { TextArea } from '@leafygreen-ui/text-area'
import { TextInput } from '@leafygreen-ui/text-input'
import { useToast } from '@leafygreen-ui/toast'
import type { FormEvent } from 'react'
import { useChange, useOperation } from '../../api/operation.ts'
import { fieldProblem, listProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useMayNot } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import { SelectField } from '../../frame/select-field.tsx'
import { useKept } from '../../frame/use-kept.ts'
import type { Endpoint } from '../private-endpoint/filters.ts'
import { AllowedUsers } from './allowed-users.tsx'
import { limitOf } from './limit.ts'
import { fieldsOf, type PolicyFields, policyOf, tlsWords, whatEnds } from './policy.ts'
import styles from './private-endpoint-detail.module.css'
import { SomeOf } from './some-of.tsx'

const tlsChoices = [
  { value: 'none', word: 'None is asked for' },
  ...Object.entries(tlsWords).map(([value, word]) => ({ value, word })),
]

const told = (problem: string | undefined) =>
  ({ state: problem === undefined ? 'none' : 'error', errorMessage: problem ?? '' }) as const

interface EditPolicyProps {
  readonly endpoint: Endpoint
  readonly onClose: () => void
}

export function EditPolicy({ endpoint, onClose }: EditPolicyProps) {
  const groupId = useGroupId()
  const { pushToast } = useToast()
  const { cloudProvider, endpointServiceId, endpointId } = endpoint
  const listed = useOperation('listGroupClusters', { params: { groupId }, query: { itemsPerPage: 500 } }).data
  const [fields, set] = useKept<PolicyFields>({
    form: 'policy',
    first: fieldsOf(endpoint.policy),
    // By mistake a key is pasted with them.
    secrets: ['clientCa'],
  })
  // A policy may name a cluster that is gone.
  const clusters = [
    ...new Set([...(listed?.results ?? []).map(({ name }) => name), ...(endpoint.policy.clusters ?? [])]),
  ]
  const save = useChange('updateGroupPrivateEndpoint')
  const mayNot = useMayNot()('updateGroupPrivateEndpoint')
  const policy = policyOf(fields)
  const error = useTold(save, { policy })
  const ends = policy === undefined ? [] : whatEnds(endpoint.policy, policy, clusters)
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (policy === undefined) return
    await save.mutateAsync({ params: { groupId, cloudProvider, endpointServiceId, endpointId }, body: { policy } })
    pushToast({ title: 'The policy is changed', description: 'Gateways take it over at once.', variant: 'success' })
    onClose()
  }
  const seconds = (name: 'idleSeconds' | 'maxSnapshotAgeSeconds') => {
    const problem =
      limitOf(fields[name]) === undefined ? 'A whole number, or nothing.' : fieldProblem(error, `policy.${name}`)
    return {
      id: `policy-${name}`,
      inputMode: 'numeric',
      optional: true,
      value: fields[name],
      onChange: ({ target }: { readonly target: { readonly value: string } }) => set({ [name]: target.value }),
      ...told(problem),
    } as const
  }
  return (
    <FormDialog
      title="Edit Policy"
      says="What is forbidden at this endpoint alone, by whichever gateway it is reached. A guard rail, no substitute for the roles of database users."
      submit="Save"
      size="large"
      busy={save.isPending}
      error={error}
      blocked={mayNot ?? (policy === undefined ? 'A time is a whole number of seconds.' : undefined)}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      <SomeOf
        name="clusters"
        legend="Clusters that it opens"
        says="To others it has no connection string, and no connection is let through."
        all="Every cluster of the project"
        some="Only these clusters"
        options={clusters}
        isSome={fields.someClusters}
        chosen={fields.clusters}
        problem={listProblem(error, 'policy.clusters')}
        onSome={(someClusters) => set({ someClusters })}
        onChosen={(chosen) => set({ clusters: chosen })}
      />
      <SelectField
        label="Lowest TLS version"
        description="Clients that speak an older one, or none, are refused."
        value={fields.minimumTls === '' ? 'none' : fields.minimumTls}
        options={tlsChoices}
        onChange={(version) => set({ minimumTls: version === 'none' ? '' : version })}
      />
      <AllowedUsers
        isSome={fields.someUsers}
        users={fields.users}
        problem={listProblem(error, 'policy.databaseUsers')}
        onSome={(someUsers) => set({ someUsers })}
        onUsers={(users) => set({ users })}
      />
      <TextArea
        id="policy-client-ca"
        label="Authorities of client certificates"
        description="CA certificates in PEM: a client must show a certificate that one of them signed, as it does with tlsCertificateKeyFile. It takes TLS. Empty: no certificate is asked for."
        value={fields.clientCa}
        onChange={({ target }) => set({ clientCa: target.value })}
        {...told(fieldProblem(error, 'policy.clientCa'))}
      />
      <TextArea
        id="policy-client-names"
        label="Names of client certificates"
        description="One a line: a subject, such as CN=app,O=Shop, or a DNS name of the certificate. Empty: whatever they are called."
        value={fields.clientNames}
        onChange={({ target }) => set({ clientNames: target.value })}
        {...told(listProblem(error, 'policy.clientNames'))}
      />
      <Checkbox
        id="policy-read-only"
        label="Read-only"
        description="Only commands and aggregation stages that are known to read go through; whatever else is asked is answered with an error."
        checked={fields.readOnly}
        onChange={({ target }) => set({ readOnly: target.checked })}
      />
      <TextInput
        label="Idle time-out, in seconds"
        description="A connection without a byte for as long is ended; whoever waits for an answer is not idle. From 30 to 86400; empty: as each gateway is set."
        {...seconds('idleSeconds')}
      />
      <TextInput
        label="Oldest snapshot, in seconds"
        description="A gateway that has heard nothing of the control plane for as long lets nobody in and ends who is there. From 60 to 604800; empty: it serves on."
        {...seconds('maxSnapshotAgeSeconds')}
      />
      {ends.length > 0 && (
        <Banner variant={Variant.Warning}>
          <strong>This ends:</strong>
          <ul className={styles.ends}>
            {ends.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </Banner>
      )}
    </FormDialog>
  )
}
