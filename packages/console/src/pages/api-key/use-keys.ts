// The API keys of the place, and what can be done to them, by the operations of a project or of an organization.

import type { GroupRole, OrgRole } from '@postern/contract/roles'
import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/operation.ts'
import { type AccessPlace, paramsOf } from '../access-manager/access-place.ts'
import type { ApiKey } from './key.ts'

const query = { itemsPerPage: 500 } as const

export const useKeys = (place: AccessPlace) => {
  const { kind, id } = place
  return useQuery({
    queryKey: ['api-keys', { params: paramsOf(place) }],
    enabled: id !== '',
    queryFn: async (): Promise<readonly ApiKey[]> =>
      (kind === 'group'
        ? await call('listGroupApiKeys', { params: { groupId: id }, query })
        : await call('listOrgApiKeys', { params: { orgId: id }, query })
      ).results,
  })
}

export const keyOperations = {
  group: { create: 'createGroupApiKey', change: 'updateGroupApiKeyRoles', remove: 'removeGroupApiKey' },
  org: { create: 'createOrgApiKey', change: 'updateOrgApiKey', remove: 'deleteOrgApiKey' },
} as const

export interface KeyWish {
  readonly desc: string
  readonly roles: readonly string[]
}

export const createKey = ({ kind, id }: AccessPlace, { desc, roles }: KeyWish): Promise<ApiKey> =>
  kind === 'group'
    ? call('createGroupApiKey', { params: { groupId: id }, body: { desc, roles: roles as GroupRole[] } })
    : call('createOrgApiKey', { params: { orgId: id }, body: { desc, roles: roles as OrgRole[] } })

export const changeKey = ({ kind, id }: AccessPlace, apiUserId: string, { desc, roles }: KeyWish): Promise<ApiKey> =>
  kind === 'group'
    ? call('updateGroupApiKeyRoles', {
        params: { groupId: id, apiUserId },
        body: { desc, roles: roles as GroupRole[] },
      })
    : call('updateOrgApiKey', { params: { orgId: id, apiUserId }, body: { desc, roles: roles as OrgRole[] } })

export const removeKey = ({ kind, id }: AccessPlace, apiUserId: string): Promise<unknown> =>
  kind === 'group'
    ? call('removeGroupApiKey', { params: { groupId: id, apiUserId } })
    : call('deleteOrgApiKey', { params: { orgId: id, apiUserId } })

/** An access list is the key's, wherever it is used: the organization's operations are the only ones. */
export const useKeyAccess = ({ orgId }: AccessPlace, apiUserId: string) =>
  useQuery({
    queryKey: ['api-key-access', { params: { orgId, apiUserId } }],
    queryFn: async (): Promise<readonly string[]> =>
      (await call('listOrgApiKeyAccessListEntries', { params: { orgId, apiUserId }, query })).results.map(
        ({ cidrBlock }) => cidrBlock,
      ),
  })

export const addKeyAccess = ({ orgId }: AccessPlace, apiUserId: string, cidrBlock: string): Promise<unknown> =>
  call('createOrgApiKeyAccessListEntry', { params: { orgId, apiUserId }, body: [{ cidrBlock }] })

export const removeKeyAccess = ({ orgId }: AccessPlace, apiUserId: string, cidrBlock: string): Promise<unknown> =>
  call('deleteOrgApiKeyAccessListEntry', { params: { orgId, apiUserId, ipAddress: cidrBlock } })
