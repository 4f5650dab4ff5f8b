// The deployments of a group that were registered: clusters whose members, tier and life belong to somebody else.

import type { ReplyOf } from '@postern/contract/schemas/operations'
import { parseReach } from '../../engines/engine.ts'
import type { Call } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { hiddenReason } from './hidden-reason.ts'

export const registeredPage = async (
  { store: { read }, seal }: Pick<Parts, 'store' | 'seal'>,
  call: Pick<Call<'listGroupDeployments'>, 'params' | 'paging' | 'self' | 'link'>,
): Promise<ReplyOf<'listGroupDeployments'>> => {
  const { groupId = '' } = call.params
  const { limit, offset } = rowsOf(call)
  const registered = read.selectFrom('cluster').where('group_id', '=', groupId).where('engine', '=', 'registered')
  const rows = await registered.selectAll().orderBy('created').orderBy('id').limit(limit).offset(offset).execute()
  const { total } = await registered.select(({ fn }) => fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
  const results = rows.map((row) => {
    const reach = row.access === null ? { admin: null, monitor: null } : parseReach(seal.open(row.id, row.access))
    return {
      id: row.id,
      groupId,
      name: row.name,
      type: row.cluster_type === 'SHARDED' ? ('MONGOS' as const) : ('MONGOD' as const),
      setName: row.set_name,
      mongoDBVersion: row.mongodb_version,
      hiddenMembersUnknownReason: hiddenReason(row.hidden_unknown, reach),
      usersManaged: reach.admin !== null,
      stateName: row.delete_requested ? 'DELETING' : row.state,
      links: [{ href: call.link(`/api/atlas/v2/groups/${groupId}/clusters/${row.name}`), rel: 'self' }],
    }
  })
  return pageOf(call, { results, total: Number(total) })
}
