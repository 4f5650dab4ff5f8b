// Access Manager → Service Accounts: programs that speak to the API by OAuth.

import { Answered } from '../../frame/answered.tsx'
import { MayButton } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { AccessList } from '../access-manager/access-list.tsx'
import { AccessManager } from '../access-manager/access-manager.tsx'
import { type AccessPlace, useAccessPlace } from '../access-manager/access-place.ts'
import { AccountDialog } from './account-dialog.tsx'
import { AccountsTable } from './accounts-table.tsx'
import { RemoveAccount } from './remove-account.tsx'
import { Secrets } from './secrets.tsx'
import {
  type Account,
  accountOperations,
  addAccountAccess,
  removeAccountAccess,
  useAccountAccess,
  useAccounts,
} from './use-accounts.ts'

export function Page() {
  const place = useAccessPlace()
  const accounts = useAccounts(place)
  const { search, go, replace } = useUrlState()
  const named = accounts.data?.find(({ clientId }) => clientId === search.account)
  const close = (): void => replace({ dialog: undefined, account: undefined })
  const create = (
    <MayButton
      operation={accountOperations[place.kind].create}
      variant="primary"
      onClick={() => go({ dialog: 'create' })}
    >
      Create Service Account
    </MayButton>
  )
  return (
    <AccessManager tab="service-accounts" actions={create}>
      <Answered query={accounts}>
        {(all) =>
          all.length === 0 ? (
            <Nothing
              title="No service account yet"
              description="A service account lets a program call the API with a token of an hour, from a secret that expires."
            >
              {create}
            </Nothing>
          ) : (
            <AccountsTable accounts={all} place={place} open={(dialog, account) => go({ dialog, account })} />
          )
        }
      </Answered>
      {search.dialog === 'create' && <AccountDialog place={place} onClose={close} />}
      {search.dialog === 'edit' && named && <AccountDialog place={place} account={named} onClose={close} />}
      {search.dialog === 'secrets' && named && <Secrets place={place} account={named} onClose={close} />}
      {search.dialog === 'remove' && named && <RemoveAccount place={place} account={named} onClose={close} />}
      {search.dialog === 'access-list' && named && <AccountAccess place={place} account={named} onClose={close} />}
    </AccessManager>
  )
}

interface OfAccount {
  readonly place: AccessPlace
  readonly account: Account
  readonly onClose: () => void
}

function AccountAccess({ place, account: { clientId, name }, onClose }: OfAccount) {
  const { addAccess, removeAccess } = accountOperations[place.kind]
  return (
    <AccessList
      name={name}
      entries={useAccountAccess(place, clientId)}
      operations={{ add: addAccess, remove: removeAccess }}
      add={(cidrBlock) => addAccountAccess(place, clientId, cidrBlock)}
      remove={(cidrBlock) => removeAccountAccess(place, clientId, cidrBlock)}
      onClose={onClose}
    />
  )
}
