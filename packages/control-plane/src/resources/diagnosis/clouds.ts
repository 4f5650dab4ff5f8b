// What the clouds and the edges show, at this moment, of endpoints and services that are not as they were wished: asked
// anew, since the row only says how the last turn ended. A cloud that does not answer is a fact like any other.

import { type CloudProvider, cloudProviders } from '@postern/contract/cloud'
import type { Parts } from '../../parts.ts'
import {
  type ConsumerRef,
  type ListedConsumer,
  type Providers,
  type SeenConsumer,
  targetsOf,
} from '../../providers/provider.ts'
import type { Failing } from '../../reconcile/turns.ts'
import { type ServiceRow, serviceWish } from '../endpoint-service/row.ts'
import { acknowledgement } from '../private-endpoint/due.ts'
import { judge, type Verdict } from '../private-endpoint/judge.ts'
import { consumerRefs, endpointRequestSchema } from '../private-endpoint/request.ts'
import type { EndpointRow } from '../private-endpoint/row.ts'

/** Of one endpoint. */
export interface Look {
  readonly refs: readonly ConsumerRef[]
  /** Answers `refs`; empty where the cloud was not asked or did not answer. */
  readonly seen: readonly (SeenConsumer | null)[]
  /** As the endpoint would be judged now; null where nothing can be judged. */
  readonly verdict: Verdict | null
  /** What the edges have yet to do; null: nothing. */
  readonly edges: string | null
}

/** Enough for a person to read; a project may have ten thousand. */
const mostLooks = 20

type World = Pick<Parts, 'store' | 'clock'>

/** By the endpoint's row id: those that are on their way in or out, or were refused. */
export const lookAtEndpoints = async (
  world: World & { readonly providers: Providers },
  endpoints: readonly EndpointRow[],
  services: readonly ServiceRow[],
): Promise<ReadonlyMap<string, Look>> => {
  const restless = endpoints.filter(({ phase, deleteRequested }) => phase !== 'AVAILABLE' || deleteRequested)
  const looks = restless.slice(0, mostLooks).flatMap((endpoint) => {
    const service = services.find(({ id }) => id === endpoint.serviceId)
    return service === undefined ? [] : [lookAt(world, endpoint, service)]
  })
  return new Map(await Promise.all(looks))
}

const lookAt = async (
  { store, clock, providers }: World & { readonly providers: Providers },
  endpoint: EndpointRow,
  service: ServiceRow,
): Promise<readonly [string, Look]> => {
  const refs = consumerRefs(endpoint.cloudId, endpoint.request, service.region)
  const targets = service.names === null ? [] : targetsOf(service.names)
  const seen =
    targets.length === 0
      ? []
      : await providers[service.provider].observeEndpoints(serviceWish(service, targets.length), refs).catch(() => [])
  const verdict =
    seen.length === 0
      ? null
      : judge({ ...service, supportedRemoteRegions: service.supportedRemoteRegions ?? [], targets, refs }, seen)
  const waits = endpoint.deleteRequested || endpoint.phase === 'ACCEPTED'
  const acknowledged = waits ? await acknowledgement(store.read, endpoint, clock.now()) : null
  const edges = acknowledged === null || acknowledged.done ? null : acknowledged.reason
  return [endpoint.id, { refs, seen, verdict, edges }]
}

/** All that consumers have at the clouds that show it, by provider; nothing of a cloud that does not answer. */
export const listConsumers = async (
  providers: Providers,
): Promise<ReadonlyMap<CloudProvider, readonly ListedConsumer[]>> =>
  new Map(
    await Promise.all(
      cloudProviders.map(
        async (provider) =>
          [provider, (await providers[provider].listEndpoints?.(provider).catch(() => [])) ?? []] as const,
      ),
    ),
  )

/** Tries that failed and come again, by the row's id. */
export const failingTurns = async (
  { turns }: Pick<Parts, 'turns'>,
  serviceIds: readonly string[],
  endpointIds: readonly string[],
): Promise<ReadonlyMap<string, Failing>> =>
  new Map([
    ...(await turns.failing('endpointService', serviceIds)),
    ...(await turns.failing('privateEndpoint', endpointIds)),
  ])

/** What some endpoint was attached with, of any project: the cloud's name, lower case, after the provider's. */
export const attachedConsumers = async ({ store }: Pick<Parts, 'store'>): Promise<ReadonlySet<string>> => {
  const rows = await store.read
    .selectFrom('private_endpoint')
    .innerJoin('endpoint_service', 'endpoint_service.id', 'private_endpoint.service_id')
    .select([
      'private_endpoint.provider',
      'private_endpoint.cloud_id',
      'private_endpoint.request',
      'endpoint_service.region',
    ])
    .execute()
  return new Set(
    rows.flatMap(({ provider, cloud_id, request, region }) =>
      consumerRefs(cloud_id, endpointRequestSchema.parse(request), region).map(({ cloudId }) =>
        consumerKey(provider, cloudId),
      ),
    ),
  )
}

export const consumerKey = (provider: string, cloudId: string): string => `${provider} ${cloudId.toLowerCase()}`
