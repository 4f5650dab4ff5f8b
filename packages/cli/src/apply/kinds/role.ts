// Custom database roles.

import type { CustomDbRoleReply } from '@postern/contract/schemas/custom-db-role'
import { readInheritedRole, readPrivileges } from '../../commands/custom-db-roles/privileges.ts'
import type { RoleWish } from '../form.ts'
import { compare, type Kind } from '../kind.ts'

type Found = CustomDbRoleReply

const bodyOf = ({ privileges = [], inherits = [] }: RoleWish) => ({
  actions: readPrivileges(privileges),
  inheritedRoles: inherits.map(readInheritedRole),
})

export const roleKind: Kind<RoleWish, Found> = {
  noun: 'role',
  wishes: ({ roles }) => roles,
  keyOf: ({ name }) => name,
  keyOfFound: ({ roleName }) => roleName,
  look: async (client, { groupId }) => (await client.call('listGroupCustomDbRoleRoles', { params: { groupId } })).body,
  changes: (wish, found) => {
    const wanted = bodyOf(wish)
    return compare([
      ['privileges', wish.privileges && privilegesOf(wanted.actions), privilegesOf(found.actions)],
      ['inherits', wish.inherits && wanted.inheritedRoles.map(inherited), found.inheritedRoles.map(inherited)],
    ])
  },
  async make({ client }, { groupId }, wish) {
    await client.call('createGroupCustomDbRoleRole', {
      params: { groupId },
      body: { roleName: wish.name, ...bodyOf(wish) },
    })
  },
  async change({ client }, { groupId }, { wish }) {
    const { actions, inheritedRoles } = bodyOf(wish)
    await client.call('updateGroupCustomDbRoleRole', {
      params: { groupId, roleName: wish.name },
      body: { ...(wish.privileges && { actions }), ...(wish.inherits && { inheritedRoles }) },
    })
  },
  isPruned: (_, { wish }) => wish.roles !== undefined,
  async remove({ client }, { groupId }, { roleName }) {
    await client.call('deleteGroupCustomDbRoleRole', { params: { groupId, roleName } })
  },
}

interface Action {
  readonly action: string
  readonly resources: readonly {
    readonly cluster?: boolean | null | undefined
    readonly db?: string | null | undefined
    readonly collection?: string | null | undefined
  }[]
}

const privilegesOf = (actions: readonly Action[]): readonly string[] =>
  actions.flatMap(({ action, resources }) =>
    resources.map(({ cluster, db, collection }) => {
      if (cluster === true) return action
      return `${action}@${db ?? ''}${collection ? `.${collection}` : ''}`
    }),
  )

const inherited = ({ role, db }: { readonly role: string; readonly db: string }): string => `${role}@${db}`
