// A registered deployment in the words of a cluster description: one region that the owner named, all its members
// electable there, and the smallest dedicated tier, since clients want one and the deployment has none. Pure.

import { atlasRegion, isCloudProvider } from '@postern/contract/cloud'
import { AtlasError } from '@postern/contract/errors'
import type { Ids } from '../../parts.ts'
import { type ClusterSpec, fixedRegion, fixedSettings, majorOf, type Place } from '../cluster/spec.ts'

/** Throws INVALID_ATTRIBUTE that names `provider` or `region`. */
export const readPlace = ({ provider, region }: { readonly provider: string; readonly region: string }): Place => {
  if (!isCloudProvider(provider)) throw invalid('provider', 'must be AWS, AZURE or GCP')
  const found = atlasRegion(provider, region)
  if (found === undefined) throw invalid('region', `${provider} has no region ${region}`)
  return { provider, region: found }
}

const invalid = (field: string, description: string): AtlasError =>
  new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })

export interface Described extends Place {
  readonly clusterType: 'REPLICASET' | 'SHARDED'
  readonly members: number
  /** `8.0.4`; null: not told. */
  readonly version: string | null
}

export const describeDeployment = (
  { provider, region, clusterType, members, version }: Described,
  ids: Pick<Ids, 'objectId'>,
): ClusterSpec => ({
  clusterType,
  replicationSpecs: [
    {
      id: ids.objectId(),
      zoneWideId: ids.objectId(),
      zoneId: ids.objectId(),
      zoneName: 'Zone 1',
      regions: [
        {
          ...fixedRegion,
          providerName: provider,
          backingProvider: provider,
          regionName: region,
          instanceSize: 'M10',
          electableNodes: members,
        },
      ],
    },
  ],
  diskSizeGB: 10,
  mongoDBMajorVersion: majorOf(version),
  backupEnabled: false,
  tags: [],
  ...fixedSettings,
})
