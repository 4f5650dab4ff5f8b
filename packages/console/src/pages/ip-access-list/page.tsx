// Network Access → IP Access List: who may reach the project's clusters by their standard connection strings.

import { type ReactElement, useState } from 'react'
import { useOperation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { MayButton } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import { NetworkAccess } from '../network-access/network-access.tsx'
import { AddEntry } from './add.tsx'
import { DeleteEntry } from './delete.tsx'
import { EditEntry } from './edit.tsx'
import { Entries } from './entries.tsx'
import { type Entry, entryValue } from './entry.ts'

export function Page() {
  const groupId = useGroupId()
  const entries = useOperation('listGroupAccessListEntries', { params: { groupId }, query: { itemsPerPage: 500 } })
  const { search, go, replace } = useUrlState()
  const add = (
    <MayButton operation="createGroupAccessListEntry" variant="primary" onClick={() => go({ dialog: 'add' })}>
      Add IP Address
    </MayButton>
  )
  const close = (): void => replace({ dialog: undefined, entry: undefined })
  return (
    <NetworkAccess tab="ip-access-list" actions={add}>
      <Answered query={entries}>
        {({ results }) => (results.length === 0 ? <NoEntries add={add} /> : <Entries entries={results} />)}
      </Answered>
      {search.dialog === 'add' && <AddEntry onClose={close} />}
      {search.dialog === 'edit' && entries.data !== undefined && (
        <Edited key={search.entry} value={search.entry} entries={entries.data.results} onClose={close} />
      )}
      {search.dialog === 'delete' && search.entry !== undefined && <DeleteEntry entry={search.entry} onClose={close} />}
    </NetworkAccess>
  )
}

const NoEntries = ({ add }: { readonly add: ReactElement }) => (
  <Nothing
    title="No address is allowed yet"
    description="An empty list lets nobody through a standard connection of the gateways. Private endpoints do not need an entry, and members’ own ports do not ask this list."
  >
    {add}
  </Nothing>
)

interface EditedProps {
  readonly value: string | undefined
  readonly entries: readonly Entry[]
  readonly onClose: () => void
}

function Edited({ value, entries, onClose }: EditedProps) {
  // As it was when the dialog opened: it may be gone for a moment while it is changed.
  const [entry] = useState(() => entries.find((one) => entryValue(one) === value))
  return entry === undefined ? null : <EditEntry entry={entry} onClose={onClose} />
}
