// What the caller may do on a project: by the same decision that each request goes through, asked of every operation once.

import { AtlasError } from '@postern/contract/errors'
import { type OperationId, type Route, routes } from '@postern/contract/routes'
import { actorOf } from '../../http/actor-of.ts'
import type { Handlers } from '../../http/handler.ts'
import { groupRolesOf, may, mayAddThemselves, orgRolesOf } from '../../http/may.ts'
import type { Parts } from '../../parts.ts'

const within: ReadonlySet<Route['access']['kind']> = new Set(['group', 'groupOrSelf', 'groupOfOrg', 'org'])

export const callerRoleHandlers = ({ store }: Pick<Parts, 'store'>): Handlers<'getGroupCallerRoles'> => ({
  getGroupCallerRoles: async (call) => {
    const { groupId = '' } = call.params
    const actor = actorOf(call)
    const row = await store.read.selectFrom('group').select('org_id').where('id', '=', groupId).executeTakeFirst()
    if (row === undefined) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
    const group = { id: groupId, orgId: row.org_id }
    const operations = (Object.keys(routes) as OperationId[]).filter((operation) => {
      const { access }: Route = routes[operation]
      return within.has(access.kind) && may(access, actor, { group, orgId: group.orgId }) === 'yes'
    })
    return {
      body: {
        groupId,
        orgId: group.orgId,
        roles: [...groupRolesOf(actor, group)].sort(),
        orgRoles: [...orgRolesOf(actor, group.orgId)].sort(),
        mayAddThemselves: mayAddThemselves(actor, group),
        operations,
      },
    }
  },
})
