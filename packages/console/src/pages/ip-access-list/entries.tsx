// The list: who, what for, and for how long.

import Badge, { Variant } from '@leafygreen-ui/badge'
import { Cell, Row } from '@leafygreen-ui/table'
import { RowActions } from '../../frame/row-actions.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { type Entry, entryValue, type Standing, standingOf } from './entry.ts'

const variants: Readonly<Record<Standing, Variant>> = {
  Active: Variant.Green,
  Temporary: Variant.Blue,
  Expiring: Variant.Yellow,
}

export const Entries = ({ entries }: { readonly entries: readonly Entry[] }) => (
  <WideTable label="IP access list" columns={['IP Address', 'Comment', 'Status', 'Expires', 'Actions']}>
    {entries.map((entry) => (
      <EntryRow key={entryValue(entry)} entry={entry} />
    ))}
  </WideTable>
)

function EntryRow({ entry }: { readonly entry: Entry }) {
  const { go } = useUrlState()
  const value = entryValue(entry)
  const standing = standingOf(entry, new Date())
  return (
    <Row>
      <Cell>{value}</Cell>
      <Cell>{entry.comment}</Cell>
      <Cell>
        <Badge variant={variants[standing]}>{standing}</Badge>
      </Cell>
      <Cell>{entry.deleteAfterDate === undefined ? 'Never' : <When at={entry.deleteAfterDate} />}</Cell>
      <Cell>
        <RowActions
          actions={[
            {
              word: 'Edit',
              label: `Edit ${value}`,
              operation: 'createGroupAccessListEntry',
              onClick: () => go({ dialog: 'edit', entry: value }),
            },
            {
              word: 'Delete',
              label: `Delete ${value}`,
              operation: 'deleteGroupAccessListEntry',
              onClick: () => go({ dialog: 'delete', entry: value }),
            },
          ]}
        />
      </Cell>
    </Row>
  )
}
