// The end of an organization: refused while it has groups, which are named. Its keys, service accounts, teams, invitations
// and roles go with it; its people keep their accounts.

import { AtlasError } from '@postern/contract/errors'
import { actorOf } from '../../http/actor-of.ts'
import type { Call } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { recordEvent } from '../event/record.ts'

/** Throws ORG_NOT_FOUND or CANNOT_DELETE_ORG_ACTIVE_GROUPS. */
export const deleteOrganization = (parts: Parts, call: Call<'deleteOrg'>): Promise<void> =>
  parts.store.transact(async (tx) => {
    const orgId = call.params.orgId ?? ''
    // The lock makes whoever adds something to this organization at the same moment wait, and then fail on its key.
    const row = await tx.selectFrom('organization').selectAll().where('id', '=', orgId).forUpdate().executeTakeFirst()
    if (!row) throw new AtlasError('ORG_NOT_FOUND', { orgId })
    const groups = await tx.selectFrom('group').select('name').where('org_id', '=', orgId).orderBy('name').execute()
    if (groups.length > 0)
      throw new AtlasError('CANNOT_DELETE_ORG_ACTIVE_GROUPS', {
        orgId,
        names: groups.map(({ name }) => name).join(', '),
      })
    const keys = await tx.deleteFrom('api_key').where('org_id', '=', orgId).returning('id').execute()
    const accounts = await tx.deleteFrom('service_account').where('org_id', '=', orgId).returning('client_id').execute()
    const machines = [...keys.map(({ id }) => id), ...accounts.map(({ client_id }) => client_id)]
    if (machines.length > 0) await tx.deleteFrom('caller_access_entry').where('holder_id', 'in', machines).execute()
    await tx.deleteFrom('organization').where('id', '=', orgId).execute()
    await recordEvent(tx, parts, {
      type: 'ORG_DELETED',
      orgId,
      groupId: null,
      actor: actorOf(call),
      sourceAddress: call.sourceAddress,
      target: { orgName: row.name },
    })
  })
