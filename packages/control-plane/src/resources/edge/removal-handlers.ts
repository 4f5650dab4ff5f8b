// What would be served by nobody without an edge: asked before it is revoked, or stopped for good.

import { AtlasError } from '@postern/contract/errors'
import type { Feed } from '@postern/contract/snapshot'
import type { Kysely } from 'kysely'
import { actorOf } from '../../http/actor-of.ts'
import type { Handlers } from '../../http/handler.ts'
import { everything, loadEdgeIdentities, servesGroup } from '../../identity/edge-identity.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { parseProvider } from '../endpoint-service/row.ts'
import { seenGroups, sightOf } from '../group/sight.ts'
import { isSilent } from '../private-endpoint/acknowledged.ts'
import { parseEdge } from './edge-name.ts'
import { loadReports } from './reports.ts'

const mostNamed = 100

/** Those that an endpoint needs one of each. */
const needed: readonly Feed[] = ['gateway', 'forwarder']

const mayEnrol = async (db: Kysely<Tables>, edge: string): Promise<boolean> =>
  (await db.selectFrom('edge_enrolment').select('edge').where('edge', '=', edge).executeTakeFirst()) !== undefined

export const edgeRemovalHandlers = ({
  store: { read },
  clock,
}: Pick<Parts, 'store' | 'clock'>): Handlers<'previewEdgeRemoval'> => ({
  previewEdgeRemoval: async (call) => {
    const edge = parseEdge(call.params)
    const reports = await loadReports(read, needed)
    const identities = await loadEdgeIdentities(read)
    const isKnown =
      identities.has(edge) || reports.some((report) => report.edge === edge) || (await mayEnrol(read, edge))
    if (!isKnown) throw new AtlasError('POSTERN_EDGE_NOT_FOUND', { edge })
    const live = reports.filter((report) => report.revoked === undefined && !isSilent(report, clock.now()))
    const programs = live.filter((report) => report.edge === edge).map(({ feed }) => feed)
    const servesOf = (name: string) => identities.get(name)?.serves ?? everything
    const available = await read
      .selectFrom('private_endpoint')
      .innerJoin('group', 'group.id', 'private_endpoint.group_id')
      .select(['group.id as groupId', 'group.name as groupName', 'group.org_id as orgId'])
      .select(['private_endpoint.provider', 'private_endpoint.service_id', 'private_endpoint.cloud_id'])
      .where('private_endpoint.phase', '=', 'AVAILABLE')
      .where(seenGroups(sightOf(actorOf(call))))
      .orderBy('group.name')
      .orderBy('private_endpoint.cloud_id')
      .execute()
    const unserved = available.filter(({ groupId: id, orgId }) => {
      const serves = (name: string): boolean => servesGroup(servesOf(name), { id, orgId })
      const others = live.filter((report) => report.edge !== edge && serves(report.edge))
      return serves(edge) && programs.some((program) => !others.some(({ feed }) => feed === program))
    })
    return {
      body: {
        edge,
        unserved: unserved.slice(0, mostNamed).map(({ groupId, groupName, provider, service_id, cloud_id }) => ({
          groupId,
          groupName,
          cloudProvider: parseProvider(provider),
          endpointServiceId: service_id,
          endpointId: cloud_id,
        })),
        totalCount: unserved.length,
      },
    }
  },
})
