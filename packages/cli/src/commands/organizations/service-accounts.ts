// `organizations serviceAccounts …`.

import type { Command } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { orgId } from '../../core/global-flags.ts'

import { orgRole, orgRolesOf } from '../roles.ts'
import { type ServiceAccounts, serviceAccountCommands } from '../service-accounts.ts'

const where = async (context: Context) => ({ orgId: await context.orgId() })
const at = async (context: Context, clientId: string) => ({ ...(await where(context)), clientId })

const accounts: ServiceAccounts = {
  commandLine: 'organizations serviceAccounts',
  whose: 'your organization',
  reader: 'Organization Read Only',
  owner: 'Organization Owner',
  accessManager: 'Organization Owner',
  place: orgId,
  role: orgRole,
  exampleRole: 'ORG_MEMBER',
  list: async (context, query) =>
    (await (await context.client()).call('listOrgServiceAccounts', { params: await where(context), query })).body,
  get: async (context, clientId) =>
    (await (await context.client()).call('getOrgServiceAccount', { params: await at(context, clientId) })).body,
  create: async (context, body) =>
    (
      await (
        await context.client()
      ).call('createOrgServiceAccount', {
        params: await where(context),
        body: { ...body, roles: orgRolesOf(context) },
      })
    ).body,
  update: async (context, clientId, body) =>
    (
      await (
        await context.client()
      ).call('updateOrgServiceAccount', {
        params: await at(context, clientId),
        body: { ...body, ...(context.isSet('role') ? { roles: orgRolesOf(context) } : {}) },
      })
    ).body,
  delete: async (context, clientId) =>
    (await context.client()).call('deleteOrgServiceAccount', { params: await at(context, clientId) }),
  createSecret: async (context, clientId, secretExpiresAfterHours) =>
    (
      await (
        await context.client()
      ).call('createOrgServiceAccountSecret', {
        params: await at(context, clientId),
        body: { secretExpiresAfterHours },
      })
    ).body,
  deleteSecret: async (context, clientId, secretId) =>
    (await context.client()).call('deleteOrgServiceAccountSecret', {
      params: { ...(await at(context, clientId)), secretId },
    }),
  listEntries: async (context, clientId, query) =>
    (
      await (
        await context.client()
      ).call('listOrgServiceAccountAccessList', {
        params: await at(context, clientId),
        query,
      })
    ).body,
  createEntries: async (context, clientId, body) =>
    (
      await (
        await context.client()
      ).call('createOrgServiceAccountAccessList', {
        params: await at(context, clientId),
        body,
      })
    ).body,
  deleteEntry: async (context, clientId, ipAddress) =>
    (await context.client()).call('deleteOrgServiceAccountAccessListEntry', {
      params: { ...(await at(context, clientId)), ipAddress },
    }),
}

export const organizationServiceAccountCommands: readonly Command[] = serviceAccountCommands(accounts)
