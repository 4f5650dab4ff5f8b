// Access Manager → API Keys: programs that speak to the API by HTTP digest.

import { Answered } from '../../frame/answered.tsx'
import { MayButton } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { AccessList } from '../access-manager/access-list.tsx'
import { AccessManager } from '../access-manager/access-manager.tsx'
import { type AccessPlace, useAccessPlace } from '../access-manager/access-place.ts'
import type { ApiKey } from './key.ts'
import { KeyDialog } from './key-dialog.tsx'
import { KeysTable } from './keys-table.tsx'
import { RemoveKey } from './remove-key.tsx'
import { addKeyAccess, keyOperations, removeKeyAccess, useKeyAccess, useKeys } from './use-keys.ts'

export function Page() {
  const place = useAccessPlace()
  const keys = useKeys(place)
  const { search, go, replace } = useUrlState()
  const named = keys.data?.find(({ id }) => id === search.key)
  const close = (): void => replace({ dialog: undefined, key: undefined })
  const create = (
    <MayButton operation={keyOperations[place.kind].create} variant="primary" onClick={() => go({ dialog: 'create' })}>
      Create API Key
    </MayButton>
  )
  return (
    <AccessManager tab="api-keys" actions={create}>
      <Answered query={keys}>
        {(all) =>
          all.length === 0 ? (
            <Nothing
              title="No API key yet"
              description="A key lets a program call the API: the CLI, Terraform, an operator."
            >
              {create}
            </Nothing>
          ) : (
            <KeysTable keys={all} place={place} open={(dialog, key) => go({ dialog, key })} />
          )
        }
      </Answered>
      {search.dialog === 'create' && <KeyDialog place={place} onClose={close} />}
      {search.dialog === 'edit' && named && <KeyDialog place={place} apiKey={named} onClose={close} />}
      {search.dialog === 'remove' && named && <RemoveKey place={place} apiKey={named} onClose={close} />}
      {search.dialog === 'access-list' && named && <KeyAccess place={place} apiKey={named} onClose={close} />}
    </AccessManager>
  )
}

interface OfKey {
  readonly place: AccessPlace
  readonly apiKey: ApiKey
  readonly onClose: () => void
}

function KeyAccess({ place, apiKey: { id, publicKey }, onClose }: OfKey) {
  return (
    <AccessList
      name={publicKey}
      entries={useKeyAccess(place, id)}
      operations={{ add: 'createOrgApiKeyAccessListEntry', remove: 'deleteOrgApiKeyAccessListEntry' }}
      add={(cidrBlock) => addKeyAccess(place, id, cidrBlock)}
      remove={(cidrBlock) => removeKeyAccess(place, id, cidrBlock)}
      onClose={onClose}
    />
  )
}
