// The API keys. Of a private key no more than its tail is ever shown again.

import { Cell, Row } from '@leafygreen-ui/table'
import { type RowAction, RowActions } from '../../frame/row-actions.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { type AccessPlace, rolesTold } from '../access-manager/access-place.ts'
import { type ApiKey, rolesHere } from './key.ts'
import { keyOperations } from './use-keys.ts'

interface Shown {
  readonly keys: readonly ApiKey[]
  readonly place: AccessPlace
  readonly open: (dialog: 'edit' | 'remove' | 'access-list', keyId: string) => void
}

export const KeysTable = ({ keys, place, open }: Shown) => (
  <WideTable label="API keys" columns={['Public Key', 'Description', 'Private Key', 'Roles', 'Actions']}>
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
          <RowActions actions={actionsOf(key, place, open)} />
        </Cell>
      </Row>
    ))}
  </WideTable>
)

const actionsOf = ({ id, publicKey }: ApiKey, { kind }: AccessPlace, open: Shown['open']): readonly RowAction[] => {
  const remove = kind === 'group' ? 'Remove' : 'Delete'
  return [
    {
      word: 'Edit',
      label: `Edit ${publicKey}`,
      operation: keyOperations[kind].change,
      onClick: () => open('edit', id),
    },
    {
      word: 'Access List',
      label: `Access list of ${publicKey}`,
      operation: 'listOrgApiKeyAccessListEntries',
      onClick: () => open('access-list', id),
    },
    {
      word: remove,
      label: `${remove} ${publicKey}`,
      operation: keyOperations[kind].remove,
      onClick: () => open('remove', id),
    },
  ]
}
