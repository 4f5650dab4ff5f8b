// The service accounts of the place, and what can be done to them, by the operations of a project or of an organization.

import type { GroupRole, OrgRole } from '@postern/contract/roles'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/operation.ts'
import { type AccessPlace, paramsOf } from '../access-manager/access-place.ts'

export type Account = ReplyOf<'listOrgServiceAccounts'>['results'][number]
export type Secret = Account['secrets'][number]

const query = { itemsPerPage: 500 } as const

export const useAccounts = (place: AccessPlace) => {
  const { kind, id } = place
  return useQuery({
    queryKey: ['service-accounts', { params: paramsOf(place) }],
    enabled: id !== '',
    queryFn: async (): Promise<readonly Account[]> =>
      (kind === 'group'
        ? await call('listGroupServiceAccounts', { params: { groupId: id }, query })
        : await call('listOrgServiceAccounts', { params: { orgId: id }, query })
      ).results,
  })
}

export const accountOperations = {
  group: {
    create: 'createGroupServiceAccount',
    change: 'updateGroupServiceAccount',
    remove: 'deleteGroupServiceAccount',
    addSecret: 'createGroupServiceAccountSecret',
    removeSecret: 'deleteGroupServiceAccountSecret',
    addAccess: 'createGroupServiceAccountAccessList',
    removeAccess: 'deleteGroupServiceAccountAccessListEntry',
  },
  org: {
    create: 'createOrgServiceAccount',
    change: 'updateOrgServiceAccount',
    remove: 'deleteOrgServiceAccount',
    addSecret: 'createOrgServiceAccountSecret',
    removeSecret: 'deleteOrgServiceAccountSecret',
    addAccess: 'createOrgServiceAccountAccessList',
    removeAccess: 'deleteOrgServiceAccountAccessListEntry',
  },
} as const

export interface AccountWish {
  readonly name: string
  readonly description: string
  readonly roles: readonly string[]
  readonly secretExpiresAfterHours: number
}

export const createAccount = ({ kind, id }: AccessPlace, { roles, ...wish }: AccountWish): Promise<Account> =>
  kind === 'group'
    ? call('createGroupServiceAccount', { params: { groupId: id }, body: { ...wish, roles: roles as GroupRole[] } })
    : call('createOrgServiceAccount', { params: { orgId: id }, body: { ...wish, roles: roles as OrgRole[] } })

export const changeAccount = (
  { kind, id }: AccessPlace,
  clientId: string,
  { roles, name, description }: AccountWish,
): Promise<Account> =>
  kind === 'group'
    ? call('updateGroupServiceAccount', {
        params: { groupId: id, clientId },
        body: { name, description, roles: roles as GroupRole[] },
      })
    : call('updateOrgServiceAccount', {
        params: { orgId: id, clientId },
        body: { name, description, roles: roles as OrgRole[] },
      })

export const removeAccount = ({ kind, id }: AccessPlace, clientId: string): Promise<unknown> =>
  kind === 'group'
    ? call('deleteGroupServiceAccount', { params: { groupId: id, clientId } })
    : call('deleteOrgServiceAccount', { params: { orgId: id, clientId } })

export const addSecret = (
  { kind, id }: AccessPlace,
  clientId: string,
  secretExpiresAfterHours: number,
): Promise<Secret> =>
  kind === 'group'
    ? call('createGroupServiceAccountSecret', { params: { groupId: id, clientId }, body: { secretExpiresAfterHours } })
    : call('createOrgServiceAccountSecret', { params: { orgId: id, clientId }, body: { secretExpiresAfterHours } })

export const removeSecret = ({ kind, id }: AccessPlace, clientId: string, secretId: string): Promise<unknown> =>
  kind === 'group'
    ? call('deleteGroupServiceAccountSecret', { params: { groupId: id, clientId, secretId } })
    : call('deleteOrgServiceAccountSecret', { params: { orgId: id, clientId, secretId } })

export const useAccountAccess = (place: AccessPlace, clientId: string) => {
  const { kind, id } = place
  return useQuery({
    queryKey: ['service-account-access', { params: { ...paramsOf(place), clientId } }],
    queryFn: async (): Promise<readonly string[]> =>
      (kind === 'group'
        ? await call('listGroupServiceAccountAccessList', { params: { groupId: id, clientId }, query })
        : await call('listOrgServiceAccountAccessList', { params: { orgId: id, clientId }, query })
      ).results.map(({ cidrBlock }) => cidrBlock),
  })
}

export const addAccountAccess = ({ kind, id }: AccessPlace, clientId: string, cidrBlock: string): Promise<unknown> =>
  kind === 'group'
    ? call('createGroupServiceAccountAccessList', { params: { groupId: id, clientId }, body: [{ cidrBlock }] })
    : call('createOrgServiceAccountAccessList', { params: { orgId: id, clientId }, body: [{ cidrBlock }] })

export const removeAccountAccess = (
  { kind, id }: AccessPlace,
  clientId: string,
  ipAddress: string,
): Promise<unknown> =>
  kind === 'group'
    ? call('deleteGroupServiceAccountAccessListEntry', { params: { groupId: id, clientId, ipAddress } })
    : call('deleteOrgServiceAccountAccessListEntry', { params: { orgId: id, clientId, ipAddress } })
