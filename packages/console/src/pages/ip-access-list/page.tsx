// Network Access → IP Access List: who may reach the project's clusters by their standard connection strings.

import { Cell, Row } from '@leafygreen-ui/table'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import type { ReactElement } from 'react'
import { call, useOperation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { ConfirmDialog } from '../../frame/confirm-dialog.tsx'
import { MayButton } from '../../frame/may.tsx'
import { moment } from '../../frame/moment.ts'
import { Nothing } from '../../frame/nothing.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import { WideTable } from '../../frame/wide-table.tsx'
import { NetworkAccess } from '../network-access/network-access.tsx'
import { AddEntry } from './add.tsx'
import { entryValue } from './entry.ts'

type Entry = ReplyOf<'listGroupAccessListEntries'>['results'][number]

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
        {({ results }) =>
          results.length === 0 ? (
            <NoEntries add={add} />
          ) : (
            <Entries entries={results} onDelete={(entry) => go({ dialog: 'delete', entry })} />
          )
        }
      </Answered>
      {search.dialog === 'add' && <AddEntry onClose={close} />}
      {search.dialog === 'delete' && search.entry !== undefined && <DeleteEntry entry={search.entry} onClose={close} />}
    </NetworkAccess>
  )
}

const NoEntries = ({ add }: { readonly add: ReactElement }) => (
  <Nothing
    title="No address is allowed yet"
    description="An empty list lets nobody use the standard connection strings. Private endpoints do not need an entry."
  >
    {add}
  </Nothing>
)

const Entries = ({
  entries,
  onDelete,
}: {
  readonly entries: readonly Entry[]
  readonly onDelete: (value: string) => void
}) => (
  <WideTable label="IP access list" columns={['IP Address', 'Comment', 'Expires', 'Actions']}>
    {entries.map((entry) => {
      const value = entryValue(entry)
      return (
        <Row key={value}>
          <Cell>{value}</Cell>
          <Cell>{entry.comment}</Cell>
          <Cell>{entry.deleteAfterDate === undefined ? 'Never' : moment(entry.deleteAfterDate)}</Cell>
          <Cell>
            <MayButton
              operation="deleteGroupAccessListEntry"
              size="xsmall"
              aria-label={`Delete ${value}`}
              onClick={() => onDelete(value)}
            >
              Delete
            </MayButton>
          </Cell>
        </Row>
      )
    })}
  </WideTable>
)

function DeleteEntry({ entry, onClose }: { readonly entry: string; readonly onClose: () => void }) {
  const groupId = useGroupId()
  return (
    <ConfirmDialog
      title="Delete IP Access List Entry"
      says={`${entry} may no longer use this project's standard connection strings.`}
      work={() => call('deleteGroupAccessListEntry', { params: { groupId, entryValue: entry } })}
      onClose={onClose}
    />
  )
}
