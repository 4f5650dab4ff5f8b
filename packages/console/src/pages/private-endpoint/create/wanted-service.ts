// The endpoint service that a form asks for, and the same as a command and in Terraform. Pure.

import { atlasRegion, type CloudProvider, cloudRegion, isCloudProvider, regions } from '@postern/contract/cloud'
import { expression, hcl } from '@postern/contract/consumer-setup/hcl'
import type { BodyInputOf } from '@postern/contract/schemas/operations'
import { shellCommand } from '@postern/contract/shell-words'
import { regionWords } from '../../../words/region.ts'
import { type Draft, severalIn } from '../draft.ts'

export type WantedService = BodyInputOf<'createGroupPrivateEndpointEndpointService'>

/** By the names that people know; the API answers Atlas's. */
export const regionChoices = (provider: CloudProvider) =>
  Object.keys(regions[provider]).map((value) => ({ value, word: regionWords(provider, value) }))

/** AWS until another is chosen. */
export const providerOf = ({ cloud }: Pick<Draft, 'cloud'>): CloudProvider => (isCloudProvider(cloud) ? cloud : 'AWS')

/** New services of Google Cloud are port-mapped unless the legacy form is asked for. */
export const isLegacy = ({ architecture }: Pick<Draft, 'architecture'>): boolean => architecture === 'legacy'

/** Undefined until a region of that provider is chosen. */
export function wantedService(
  draft: Pick<Draft, 'cloud' | 'atlasRegion' | 'accepted' | 'architecture'>,
): WantedService | undefined {
  const providerName = providerOf(draft)
  const region = atlasRegion(providerName, draft.atlasRegion)
  if (region === undefined) return undefined
  const accepted = severalIn(draft.accepted).filter((one) => one !== region)
  return {
    providerName,
    region,
    ...(providerName === 'GCP' && { portMappingEnabled: !isLegacy(draft) }),
    ...(providerName === 'AWS' && accepted.length > 0 && { supportedRemoteRegions: accepted }),
  }
}

/** Null where the command line has no word for it. */
export function asCommand({ providerName, region, ...wanted }: WantedService, groupId: string): string | null {
  if ((wanted.supportedRemoteRegions ?? []).length > 0) return null
  return shellCommand(
    ['postern', 'privateEndpoints', providerName.toLowerCase(), 'create'],
    [
      ['--projectId', groupId],
      ['--region', cloudRegion(providerName, region)],
      ...(wanted.portMappingEnabled === true ? [['--portMappingEnabled'] as const] : []),
    ],
  )
}

export const asTerraform = (wanted: WantedService, groupId: string): string =>
  hcl([
    {
      type: 'resource',
      labels: ['mongodbatlas_privatelink_endpoint', 'postern'],
      attributes: {
        project_id: groupId,
        provider_name: wanted.providerName,
        region: wanted.region,
        port_mapping_enabled: wanted.portMappingEnabled === true ? expression('true') : undefined,
        supported_remote_regions: wanted.supportedRemoteRegions ?? undefined,
      },
    },
  ])
