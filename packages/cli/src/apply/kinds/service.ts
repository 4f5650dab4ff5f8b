// Endpoint services. One that FAILED is tried again.

import { atlasRegion } from '@postern/contract/cloud'
import type { EndpointServiceDetails } from '@postern/contract/schemas/endpoint-service'
import type { ServiceWish } from '../form.ts'
import { serviceKey } from '../keys.ts'
import { compare, everyItem, type Kind, type Standing } from '../kind.ts'

type Found = EndpointServiceDetails

const inAtlasSpelling = ({ provider }: ServiceWish, region: string): string => atlasRegion(provider, region) ?? region

export const serviceKeyOfFound = (found: Found): string =>
  serviceKey({
    provider: found.cloudProvider,
    region: found.regionName,
    portMapping: found.cloudProvider === 'GCP' && found.portMappingEnabled,
  })

const placeOf = (groupId: string, { id, cloudProvider }: Found) => ({ groupId, cloudProvider, endpointServiceId: id })

export const serviceKind: Kind<ServiceWish, Found> = {
  noun: 'endpoint service',
  wishes: ({ services }) => services,
  keyOf: serviceKey,
  keyOfFound: serviceKeyOfFound,
  async look(client, site) {
    const params = { groupId: site.groupId }
    const found = await everyItem((query) => client.call('listGroupEndpointServices', { params, query }))
    site.services.clear()
    for (const service of found) site.services.set(serviceKeyOfFound(service), service)
    return found
  },
  isLeaving: ({ status }) => status === 'DELETING',
  changes: (wish, found) =>
    compare([
      [
        'supportedRemoteRegions',
        wish.supportedRemoteRegions?.map((region) => inAtlasSpelling(wish, region)),
        found.cloudProvider === 'AWS' ? (found.supportedRemoteRegions ?? []) : undefined,
      ],
      ['labels', wish.labels, found.labels],
      ['description', wish.description, found.description],
      ['status', found.status === 'FAILED' ? 'AVAILABLE' : undefined, failure(found)],
    ]),
  async make({ client }, site, wish) {
    const { body } = await client.call('ensureGroupEndpointService', {
      params: { groupId: site.groupId },
      body: {
        providerName: wish.provider,
        region: wish.region,
        portMappingEnabled: wish.portMapping === true,
        ...(wish.supportedRemoteRegions && { supportedRemoteRegions: [...wish.supportedRemoteRegions] }),
        ...(wish.labels && { labels: wish.labels }),
        ...(wish.description !== undefined && { description: wish.description }),
      },
    })
    site.services.set(serviceKey(wish), body)
  },
  async change({ client }, site, { wish, found, changes }) {
    const params = placeOf(site.groupId, found)
    const changed = new Set(changes.map(({ field }) => field))
    const body = {
      ...(changed.has('supportedRemoteRegions') && {
        supportedRemoteRegions: [...(wish.supportedRemoteRegions ?? [])],
      }),
      ...(changed.has('labels') && { labels: wish.labels ?? {} }),
      ...(changed.has('description') && { description: wish.description ?? '' }),
    }
    if (Object.keys(body).length > 0) await client.call('updateGroupEndpointService', { params, body })
    if (changed.has('status')) await client.call('retryGroupEndpointService', { params })
  },
  isPruned: (_, { wish }) => wish.services !== undefined,
  async remove({ client }, site, found) {
    await client.call('deleteGroupPrivateEndpointEndpointService', { params: placeOf(site.groupId, found) })
  },
  async standings(client, site) {
    const found = await serviceKind.look(client, site)
    return new Map(found.map((service) => [serviceKeyOfFound(service), standing(service)]))
  },
}

const failure = ({ status, errorMessage }: Pick<Found, 'status' | 'errorMessage'>): string =>
  errorMessage === null ? status : `${status} (${errorMessage})`

const standing = (found: Found): Standing => ({
  state: found.status,
  settled: found.status === 'AVAILABLE',
  ...(found.status === 'FAILED' && { failed: failure(found) }),
})
