// The members, each with their roles and whether they have come yet.

import Badge, { Variant } from '@leafygreen-ui/badge'
import { Cell, HeaderCell, HeaderRow, Row, TableBody, TableHead } from '@leafygreen-ui/table'
import { MayButton } from '../../frame/may.tsx'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import styles from '../access-manager/access-manager.module.css'
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
  <WideTable label="Users">
    <TableHead>
      <HeaderRow>
        {['User', 'Name', 'Status', 'Roles', 'Last Login', 'Actions'].map((name) => (
          <HeaderCell key={name}>{name}</HeaderCell>
        ))}
      </HeaderRow>
    </TableHead>
    <TableBody>
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
            <Actions member={member} place={place} open={open} />
          </Cell>
        </Row>
      ))}
    </TableBody>
  </WideTable>
)

const Actions = ({ member: { id, username, status }, place, open }: Omit<Shown, 'members'> & { member: Member }) => (
  <span className={styles.actions}>
    <MayButton
      size="xsmall"
      operation={memberOperations[place.kind].change}
      aria-label={`Edit roles of ${username}`}
      onClick={() => open('edit', id)}
    >
      Edit Roles
    </MayButton>
    {status === 'ACTIVE' ? null : (
      <MayButton
        size="xsmall"
        operation="createInvitationToken"
        aria-label={`Invitation of ${username}`}
        onClick={() => open('invitation', id)}
      >
        Invitation
      </MayButton>
    )}
    <MayButton
      size="xsmall"
      operation={memberOperations[place.kind].remove}
      aria-label={`Remove ${username}`}
      onClick={() => open('remove', id)}
    >
      Remove
    </MayButton>
  </span>
)
