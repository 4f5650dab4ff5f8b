// Endpoints in Postern's own API: get-or-create, a list over all services, labels and corrections, another try of what
// ended badly, and a deletion that says what becomes of the service.

import { AtlasError } from '@postern/contract/errors'
import type { Handlers } from '../../http/handler.ts'
import { pageOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { findService } from '../endpoint-service/row.ts'
import { type Attached, attachEndpoint } from './attach.ts'
import { correctEndpoint, type FoundEndpoint } from './correct.ts'
import { listEndpoints } from './list.ts'
import { sameRequest } from './request.ts'
import { retryEndpoint } from './retry.ts'
import { findEndpoint } from './row.ts'
import { terminateEndpoint } from './terminate.ts'
import { endpointDetails } from './view.ts'

export const ownPrivateEndpointHandlers = (
  parts: Parts,
): Handlers<
  | 'listGroupPrivateEndpoints'
  | 'ensureGroupPrivateEndpoint'
  | 'getGroupPrivateEndpoint'
  | 'updateGroupPrivateEndpoint'
  | 'deleteGroupPrivateEndpoint'
  | 'retryGroupPrivateEndpoint'
> => {
  const { store, settings } = parts
  const shown = ({ endpoint, service }: FoundEndpoint) => endpointDetails(endpoint, service, settings.undoWindowMs)
  return {
    listGroupPrivateEndpoints: async (call) => {
      const { found, total } = await listEndpoints(parts, call)
      return { body: pageOf(call, { results: found.map(shown), total }) }
    },

    ensureGroupPrivateEndpoint: async ({ params, body, actor, sourceAddress }) => {
      const { labels, description, policy } = body
      const by = { actor, sourceAddress }
      const attached = await store.transact(async (tx) => {
        const answer = await attachEndpoint(tx, parts, { params, body, by, labels, description, policy })
        const differences = answer.made ? null : endpointDifferences(answer)
        if (differences === null) return answer
        const { cloudId: id } = answer.endpoint
        throw new AtlasError('POSTERN_ENSURE_DIFFERS', { what: 'Private endpoint', id, differences })
      })
      return { body: { ...shown(attached), created: attached.made } }
    },

    getGroupPrivateEndpoint: async ({ params }) => {
      const service = await findService(store.read, params)
      return { body: shown({ endpoint: await findEndpoint(store.read, service, params.endpointId ?? ''), service }) }
    },

    updateGroupPrivateEndpoint: async ({ params, body, actor, sourceAddress }) => {
      const by = { actor, sourceAddress }
      return { body: shown(await store.transact((tx) => correctEndpoint(tx, parts, { params, body, by }))) }
    },

    deleteGroupPrivateEndpoint: async ({ params, query, actor, sourceAddress }) => {
      const by = { actor, sourceAddress }
      const keepService = query.keepService === undefined ? null : query.keepService === 'true'
      const withoutSilent = query.force === 'true'
      await store.transact((tx) => terminateEndpoint(tx, parts, { params, by, keepService, withoutSilent }))
      return { body: {} }
    },

    retryGroupPrivateEndpoint: async ({ params, actor, sourceAddress }) => {
      const by = { actor, sourceAddress }
      return { body: shown(await store.transact((tx) => retryEndpoint(tx, parts, { params, by }))) }
    },
  }
}

/** Why the endpoint that is attached is not the one that was asked for; null where it is. Pure. */
const endpointDifferences = ({
  endpoint: { deleteRequested, request },
  asked,
}: {
  readonly endpoint: Pick<Attached['endpoint'], 'deleteRequested' | 'request'>
  readonly asked: Pick<Attached['asked'], 'request'>
}): string | null => {
  if (deleteRequested) return 'it is DELETING; ask again when it is gone, or undo its deletion'
  if (sameRequest(request, asked.request)) return null
  const field = request.provider === 'AZURE' ? 'privateEndpointIPAddress is' : 'gcpProjectId or endpoints are'
  return `${field} another; delete it first, or correct it with PATCH if it FAILED`
}
