// Service accounts: made in an organization or in a group of it, listed, changed, invited into a group, deleted. An
// account that a group makes is a member of the organization; leaving the group leaves it there.

import { AtlasError } from '@postern/contract/errors'
import type { GroupRole, OrgRole } from '@postern/contract/roles'
import type { OperationId } from '@postern/contract/routes'
import type { Transaction } from 'kysely'
import { behaviourOf } from '../../fidelity/fidelity-of.ts'
import type { Call, Handlers } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import { grantRole } from '../../identity/grant.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { accountView, accountViews, deleteAccount, makeAccount, makeSecret } from './account.ts'
import { accountOf, accountsIn, type Scope, scopeOf, tell } from './scope.ts'

type Operation =
  | 'listOrgServiceAccounts'
  | 'createOrgServiceAccount'
  | 'getOrgServiceAccount'
  | 'updateOrgServiceAccount'
  | 'deleteOrgServiceAccount'
  | 'getOrgServiceAccountGroups'
  | 'listGroupServiceAccounts'
  | 'createGroupServiceAccount'
  | 'getGroupServiceAccount'
  | 'updateGroupServiceAccount'
  | 'deleteGroupServiceAccount'
  | 'inviteGroupServiceAccount'

type Told = Pick<Call<OperationId>, 'actor' | 'sourceAddress' | 'params'>

interface Change {
  readonly name?: string | null | undefined
  readonly description?: string | null | undefined
  readonly roles?: readonly (OrgRole | GroupRole)[] | null | undefined
}

export const serviceAccountHandlers = (parts: Parts): Handlers<Operation> => {
  const { store } = parts

  const list = async (call: Call<'listOrgServiceAccounts'> | Call<'listGroupServiceAccounts'>) => {
    const scope = await scopeOf(store.read, call)
    const all = accountsIn(store.read, scope)
    const { limit, offset } = rowsOf(call)
    const rows = await all.selectAll().orderBy('created').orderBy('client_id').limit(limit).offset(offset).execute()
    const { total } = await all.select((of) => of.fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
    return pageOf(call, { results: await accountViews(store.read, rows, scope), total: Number(total) })
  }

  const create = (call: Call<'createOrgServiceAccount'> | Call<'createGroupServiceAccount'>) =>
    store.transact(async (tx) => {
      const scope = await scopeOf(tx, call)
      const { name, description, secretExpiresAfterHours: hours, roles } = call.body
      const account = await makeAccount(tx, parts, { orgId: scope.orgId, name, description })
      const clientId = account.client_id
      const behaviour = await behaviourOf(tx, parts, scope.groupId)
      const fresh = await makeSecret(tx, parts, { clientId, hours, behaviour })
      if (scope.groupId !== null) await grantRoles(tx, { clientId, roles: ['ORG_MEMBER'], scope: orgScope(scope) })
      await grantRoles(tx, { clientId, roles, scope })
      await tell(tx, parts, { call, scope, type: 'SERVICE_ACCOUNT_CREATED', clientId })
      return accountView(tx, account, { place: scope.place, fresh })
    })

  const get = async (call: Pick<Call<OperationId>, 'params'>) => {
    const { account, scope } = await accountOf(store.read, call)
    return accountView(store.read, account, scope)
  }

  const update = (call: Told, change: Change) =>
    store.transact(async (tx) => {
      const { account, scope } = await accountOf(tx, call)
      const clientId = account.client_id
      const named = { name: change.name ?? account.name, description: change.description ?? account.description }
      if (named.name !== account.name || named.description !== account.description) {
        await tx.updateTable('service_account').set(named).where('client_id', '=', clientId).execute()
        await tell(tx, parts, { call, scope, type: 'SERVICE_ACCOUNT_DETAILS_CHANGED', clientId })
      }
      if (change.roles) {
        await takeRoles(tx, clientId, scope)
        await grantRoles(tx, { clientId, roles: change.roles, scope })
        await tell(tx, parts, { call, scope, type: 'SERVICE_ACCOUNT_ROLES_CHANGED', clientId })
      }
      return accountView(tx, { ...account, ...named }, scope)
    })

  return {
    listOrgServiceAccounts: async (call) => ({ body: await list(call) }),
    createOrgServiceAccount: async (call) => ({ body: await create(call) }),
    getOrgServiceAccount: async (call) => ({ body: await get(call) }),
    updateOrgServiceAccount: async (call) => ({ body: await update(call, call.body) }),
    listGroupServiceAccounts: async (call) => ({ body: await list(call) }),
    createGroupServiceAccount: async (call) => ({ body: await create(call) }),
    getGroupServiceAccount: async (call) => ({ body: await get(call) }),
    updateGroupServiceAccount: async (call) => ({ body: await update(call, call.body) }),

    deleteOrgServiceAccount: async (call) => {
      await store.transact(async (tx) => {
        const { account, scope } = await accountOf(tx, call)
        await deleteAccount(tx, account.client_id)
        await tell(tx, parts, { call, scope, type: 'SERVICE_ACCOUNT_DELETED', clientId: account.client_id })
      })
      return {}
    },

    deleteGroupServiceAccount: async (call) => {
      await store.transact(async (tx) => {
        const { account, scope } = await accountOf(tx, call)
        await takeRoles(tx, account.client_id, scope)
        await tell(tx, parts, { call, scope, type: 'SERVICE_ACCOUNT_REMOVED_FROM_GROUP', clientId: account.client_id })
      })
      return {}
    },

    inviteGroupServiceAccount: async (call) => ({
      body: await store.transact(async (tx) => {
        const scope = await scopeOf(tx, call)
        const clientId = call.params.clientId ?? ''
        const account = await accountsIn(tx, orgScope(scope))
          .selectAll()
          .where('client_id', '=', clientId)
          .executeTakeFirst()
        if (!account) throw new AtlasError('SERVICE_ACCOUNT_NOT_FOUND', { clientId })
        const known = await accountsIn(tx, scope)
          .select('client_id')
          .where('client_id', '=', clientId)
          .executeTakeFirst()
        if (known) throw new AtlasError('SERVICE_ACCOUNT_ALREADY_IN_GROUP', { clientId, groupId: scope.groupId ?? '' })
        const roles = [call.body].flat().flatMap((assignment) => assignment.roles)
        await grantRoles(tx, { clientId, roles, scope })
        await tell(tx, parts, { call, scope, type: 'SERVICE_ACCOUNT_ADDED_TO_GROUP', clientId })
        return accountView(tx, account, scope)
      }),
    }),

    getOrgServiceAccountGroups: async (call) => {
      const { account } = await accountOf(store.read, call)
      const rows = await store.read
        .selectFrom('role_assignment')
        .select(['group_id', 'role'])
        .where('holder_kind', '=', 'SERVICE_ACCOUNT')
        .where('holder_id', '=', account.client_id)
        .where('group_id', 'is not', null)
        .orderBy('group_id')
        .orderBy('role')
        .execute()
      const groupIds = [...new Set(rows.map(({ group_id }) => group_id ?? ''))]
      const { limit, offset } = rowsOf(call)
      const results = groupIds
        .slice(offset, offset + limit)
        .map((groupId) => ({ groupId, roles: rows.filter((row) => row.group_id === groupId).map(({ role }) => role) }))
      return { body: pageOf(call, { results, total: groupIds.length }) }
    },
  }
}

const orgScope = ({ orgId }: Scope): Scope => ({ place: { orgId }, orgId, groupId: null })

const grantRoles = async (
  tx: Transaction<Tables>,
  {
    clientId,
    roles,
    scope,
  }: { readonly clientId: string; readonly roles: readonly (OrgRole | GroupRole)[]; readonly scope: Scope },
): Promise<void> => {
  const holder = { kind: 'SERVICE_ACCOUNT', id: clientId } as const
  for (const role of new Set(roles))
    await (scope.groupId === null
      ? grantRole(tx, holder, { orgId: scope.orgId, role: role as OrgRole })
      : grantRole(tx, holder, { groupId: scope.groupId, role: role as GroupRole }))
}

/** Takes the account's roles at this one place. */
const takeRoles = async (tx: Transaction<Tables>, clientId: string, { orgId, groupId }: Scope): Promise<void> => {
  await tx
    .deleteFrom('role_assignment')
    .where('holder_kind', '=', 'SERVICE_ACCOUNT')
    .where('holder_id', '=', clientId)
    .where(groupId === null ? 'org_id' : 'group_id', '=', groupId ?? orgId)
    .execute()
}
