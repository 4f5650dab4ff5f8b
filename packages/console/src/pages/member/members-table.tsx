// The members, each with their roles and whether they have come yet.

import Badge, { Variant } from '@leafygreen-ui/badge'
import { Cell, Row } from '@leafygreen-ui/table'
import { type RowAction, RowActions } from '../../frame/row-actions.tsx'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { type AccessPlace, rolesTold } from '../access-manager/access-place.ts'
import { type Member, statusWords } from './member.ts'
import { memberOperations } from './use-members.ts'

interface Shown {
  readonly members: readonly Member[]
  readonly place: AccessPlace
  readonly open: (dialog: 'edit' | 'remove' | 'invitation', userId: string) => void
}

const variants = { ACTIVE: Variant.Green, PENDING: Variant.Yellow, INVITATION_EXPIRED: Variant.LightGray } as const

export const MembersTable = ({ members, place, open }: Shown) => (
  <WideTable label="Users" columns={['User', 'Name', 'Status', 'Roles', 'Last Login', 'Actions']}>
    {members.map((member) => (
      <Row key={member.id}>
        <Cell>
          <strong>{member.username}</strong>
        </Cell>
        <Cell>{member.name}</Cell>
        <Cell>
          <Badge variant={variants[member.status]}>{statusWords[member.status]}</Badge>
        </Cell>
        <Cell>{rolesTold(member.roles)}</Cell>
        <Cell>{member.lastAuth === undefined ? 'Never' : <When at={member.lastAuth} />}</Cell>
        <Cell>
          <RowActions actions={actionsOf(member, place, open)} />
        </Cell>
      </Row>
    ))}
  </WideTable>
)

const actionsOf = (
  { id, username, status }: Member,
  { kind }: AccessPlace,
  open: Shown['open'],
): readonly RowAction[] => [
  {
    word: 'Edit Roles',
    label: `Edit roles of ${username}`,
    operation: memberOperations[kind].change,
    onClick: () => open('edit', id),
  },
  ...(status === 'ACTIVE'
    ? []
    : [
        {
          word: 'Invitation',
          label: `Invitation of ${username}`,
          operation: 'createInvitationToken',
          onClick: () => open('invitation', id),
        } as const,
      ]),
  {
    word: 'Remove',
    label: `Remove ${username}`,
    operation: memberOperations[kind].remove,
    onClick: () => open('remove', id),
  },
]
