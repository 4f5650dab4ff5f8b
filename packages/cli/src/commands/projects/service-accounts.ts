// `projects serviceAccounts …`.

import type { Command, Leaf } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { output, projectId } from '../../core/global-flags.ts'
import { textAt } from '../../print/json.ts'
import { sentence } from '../../print/template.ts'
import { groupRole, groupRolesOf } from '../roles.ts'
import { type ServiceAccounts, serviceAccountCommands } from '../service-accounts.ts'

const where = async (context: Context) => ({ groupId: await context.groupId() })
const at = async (context: Context, clientId: string) => ({ ...(await where(context)), clientId })

const accounts: ServiceAccounts = {
  commandLine: 'projects serviceAccounts',
  whose: 'your project',
  reader: 'Project Read Only',
  owner: 'Project Owner',
  accessManager: 'Project Access Manager',
  place: projectId,
  role: groupRole,
  exampleRole: 'GROUP_READ_ONLY',
  list: async (context, query) =>
    (await (await context.client()).call('listGroupServiceAccounts', { params: await where(context), query })).body,
  get: async (context, clientId) =>
    (await (await context.client()).call('getGroupServiceAccount', { params: await at(context, clientId) })).body,
  create: async (context, body) =>
    (
      await (
        await context.client()
      ).call('createGroupServiceAccount', {
        params: await where(context),
        body: { ...body, roles: groupRolesOf(context) },
      })
    ).body,
  update: async (context, clientId, body) =>
    (
      await (
        await context.client()
      ).call('updateGroupServiceAccount', {
        params: await at(context, clientId),
        body: { ...body, ...(context.isSet('role') ? { roles: groupRolesOf(context) } : {}) },
      })
    ).body,
  delete: async (context, clientId) =>
    (await context.client()).call('deleteGroupServiceAccount', { params: await at(context, clientId) }),
  createSecret: async (context, clientId, secretExpiresAfterHours) =>
    (
      await (
        await context.client()
      ).call('createGroupServiceAccountSecret', {
        params: await at(context, clientId),
        body: { secretExpiresAfterHours },
      })
    ).body,
  deleteSecret: async (context, clientId, secretId) =>
    (await context.client()).call('deleteGroupServiceAccountSecret', {
      params: { ...(await at(context, clientId)), secretId },
    }),
  listEntries: async (context, clientId, query) =>
    (
      await (
        await context.client()
      ).call('listGroupServiceAccountAccessList', {
        params: await at(context, clientId),
        query,
      })
    ).body,
  createEntries: async (context, clientId, body) =>
    (
      await (
        await context.client()
      ).call('createGroupServiceAccountAccessList', {
        params: await at(context, clientId),
        body,
      })
    ).body,
  deleteEntry: async (context, clientId, ipAddress) =>
    (await context.client()).call('deleteGroupServiceAccountAccessListEntry', {
      params: { ...(await at(context, clientId)), ipAddress },
    }),
}

/** A service account of the organization is let into the project. */
const assign: Leaf = {
  word: 'assign',
  short: 'Assign one service account of the organization to your project, with these roles.',
  role: 'Organization Owner',
  args: [{ name: 'clientId', usage: 'Client id of the service account, mdb_sa_id_….' }],
  flags: [groupRole, projectId, output],
  examples: [
    ['Let one read:', 'projects serviceAccounts assign mdb_sa_id_5f4fe14da2b47835a58c63a2 --role GROUP_READ_ONLY'],
  ],
  async run(context) {
    const { body } = await (await context.client()).call('inviteGroupServiceAccount', {
      params: await at(context, context.arg('clientId')),
      body: { roles: groupRolesOf(context) },
    })
    await context.print(
      body,
      sentence((account) => `Service account '${textAt(account, 'clientId')}' assigned.`),
    )
  },
}

export const projectServiceAccountCommands: readonly Command[] = [...serviceAccountCommands(accounts), assign]
