// API keys of a group. The private key is shown once, in the answer to its creation; the store has only what digest
// needs of it, sealed. Removing a key from a group takes its roles there; the key itself belongs to the organization.

import { AtlasError } from '@postern/contract/errors'
import type { GroupRole } from '@postern/contract/roles'
import { actorOf } from '../../http/actor-of.ts'
import { digestHa1 } from '../../http/digest.ts'
import type { Actor, Call, Handlers } from '../../http/handler.ts'
import { groupRolesOf } from '../../http/may.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import { grantRole } from '../../identity/grant.ts'
import { keyTail, newPrivateKey, newPublicKey } from '../../identity/keys.ts'
import type { Parts } from '../../parts.ts'
import { recordEvent } from '../event/record.ts'

type Operation = 'listGroupApiKeys' | 'createGroupApiKey' | 'removeGroupApiKey'

export const apiKeyHandlers = (parts: Parts): Handlers<Operation> => ({
  createGroupApiKey: async (call) => {
    const { desc } = call.body
    const roles = [...new Set(call.body.roles)]
    const group = await groupOf(parts, call.params.groupId ?? '')
    checkMayGrant(actorOf(call), group, roles)
    const id = parts.ids.objectId()
    const publicKey = newPublicKey(parts.ids)
    const privateKey = newPrivateKey(parts.ids)
    await parts.store.transact(async (tx) => {
      await tx
        .insertInto('api_key')
        .values({
          id,
          org_id: group.orgId,
          public_key: publicKey,
          ha1: parts.seal.close(id, digestHa1(publicKey, privateKey)),
          key_tail: keyTail(privateKey),
          description: desc,
          created: new Date(parts.clock.now()),
        })
        .execute()
      await grantRole(tx, { kind: 'API_KEY', id }, { orgId: group.orgId, role: 'ORG_MEMBER' })
      for (const role of roles) await grantRole(tx, { kind: 'API_KEY', id }, { groupId: group.id, role })
      await recordEvent(tx, parts, eventOf(call, { type: 'API_KEY_CREATED', group, publicKey }))
    })
    const assignments = [
      { orgId: group.orgId, roleName: 'ORG_MEMBER' },
      ...roles.map((roleName) => ({ groupId: group.id, roleName })),
    ]
    return {
      body: viewOf(call, { id, org_id: group.orgId, description: desc, publicKey, privateKey, roles: assignments }),
    }
  },

  listGroupApiKeys: async (call) => {
    const groupId = call.params.groupId ?? ''
    const { limit, offset } = rowsOf(call)
    const inGroup = parts.store.read
      .selectFrom('api_key')
      .where('id', 'in', (of) =>
        of
          .selectFrom('role_assignment')
          .select('holder_id')
          .where('holder_kind', '=', 'API_KEY')
          .where('group_id', '=', groupId),
      )
    const rows = await inGroup.selectAll().orderBy('created').orderBy('id').limit(limit).offset(offset).execute()
    const { total } = await inGroup.select((of) => of.fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
    const roles = await rolesOf(parts, { ids: rows.map(({ id }) => id), groupId })
    const results = rows.map((row) =>
      viewOf(call, {
        ...row,
        publicKey: row.public_key,
        privateKey: `********-****-****-${row.key_tail}`,
        roles: roles.get(row.id) ?? [],
      }),
    )
    return { body: pageOf(call, { results, total: Number(total) }) }
  },

  removeGroupApiKey: async (call) => {
    const group = await groupOf(parts, call.params.groupId ?? '')
    const apiUserId = call.params.apiUserId ?? ''
    await parts.store.transact(async (tx) => {
      const taken = await tx
        .deleteFrom('role_assignment')
        .where('holder_kind', '=', 'API_KEY')
        .where('holder_id', '=', apiUserId)
        .where('group_id', '=', group.id)
        .returning('role')
        .execute()
      const key = await tx.selectFrom('api_key').select('public_key').where('id', '=', apiUserId).executeTakeFirst()
      if (taken.length === 0 || !key) throw new AtlasError('API_KEY_NOT_FOUND', { apiUserId, groupId: group.id })
      await recordEvent(
        tx,
        parts,
        eventOf(call, { type: 'API_KEY_REMOVED_FROM_GROUP', group, publicKey: key.public_key }),
      )
    })
    return {}
  },
})

interface GroupPlace {
  readonly id: string
  readonly orgId: string
}

const groupOf = async (parts: Parts, groupId: string): Promise<GroupPlace> => {
  const row = await parts.store.read.selectFrom('group').select('org_id').where('id', '=', groupId).executeTakeFirst()
  if (!row) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
  return { id: groupId, orgId: row.org_id }
}

/** An access manager gives out every role but the owner's: else they could make themselves one. */
const checkMayGrant = (actor: Actor, group: GroupPlace, roles: readonly GroupRole[]): void => {
  if (roles.includes('GROUP_OWNER') && !groupRolesOf(actor, group).has('GROUP_OWNER'))
    throw new AtlasError('USER_UNAUTHORIZED', {})
}

interface Assignment {
  readonly groupId?: string
  readonly orgId?: string
  readonly roleName: string
}

/** The roles of these keys in this group and in its organization, as Atlas lists them: the group's first. */
const rolesOf = async (
  parts: Parts,
  { ids, groupId }: { readonly ids: readonly string[]; readonly groupId: string },
): Promise<ReadonlyMap<string, Assignment[]>> => {
  const roles = new Map<string, Assignment[]>()
  if (ids.length === 0) return roles
  const rows = await parts.store.read
    .selectFrom('role_assignment')
    .selectAll()
    .where('holder_kind', '=', 'API_KEY')
    .where('holder_id', 'in', [...ids])
    .where((where) => where.or([where('group_id', '=', groupId), where('org_id', 'is not', null)]))
    .orderBy('group_id', (order) => order.nullsLast())
    .orderBy('role')
    .execute()
  for (const { holder_id, group_id, org_id, role } of rows) {
    const assignment =
      group_id !== null ? { groupId: group_id, roleName: role } : { orgId: org_id ?? '', roleName: role }
    roles.set(holder_id, [...(roles.get(holder_id) ?? []), assignment])
  }
  return roles
}

const viewOf = (
  { link }: Pick<Call<'listGroupApiKeys'>, 'link'>,
  key: {
    readonly id: string
    readonly org_id: string
    readonly description: string
    readonly publicKey: string
    readonly privateKey: string
    readonly roles: readonly Assignment[]
  },
) => ({
  desc: key.description,
  id: key.id,
  links: [{ href: link(`/api/atlas/v2/orgs/${key.org_id}/apiKeys/${key.id}`), rel: 'self' }],
  privateKey: key.privateKey,
  publicKey: key.publicKey,
  roles: key.roles.map(({ groupId, orgId, roleName }) =>
    groupId === undefined ? { orgId: orgId ?? '', roleName } : { groupId, roleName },
  ),
})

const eventOf = (
  call: Pick<Call<Operation>, 'actor' | 'sourceAddress'>,
  { type, group, publicKey }: { readonly type: string; readonly group: GroupPlace; readonly publicKey: string },
) => ({
  type,
  orgId: group.orgId,
  groupId: group.id,
  actor: call.actor,
  sourceAddress: call.sourceAddress,
  target: { targetPublicKey: publicKey },
})
