// What a service account proves itself with and from where: secrets, two of which may be valid while they are rotated,
// and its access list (enforced by identity/caller-access.ts).

import { AtlasError } from '@postern/contract/errors'
import type { OperationId } from '@postern/contract/routes'
import { atlasTimestamp } from '@postern/contract/timestamp'
import { behaviourOf } from '../../fidelity/fidelity-of.ts'
import type { Call, Handlers } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import { parseRange } from '../../identity/address-range.ts'
import type { Machine } from '../../identity/machine.ts'
import type { Parts } from '../../parts.ts'
import {
  addEntries,
  type CallerAccessRow,
  listEntries,
  removeEntry,
  type WantedEntry,
} from '../caller-access/entries.ts'
import { type AccountRow, deleteSecret, makeSecret, secretView } from './account.ts'
import { accountOf, tell } from './scope.ts'

type Operation =
  | 'createOrgServiceAccountSecret'
  | 'deleteOrgServiceAccountSecret'
  | 'listOrgServiceAccountAccessList'
  | 'createOrgServiceAccountAccessList'
  | 'deleteOrgServiceAccountAccessListEntry'
  | 'createGroupServiceAccountSecret'
  | 'deleteGroupServiceAccountSecret'
  | 'listGroupServiceAccountAccessList'
  | 'createGroupServiceAccountAccessList'
  | 'deleteGroupServiceAccountAccessListEntry'

type Told = Pick<Call<OperationId>, 'actor' | 'sourceAddress' | 'params'>
type Paged = Pick<Call<OperationId>, 'paging' | 'self' | 'link'>

export const serviceAccountCredentialHandlers = (parts: Parts): Handlers<Operation> => {
  const { store } = parts

  const createSecret = (call: Told, hours: number) =>
    store.transact(async (tx) => {
      const { account, scope } = await accountOf(tx, call)
      const clientId = account.client_id
      const behaviour = await behaviourOf(tx, parts, scope.groupId)
      const { row, secret } = await makeSecret(tx, parts, { clientId, hours, behaviour })
      await tell(tx, parts, { call, scope, type: 'SERVICE_ACCOUNT_SECRET_ADDED', clientId, more: { secretId: row.id } })
      return secretView(row, secret)
    })

  const removeSecret = (call: Told) =>
    store.transact(async (tx) => {
      const { account, scope } = await accountOf(tx, call)
      const clientId = account.client_id
      const secretId = call.params.secretId ?? ''
      if (!(await deleteSecret(tx, { clientId, secretId })))
        throw new AtlasError('SERVICE_ACCOUNT_SECRET_NOT_FOUND', { secretId, clientId })
      await tell(tx, parts, { call, scope, type: 'SERVICE_ACCOUNT_SECRET_DELETED', clientId, more: { secretId } })
    })

  const page = async (call: Paged, account: AccountRow) => {
    const { rows, total } = await listEntries(store.read, machineOf(account), rowsOf(call))
    return pageOf(call, { results: rows.map(entryView), total })
  }

  const list = async (call: Paged & Told) => page(call, (await accountOf(store.read, call)).account)

  const add = async (call: Paged & Told, wanted: readonly WantedEntry[]) => {
    const account = await store.transact(async (tx) => {
      const found = await accountOf(tx, call)
      const clientId = found.account.client_id
      const behaviour = await behaviourOf(tx, parts, found.scope.groupId)
      const added = await addEntries(tx, parts, { machine: machineOf(found.account), wanted, behaviour })
      for (const cidr of added)
        await tell(tx, parts, {
          call,
          scope: found.scope,
          type: 'SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_ADDED',
          clientId,
          more: { whitelistEntry: cidr },
        })
      return found.account
    })
    return page(call, account)
  }

  const remove = (call: Told) =>
    store.transact(async (tx) => {
      const { account, scope } = await accountOf(tx, call)
      const clientId = account.client_id
      const ipAddress = call.params.ipAddress ?? ''
      if (!(await removeEntry(tx, machineOf(account), ipAddress)))
        throw new AtlasError('SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_NOT_FOUND', { ipAddress, clientId })
      const more = { whitelistEntry: ipAddress }
      await tell(tx, parts, { call, scope, type: 'SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_DELETED', clientId, more })
    })

  return {
    createOrgServiceAccountSecret: async (call) => ({
      body: await createSecret(call, call.body.secretExpiresAfterHours),
    }),
    createGroupServiceAccountSecret: async (call) => ({
      body: await createSecret(call, call.body.secretExpiresAfterHours),
    }),
    deleteOrgServiceAccountSecret: async (call) => done(removeSecret(call)),
    deleteGroupServiceAccountSecret: async (call) => done(removeSecret(call)),
    listOrgServiceAccountAccessList: async (call) => ({ body: await list(call) }),
    listGroupServiceAccountAccessList: async (call) => ({ body: await list(call) }),
    createOrgServiceAccountAccessList: async (call) => ({ body: await add(call, call.body) }),
    createGroupServiceAccountAccessList: async (call) => ({ body: await add(call, call.body) }),
    deleteOrgServiceAccountAccessListEntry: async (call) => done(remove(call)),
    deleteGroupServiceAccountAccessListEntry: async (call) => done(remove(call)),
  }
}

const done = async (work: Promise<void>): Promise<Record<string, never>> => {
  await work
  return {}
}

const machineOf = ({ client_id }: AccountRow): Machine => ({ kind: 'SERVICE_ACCOUNT', id: client_id })

const entryView = (row: CallerAccessRow) => {
  const single = parseRange(row.cidr)?.single ?? null
  return {
    cidrBlock: row.cidr,
    createdAt: atlasTimestamp(row.created),
    ...(single !== null && { ipAddress: single }),
    ...(row.last_used_address !== null && { lastUsedAddress: row.last_used_address }),
    ...(row.last_used !== null && { lastUsedAt: atlasTimestamp(row.last_used) }),
    requestCount: row.request_count,
  }
}
