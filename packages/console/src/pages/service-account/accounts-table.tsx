// The service accounts, each with when its secrets end.

import { Cell, HeaderCell, HeaderRow, Row, TableBody, TableHead } from '@leafygreen-ui/table'
import type { OperationId } from '@postern/contract/routes'
import { MayButton } from '../../frame/may.tsx'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import styles from '../access-manager/access-manager.module.css'
import { type AccessPlace, rolesTold } from '../access-manager/access-place.ts'
import { type Account, accountOperations } from './use-accounts.ts'

type Dialog = 'edit' | 'secrets' | 'access-list' | 'remove'

interface Shown {
  readonly accounts: readonly Account[]
  readonly place: AccessPlace
  readonly open: (dialog: Dialog, clientId: string) => void
}

export const AccountsTable = ({ accounts, place, open }: Shown) => (
  <WideTable label="Service accounts">
    <TableHead>
      <HeaderRow>
        {['Name', 'Client ID', 'Description', 'Roles', 'Secrets Expire', 'Actions'].map((name) => (
          <HeaderCell key={name}>{name}</HeaderCell>
        ))}
      </HeaderRow>
    </TableHead>
    <TableBody>
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
            <span className={styles.actions}>
              {actionsAt(place).map(({ dialog, word, operation }) => (
                <MayButton
                  key={dialog}
                  size="xsmall"
                  operation={operation}
                  aria-label={`${word} of ${name}`}
                  onClick={() => open(dialog, clientId)}
                >
                  {word}
                </MayButton>
              ))}
            </span>
          </Cell>
        </Row>
      ))}
    </TableBody>
  </WideTable>
)

const actionsAt = ({
  kind,
}: AccessPlace): readonly { readonly dialog: Dialog; readonly word: string; readonly operation: OperationId }[] => [
  { dialog: 'edit', word: 'Edit', operation: accountOperations[kind].change },
  { dialog: 'secrets', word: 'Secrets', operation: accountOperations[kind].addSecret },
  { dialog: 'access-list', word: 'Access List', operation: accountOperations[kind].addAccess },
  { dialog: 'remove', word: 'Delete', operation: accountOperations[kind].remove },
]
