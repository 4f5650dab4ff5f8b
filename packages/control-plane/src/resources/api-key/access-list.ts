// From where an organization's API key may be used. Authentication enforces it (identity/caller-access.ts).

import { AtlasError } from '@postern/contract/errors'
import { atlasTimestamp } from '@postern/contract/timestamp'
import { serverBehaviour } from '../../fidelity/fidelity-of.ts'
import type { Call, Handlers } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import { parseRange } from '../../identity/address-range.ts'
import type { Machine } from '../../identity/machine.ts'
import type { Parts } from '../../parts.ts'
import { addEntries, type CallerAccessRow, findEntry, listEntries, removeEntry } from '../caller-access/entries.ts'
import { type NewEvent, recordEvent } from '../event/record.ts'
import { orgApiKey } from './org-handlers.ts'
import type { ApiKeyRow } from './view.ts'

type Operation =
  | 'listOrgApiKeyAccessListEntries'
  | 'createOrgApiKeyAccessListEntry'
  | 'getOrgApiKeyAccessListEntry'
  | 'deleteOrgApiKeyAccessListEntry'

export const apiKeyAccessListHandlers = (parts: Parts): Handlers<Operation> => {
  const page = async (
    call: Call<'listOrgApiKeyAccessListEntries' | 'createOrgApiKeyAccessListEntry'>,
    key: ApiKeyRow,
  ) => {
    const { rows, total } = await listEntries(parts.store.read, machineOf(key), rowsOf(call))
    return pageOf(call, { results: rows.map((row) => entryView(call, key, row)), total })
  }

  return {
    listOrgApiKeyAccessListEntries: async (call) => ({
      body: await page(call, await orgApiKey(parts.store.read, call)),
    }),

    createOrgApiKeyAccessListEntry: async (call) => {
      const key = await parts.store.transact(async (tx) => {
        const found = await orgApiKey(tx, call)
        const added = await addEntries(tx, parts, {
          machine: machineOf(found),
          wanted: call.body,
          behaviour: serverBehaviour(parts.settings),
        })
        for (const cidr of added) await recordEvent(tx, parts, eventOf(call, found, { added: true, cidr }))
        return found
      })
      return { body: await page(call, key) }
    },

    getOrgApiKeyAccessListEntry: async (call) => {
      const key = await orgApiKey(parts.store.read, call)
      const row = await findEntry(parts.store.read, machineOf(key), call.params.ipAddress ?? '')
      if (!row) throw entryNotFound(call)
      return { body: entryView(call, key, row) }
    },

    deleteOrgApiKeyAccessListEntry: async (call) => {
      const cidr = call.params.ipAddress ?? ''
      await parts.store.transact(async (tx) => {
        const key = await orgApiKey(tx, call)
        if (!(await removeEntry(tx, machineOf(key), cidr))) throw entryNotFound(call)
        await recordEvent(tx, parts, eventOf(call, key, { added: false, cidr }))
      })
      return {}
    },
  }
}

const machineOf = ({ id }: ApiKeyRow): Machine => ({ kind: 'API_KEY', id })

const entryNotFound = ({ params: { ipAddress = '', apiUserId = '' } }: Pick<Call<Operation>, 'params'>): AtlasError =>
  new AtlasError('API_KEY_ACCESS_LIST_NOT_FOUND', { ipAddress, apiUserId })

const entryView = ({ link }: Pick<Call<Operation>, 'link'>, key: ApiKeyRow, row: CallerAccessRow) => {
  const single = parseRange(row.cidr)?.single ?? null
  const self = `/api/atlas/v2/orgs/${key.org_id}/apiKeys/${key.id}/accessList/${encodeURIComponent(single ?? row.cidr)}`
  return {
    cidrBlock: row.cidr,
    count: row.request_count,
    created: atlasTimestamp(row.created),
    ...(single !== null && { ipAddress: single }),
    ...(row.last_used !== null && { lastUsed: atlasTimestamp(row.last_used) }),
    ...(row.last_used_address !== null && { lastUsedAddress: row.last_used_address }),
    links: [{ href: link(self), rel: 'self' }],
  }
}

const eventOf = (
  call: Pick<Call<Operation>, 'actor' | 'sourceAddress'>,
  key: ApiKeyRow,
  { added, cidr }: { readonly added: boolean; readonly cidr: string },
): NewEvent => ({
  type: added ? 'API_KEY_ACCESS_LIST_ENTRY_ADDED' : 'API_KEY_ACCESS_LIST_ENTRY_DELETED',
  orgId: key.org_id,
  groupId: null,
  actor: call.actor,
  sourceAddress: call.sourceAddress,
  target: { targetPublicKey: key.public_key, whitelistEntry: cidr },
})
