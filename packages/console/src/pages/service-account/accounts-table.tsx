// The service accounts, each with when its secrets end.

import { Cell, Row } from '@leafygreen-ui/table'
import { type RowAction, RowActions } from '../../frame/row-actions.tsx'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { type AccessPlace, rolesTold } from '../access-manager/access-place.ts'
import { type Account, accountOperations } from './use-accounts.ts'

type Dialog = 'edit' | 'secrets' | 'access-list' | 'remove'

interface Shown {
  readonly accounts: readonly Account[]
  readonly place: AccessPlace
  readonly open: (dialog: Dialog, clientId: string) => void
}

export const AccountsTable = ({ accounts, place, open }: Shown) => (
  <WideTable
    label="Service accounts"
    columns={['Name', 'Client ID', 'Description', 'Roles', 'Secrets Expire', 'Actions']}
  >
    {accounts.map(({ clientId, name, description, roles, secrets }) => (
      <Row key={clientId}>
        <Cell>
          <strong>{name}</strong>
        </Cell>
        <Cell>
          <code>{clientId}</code>
        </Cell>
        <Cell>{description}</Cell>
        <Cell>{rolesTold(roles)}</Cell>
        <Cell>
          {secrets.length === 0
            ? 'No secret'
            : secrets.map(({ id, expiresAt }) => (
                <div key={id}>
                  <When at={expiresAt} />
                </div>
              ))}
        </Cell>
        <Cell>
          <RowActions actions={actionsOf({ clientId, name }, place, open)} />
        </Cell>
      </Row>
    ))}
  </WideTable>
)

const actionsOf = (
  { clientId, name }: Pick<Account, 'clientId' | 'name'>,
  { kind }: AccessPlace,
  open: Shown['open'],
): readonly RowAction[] => {
  const { change, addSecret, addAccess, remove } = accountOperations[kind]
  const ways = [
    { dialog: 'edit', word: 'Edit', operation: change },
    { dialog: 'secrets', word: 'Secrets', operation: addSecret },
    { dialog: 'access-list', word: 'Access List', operation: addAccess },
    { dialog: 'remove', word: 'Delete', operation: remove },
  ] as const
  return ways.map(({ dialog, word, operation }) => ({
    word,
    label: `${word} of ${name}`,
    operation,
    onClick: () => open(dialog, clientId),
  }))
}
