// Names that the local cloud gives to what it makes: of the real clouds' shapes (recorded from Atlas) and derived from
// our ids alone, so that a step that runs twice makes the same thing twice. The service's id, not the group's, stands in
// attachment names, because a group may have a service with and one without port mapping in one region.

import { createHash } from 'node:crypto'
import { cloudRegion } from '@postern/contract/cloud'
import type { ServiceNames, ServiceWish } from '../provider.ts'

const digest = (...parts: readonly string[]): Buffer => createHash('sha256').update(parts.join('\0')).digest()
const hex = (length: number, ...parts: readonly string[]): string =>
  digest(...parts)
    .toString('hex')
    .slice(0, length)

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'

/** Google's own project that holds the attachments: `p-` and 24 of [0-9a-z]. */
const producerProject = (groupId: string): string =>
  `p-${Array.from(digest('gcp-project', groupId).subarray(0, 24), (byte) => alphabet[byte % alphabet.length]).join('')}`

const uuid = (...parts: readonly string[]): string => {
  const h = hex(32, ...parts)
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20, 32)}`
}

/** What the cloud calls this service. Throws RangeError for a region that the provider does not have. */
export const serviceNames = ({ serviceId, groupId, provider, region, attachments }: ServiceWish): ServiceNames => {
  const place = cloudRegion(provider, region)
  switch (provider) {
    case 'AWS':
      return {
        provider,
        endpointServiceName: `com.amazonaws.vpce.${place}.vpce-svc-${hex(17, 'vpce-svc', serviceId)}`,
      }
    case 'AZURE': {
      const name = `pls_${serviceId}`
      const resourceGroup = `rg_${groupId}_${hex(8, 'resource-group', groupId, region)}`
      return {
        provider,
        privateLinkServiceName: name,
        privateLinkServiceResourceId: `/subscriptions/${uuid('subscription', groupId)}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/privateLinkServices/${name}`,
      }
    }
    case 'GCP':
      return {
        provider,
        serviceAttachmentNames: Array.from(
          { length: attachments },
          (_, n) =>
            `projects/${producerProject(groupId)}/regions/${place}/serviceAttachments/sa-${place}-${serviceId}-${n}`,
        ),
      }
  }
}
