// The API keys. Of a private key no more than its tail is ever shown again.

import { Cell, HeaderCell, HeaderRow, Row, TableBody, TableHead } from '@leafygreen-ui/table'
import { MayButton } from '../../frame/may.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import styles from '../access-manager/access-manager.module.css'
import { type AccessPlace, rolesTold } from '../access-manager/access-place.ts'
import { type ApiKey, rolesHere } from './key.ts'
import { keyOperations } from './use-keys.ts'

interface Shown {
  readonly keys: readonly ApiKey[]
  readonly place: AccessPlace
  readonly open: (dialog: 'edit' | 'remove' | 'access-list', keyId: string) => void
}

export const KeysTable = ({ keys, place, open }: Shown) => (
  <WideTable label="API keys">
    <TableHead>
      <HeaderRow>
        {['Public Key', 'Description', 'Private Key', 'Roles', 'Actions'].map((name) => (
          <HeaderCell key={name}>{name}</HeaderCell>
        ))}
      </HeaderRow>
    </TableHead>
    <TableBody>
      {keys.map((key) => (
        <Row key={key.id}>
          <Cell>
            <strong>{key.publicKey}</strong>
          </Cell>
          <Cell>{key.desc}</Cell>
          <Cell>
            <code>{key.privateKey}</code>
          </Cell>
          <Cell>{rolesTold(rolesHere(key, place))}</Cell>
          <Cell>
            <span className={styles.actions}>
              <MayButton
                size="xsmall"
                operation={keyOperations[place.kind].change}
                aria-label={`Edit ${key.publicKey}`}
                onClick={() => open('edit', key.id)}
              >
                Edit
              </MayButton>
              <MayButton
                size="xsmall"
                operation="listOrgApiKeyAccessListEntries"
                aria-label={`Access list of ${key.publicKey}`}
                onClick={() => open('access-list', key.id)}
              >
                Access List
              </MayButton>
              <MayButton
                size="xsmall"
                operation={keyOperations[place.kind].remove}
                aria-label={`${place.kind === 'group' ? 'Remove' : 'Delete'} ${key.publicKey}`}
                onClick={() => open('remove', key.id)}
              >
                {place.kind === 'group' ? 'Remove' : 'Delete'}
              </MayButton>
            </span>
          </Cell>
        </Row>
      ))}
    </TableBody>
  </WideTable>
)
