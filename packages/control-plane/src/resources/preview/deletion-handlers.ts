// What a deletion would cut: it is made and taken back, and the connection strings before and after are compared; the live
// connections are asked of the edges.

import type { DeletionPreview } from '@postern/contract/schemas/preview'
import type { Kysely } from 'kysely'
import { behaviourOf } from '../../fidelity/fidelity-of.ts'
import type { Call, Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { rehearse } from '../../store/rehearse.ts'
import type { Tables } from '../../store/tables.ts'
import { endpointConnectionStrings } from '../cluster/connection-strings.ts'
import { endpointsFor, groupDoors, loadCluster, pageOfClusters } from '../cluster/rows.ts'
import { connectionViews } from '../connection/view.ts'
import { type AskParts, askEdges, knownGateways } from '../edge/ask.ts'
import { findService } from '../endpoint-service/row.ts'
import { terminateService } from '../endpoint-service/terminate.ts'
import { serviceFollows } from '../private-endpoint/change.ts'
import { findEndpoint } from '../private-endpoint/row.ts'
import { terminateEndpoint } from '../private-endpoint/terminate.ts'
import { asCheck, blockerOf } from './blockers.ts'

type Own = 'previewGroupEndpointServiceDeletion' | 'previewGroupPrivateEndpointDeletion'
type Live = Pick<DeletionPreview, 'connections' | 'clusters' | 'appNames' | 'unansweredEdges'>
type Text = DeletionPreview['connectionStrings'][number]

/** As many connections of an edge are named. */
const listed = 500
/** As many clusters of a project are looked at. */
const clustersAtMost = 500

export const deletionPreviewHandlers = (parts: Parts & AskParts): Handlers<Own> => {
  const { store, settings } = parts
  const undoMinutes = Math.floor(settings.undoWindowMs / 60_000)

  return {
    previewGroupEndpointServiceDeletion: async (call) => {
      const { params, actor, sourceAddress } = call
      const service = await findService(store.read, params)
      const attached = await store.read
        .selectFrom('private_endpoint')
        .select(['id', 'cloud_id'])
        .where('service_id', '=', service.id)
        .orderBy('created')
        .execute()
      const blockers = await rehearse(store, async (tx) => {
        await terminateService(tx, parts, { params, by: { actor, sourceAddress } })
        return []
      }).catch((thrown: unknown) => [blockerOf(thrown)])
      const live = await connectionsThrough(
        parts,
        attached.map(({ id }) => id),
        call,
      )
      return {
        body: {
          ...asCheck(blockers),
          ...live,
          // Nothing of what hangs on it goes: it is refused while something does.
          connectionStrings: [],
          endpointIds: attached.map(({ cloud_id }) => cloud_id),
          endpointServiceGoes: blockers.length === 0,
          undoMinutes,
        },
      }
    },

    previewGroupPrivateEndpointDeletion: async (call) => {
      const { params, query, actor, sourceAddress } = call
      const groupId = params.groupId ?? ''
      const keepService = query.keepService === undefined ? null : query.keepService === 'true'
      const found = await rehearse(store, async (tx) => {
        const service = await findService(tx, params)
        const endpoint = await findEndpoint(tx, service, params.endpointId ?? '')
        const before = await privateStrings(tx, { groupId, settings })
        await terminateEndpoint(tx, parts, { params, by: { actor, sourceAddress }, keepService })
        const after = new Set((await privateStrings(tx, { groupId, settings })).map(keyOf))
        const others = await tx
          .selectFrom('private_endpoint')
          .select('id')
          .where('service_id', '=', service.id)
          .where('id', '<>', endpoint.id)
          .where('delete_requested', '=', false)
          .executeTakeFirst()
        const word = { keepService: keepService ?? endpoint.keepService, wasAvailable: endpoint.wasAvailable }
        const follows = serviceFollows(word, { ...(await behaviourOf(tx, parts, groupId)), settings })
        const endpointServiceGoes = service.deleteRequested || (follows && others === undefined)
        return { endpoint, endpointServiceGoes, gone: before.filter((text) => !after.has(keyOf(text))) }
      })
      const { endpoint, endpointServiceGoes, gone } = found
      return {
        body: {
          ...asCheck([]),
          ...(await connectionsThrough(parts, [endpoint.id], call)),
          connectionStrings: gone,
          endpointIds: [endpoint.cloudId],
          endpointServiceGoes,
          undoMinutes,
        },
      }
    },
  }
}

const keyOf = ({ clusterName, endpointId, standard }: Text): string => [clusterName, endpointId, standard].join(' ')

const privateStrings = async (
  db: Kysely<Tables>,
  { groupId, settings }: { readonly groupId: string; readonly settings: Parts['settings'] },
): Promise<readonly Text[]> => {
  const doors = await groupDoors(db, groupId, settings)
  if (doors.endpoints.length === 0) return []
  const { clusters } = await pageOfClusters(db, groupId, { flex: false, limit: clustersAtMost, offset: 0 })
  return clusters.flatMap(({ row, members }) => {
    const { strings } = loadCluster(row, members, doors)
    const { endpoints } = endpointConnectionStrings(strings, endpointsFor(row.name, doors))
    return endpoints.map(({ endpointId, standard, srv }) => ({ clusterName: row.name, endpointId, standard, srv }))
  })
}

const connectionsThrough = async (
  parts: Parts & AskParts,
  endpointIds: readonly string[],
  call: Pick<Call<Own>, 'params' | 'signal'>,
): Promise<Live> => {
  if (endpointIds.length === 0) return { connections: 0, clusters: [], appNames: [], unansweredEdges: [] }
  const { live, silent } = await knownGateways(parts, call.params.groupId ?? '')
  const where = { endpointIds, clusterId: null, appName: null, connectionId: null }
  const question = { do: 'list' as const, where, from: 0, limit: listed }
  const { answers, unanswered } = await askEdges(parts, new Map(live.map((edge) => [edge, question])), call)
  const views = await connectionViews(parts.store.read, answers)
  return {
    connections: [...answers.values()].reduce((sum, { count }) => sum + count, 0),
    clusters: counted(views.map(({ clusterName }) => clusterName)).map(([clusterName, connections]) => ({
      clusterName,
      connections,
    })),
    appNames: counted(views.map(({ appName }) => appName)).map(([appName, connections]) => ({ appName, connections })),
    unansweredEdges: [...unanswered, ...silent].sort(),
  }
}

/** Most first. */
const counted = <Name>(names: readonly Name[]): readonly (readonly [Name, number])[] => {
  const counts = new Map<Name, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort(([, one], [, other]) => other - one)
}
