// Groups: made by whoever may in their organization, seen by whoever holds a role, deleted when nothing is left in them.

import { AtlasError } from '@postern/contract/errors'
import { actorOf } from '../../http/actor-of.ts'
import type { Actor, Call, Handlers } from '../../http/handler.ts'
import { holdsOrgRole, orgRolesOf } from '../../http/may.ts'
import type { Parts } from '../../parts.ts'
import { brokenUniqueRule } from '../../store/store-error.ts'
import { createGroup } from './create.ts'
import { deleteGroup } from './delete.ts'
import { groupRows, listGroupsWhere } from './list.ts'
import { sightOf } from './sight.ts'
import { readGroupSettings, updateGroup, updateGroupSettings } from './update.ts'
import { groupView } from './view.ts'

type Operation =
  | 'listGroups'
  | 'createGroup'
  | 'getGroup'
  | 'getGroupByName'
  | 'updateGroup'
  | 'getGroupSettings'
  | 'updateGroupSettings'
  | 'deleteGroup'

export const groupHandlers = (parts: Parts): Handlers<Operation> => ({
  listGroups: async (call) => ({ body: await listGroupsWhere(parts, call, sightOf(actorOf(call))) }),

  createGroup: async (call) => {
    const { body } = call
    const actor = actorOf(call)
    checkMayCreate(actor, body.orgId)
    const owners = [actor, ...(await namedOwner(parts, call))]
    const id = await parts.store
      .transact((tx) =>
        createGroup(tx, parts, { ...body, tags: body.tags ?? [], owners, actor, sourceAddress: call.sourceAddress }),
      )
      .catch((error: unknown) => {
        throw brokenUniqueRule(error) === 'group_name_once'
          ? new AtlasError('GROUP_ALREADY_EXISTS', { name: body.name })
          : error
      })
    const row = await groupRows(parts.store.read).where('id', '=', id).executeTakeFirstOrThrow()
    return { body: groupView(row, { link: call.link, withLinks: true, withTags: false }) }
  },

  getGroup: async (call) => {
    const groupId = call.params.groupId ?? ''
    const row = await groupRows(parts.store.read).where('id', '=', groupId).executeTakeFirst()
    if (!row) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
    return { body: groupView(row, { link: call.link, withLinks: true, withTags: true }) }
  },

  getGroupByName: async (call) => {
    const name = call.params.groupName ?? ''
    const { orgIds, groupIds } = sightOf(actorOf(call))
    const rows = await groupRows(parts.store.read).where('name', '=', name).orderBy('created').execute()
    const row = rows.find((each) => orgIds.includes(each.org_id) || groupIds.includes(each.id))
    if (!row) throw new AtlasError('NOT_IN_GROUP', {})
    return { body: groupView(row, { link: call.link, withLinks: true, withTags: true }) }
  },

  updateGroup: async (call) => {
    const groupId = call.params.groupId ?? ''
    await updateGroup(parts, call).catch((error: unknown) => {
      throw brokenUniqueRule(error) === 'group_name_once'
        ? new AtlasError('GROUP_ALREADY_EXISTS', { name: call.body.name ?? '' })
        : error
    })
    const row = await groupRows(parts.store.read).where('id', '=', groupId).executeTakeFirst()
    if (!row) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
    return { body: groupView(row, { link: call.link, withLinks: true, withTags: true }) }
  },

  getGroupSettings: async (call) => ({ body: await readGroupSettings(parts, call.params.groupId ?? '') }),

  updateGroupSettings: async (call) => ({ body: await updateGroupSettings(parts, call) }),

  deleteGroup: async (call) => {
    await deleteGroup(parts, {
      groupId: call.params.groupId ?? '',
      actor: actorOf(call),
      sourceAddress: call.sourceAddress,
    })
    return { body: {} }
  },
})

const checkMayCreate = (actor: Actor, orgId: string): void => {
  if (holdsOrgRole(actor, orgId, ['ORG_GROUP_CREATOR'])) return
  if (orgRolesOf(actor, orgId).size === 0) throw new AtlasError('ORG_NOT_FOUND', { orgId })
  throw new AtlasError('NOT_ORG_GROUP_CREATOR', { orgId })
}

/** The user whom `projectOwnerId` names, who must belong to the organization. */
const namedOwner = async (
  parts: Parts,
  { query, body }: Pick<Call<'createGroup'>, 'query' | 'body'>,
): Promise<readonly Pick<Actor, 'kind' | 'id'>[]> => {
  const id = query.projectOwnerId
  if (!id) return []
  const member = await parts.store.read
    .selectFrom('role_assignment')
    .select('holder_id')
    .where('holder_kind', '=', 'USER')
    .where('holder_id', '=', id)
    .where('org_id', '=', body.orgId)
    .executeTakeFirst()
  if (!member) throw new AtlasError('QUERY_PARAM_PARSE_ERROR', { parameter: 'projectOwnerId', value: id })
  return [{ kind: 'USER', id }]
}
