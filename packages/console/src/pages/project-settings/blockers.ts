// What stands in the way of a project's end, each by its name. Pure: the server judges again, by the same rule.

import type { ReplyOf } from '@postern/contract/schemas/operations'
import { placeWords } from '../../words/region.ts'

interface Standing {
  readonly clusters: readonly Pick<ReplyOf<'listGroupClusters'>['results'][number], 'name'>[]
  readonly services: readonly Pick<
    ReplyOf<'listGroupEndpointServices'>['results'][number],
    'cloudProvider' | 'regionName' | 'id'
  >[]
}

export const blockersOf = ({ clusters, services }: Standing): readonly string[] => [
  ...clusters.map(({ name }) => `Cluster ${name}`),
  ...services.map(
    ({ cloudProvider, regionName, id }) => `Endpoint service ${placeWords(cloudProvider, regionName)}, ${id}`,
  ),
]
