// Regions as callers write them: the service's own in any spelling, accepted remote ones in Atlas's only (as Atlas has it).

import { atlasRegion, type CloudProvider, regions } from '@postern/contract/cloud'
import { AtlasError } from '@postern/contract/errors'

/** Any spelling in, Atlas's out. Throws INVALID_ATTRIBUTE. */
export const parseRegion = (provider: CloudProvider, text: string): string => {
  const region = atlasRegion(provider, text)
  if (region === undefined) {
    const description = `${provider} has no region ${text}; write it as ${Object.entries(regions[provider])[0]?.join(' or ')}.`
    throw new AtlasError('INVALID_ATTRIBUTE', { attribute: 'region' }, { fields: [{ field: 'region', description }] })
  }
  return region
}

/** Accepted endpoint regions: AWS only, in Atlas's spelling only (as Atlas has it), not the service's own, each once. */
export const parseRemoteRegions = (
  provider: CloudProvider,
  own: string,
  given: readonly string[] | null,
): readonly string[] | null => {
  if (given === null) return null
  const attribute = 'supportedRemoteRegions'
  if (provider !== 'AWS') throw new AtlasError('PROVIDER_UNSUPPORTED', { provider, attribute })
  for (const region of given) {
    if (!Object.hasOwn(regions.AWS, region)) {
      const description = `AWS has no region ${region}; write it as US_EAST_1.`
      throw new AtlasError('INVALID_ATTRIBUTE', { attribute }, { fields: [{ field: attribute, description }] })
    }
    if (region === own) throw new AtlasError('CROSS_REGION_PRIVATE_LINK_SELF_REGION', { region })
  }
  return [...new Set(given)]
}
