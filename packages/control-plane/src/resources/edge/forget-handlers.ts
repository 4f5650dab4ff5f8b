// An edge that is gone for good is forgotten: nothing waits for it any more, and its name may be enrolled anew.

import { AtlasError } from '@postern/contract/errors'
import { actorOf } from '../../http/actor-of.ts'
import type { Handlers } from '../../http/handler.ts'
import { endProof, loadEdgeIdentity } from '../../identity/edge-identity.ts'
import type { Parts } from '../../parts.ts'
import { parseEdge } from './edge-name.ts'
import { checkMayForget, claimsTo, ownedOrgs, tellOwners } from './owner.ts'
import { wakeWaiting } from './wake.ts'

export const edgeForgetHandlers = (parts: Parts): Handlers<'deleteEdge'> => ({
  deleteEdge: async (call) => {
    const edge = parseEdge(call.params)
    const { sourceAddress } = call
    const actor = actorOf(call)
    await parts.store.transact(async (tx) => {
      const owned = ownedOrgs(actor)
      await checkMayForget(tx, { edge, owned, now: parts.clock.now() })
      const claims = await claimsTo(tx, edge)
      const identity = await loadEdgeIdentity(tx, edge)
      const gone = [
        await tx.deleteFrom('edge_report').where('edge', '=', edge).executeTakeFirst(),
        await tx.deleteFrom('edge_enrolment').where('edge', '=', edge).executeTakeFirst(),
        // One that stands comes again with its next report.
        await tx
          .deleteFrom('edge_identity')
          .where('edge', '=', edge)
          .where('revoked', 'is not', null)
          .executeTakeFirst(),
      ]
      if (gone.every(({ numDeletedRows }) => numDeletedRows === 0n))
        throw new AtlasError('POSTERN_EDGE_NOT_FOUND', { edge })
      if (identity?.revoked) await endProof(tx, identity, identity.revoked)
      await wakeWaiting(tx, parts)
      const owners = claims.length > 0 ? [...new Set(claims.flat())] : owned
      await tellOwners(tx, parts, { type: 'EDGE_FORGOTTEN', edge, owners, actor, sourceAddress })
    })
    return {}
  },
})
