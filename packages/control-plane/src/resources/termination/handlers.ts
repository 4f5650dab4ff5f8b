// What was terminated and can be taken back: listed, and taken back. Atlas has no way back.

import { type CloudProvider, isCloudProvider } from '@postern/contract/cloud'
import type { TerminationView } from '@postern/contract/schemas/private-endpoint'
import type { Handlers } from '../../http/handler.ts'
import { cutPage } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { groupOf } from '../endpoint-service/group.ts'
import { showService } from '../endpoint-service/own-handlers.ts'
import { endpointDetails } from '../private-endpoint/view.ts'
import { parseLeftEndpoint, parseLeftService, type TerminationRow } from './left.ts'
import { endpointProblem, serviceProblem } from './place.ts'
import { undoEndpoint, undoService } from './undo.ts'

export const terminationHandlers = (
  parts: Parts,
): Handlers<'listGroupTerminations' | 'undoGroupEndpointServiceDeletion' | 'undoGroupPrivateEndpointDeletion'> => ({
  listGroupTerminations: async (call) => {
    const { id: groupId } = await groupOf(parts.store.read, call.params)
    const all = [...(await goingIn(parts, groupId)), ...(await goneFrom(parts, groupId))]
    return {
      body: cutPage(
        call,
        all.toSorted((one, other) => (one.terminated < other.terminated ? 1 : -1)),
      ),
    }
  },

  undoGroupEndpointServiceDeletion: ({ params, actor, sourceAddress }) =>
    parts.store.transact(async (tx) => {
      const service = await undoService(tx, parts, { params, by: { actor, sourceAddress } })
      return { body: await showService(parts, tx, service) }
    }),

  undoGroupPrivateEndpointDeletion: async ({ params, actor, sourceAddress }) => {
    const by = { actor, sourceAddress }
    const { endpoint, service } = await parts.store.transact((tx) => undoEndpoint(tx, parts, { params, by }))
    return { body: endpointDetails(endpoint, service, parts.settings.undoWindowMs) }
  },
})

type World = Pick<Parts, 'store' | 'clock' | 'settings'>

/** What shows DELETING: nobody can have taken its place. */
const goingIn = async ({ store, clock, settings }: World, groupId: string): Promise<readonly TerminationView[]> => {
  const since = new Date(clock.now() - settings.undoWindowMs)
  const services = await store.read
    .selectFrom('endpoint_service')
    .select(['id', 'provider', 'region', 'terminated'])
    .where('group_id', '=', groupId)
    .where('delete_requested', '=', true)
    .where('terminated', '>', since)
    .execute()
  const endpoints = await store.read
    .selectFrom('private_endpoint')
    .innerJoin('endpoint_service', 'endpoint_service.id', 'private_endpoint.service_id')
    .select(['service_id', 'cloud_id', 'private_endpoint.provider', 'region', 'private_endpoint.terminated'])
    .where('private_endpoint.group_id', '=', groupId)
    .where('private_endpoint.delete_requested', '=', true)
    .where('private_endpoint.terminated', '>', since)
    .execute()
  const times = ({ terminated }: { readonly terminated: Date | null }) => ({
    terminated: (terminated ?? since).toISOString(),
    undoUntil: new Date((terminated ?? since).getTime() + settings.undoWindowMs).toISOString(),
    problem: null,
  })
  return [
    ...services.map((row) => ({
      kind: 'endpointService' as const,
      cloudProvider: providerOf(row.provider),
      regionName: row.region,
      endpointServiceId: row.id,
      endpointId: null,
      ...times(row),
    })),
    ...endpoints.map((row) => ({
      kind: 'endpoint' as const,
      cloudProvider: providerOf(row.provider),
      regionName: row.region,
      endpointServiceId: row.service_id,
      endpointId: row.cloud_id,
      ...times(row),
    })),
  ]
}

const goneFrom = async ({ store, clock }: World, groupId: string): Promise<readonly TerminationView[]> => {
  const now = clock.now()
  const rows = await store.read
    .selectFrom('termination')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('expires', '>', new Date(now))
    .execute()
  const views: TerminationView[] = []
  for (const row of rows) {
    views.push({
      kind: row.kind,
      cloudProvider: providerOf(row.provider),
      regionName: row.region,
      endpointServiceId: row.service_id,
      endpointId: row.cloud_id,
      terminated: row.terminated.toISOString(),
      undoUntil: row.expires.toISOString(),
      problem: await problemOf(row, now),
    })
  }
  return views

  function problemOf(row: TerminationRow, at: number): Promise<string | null> {
    return row.kind === 'endpointService'
      ? serviceProblem(store.read, parseLeftService(row))
      : endpointProblem(store.read, parseLeftEndpoint(row), { region: row.region, now: at })
  }
}

const providerOf = (text: string): CloudProvider => {
  if (isCloudProvider(text)) return text
  throw new TypeError(`a row says ${text}`)
}
