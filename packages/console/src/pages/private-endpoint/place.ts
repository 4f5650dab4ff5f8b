// Where an endpoint has its own page, and how the API names it.

import type { CloudProvider } from '@postern/contract/cloud'
import { useParams } from '@tanstack/react-router'
import { useGroupId } from '../../frame/place.ts'

export interface EndpointPlace {
  readonly cloudProvider: CloudProvider
  readonly endpointServiceId: string
  readonly endpointId: string
}

const list = '/groups/$groupId/network-access/private-endpoint'

/** For a link to the page of an endpoint; an Azure one is named by a path, so the router writes it. */
export const useEndpointLink = () => {
  const groupId = useGroupId()
  return ({ cloudProvider, endpointServiceId, endpointId }: EndpointPlace) => ({
    to: `${list}/$cloudProvider/$endpointServiceId/$endpointId` as string,
    params: { groupId, cloudProvider, endpointServiceId, endpointId } as never,
  })
}

export const useListLink = () => {
  const groupId = useGroupId()
  return { to: list as string, params: { groupId } as never }
}

/** On an endpoint's page. */
export const useEndpointPlace = (): EndpointPlace => useParams({ strict: false }) as unknown as EndpointPlace
