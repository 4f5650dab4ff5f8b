// Which service an interface endpoint hangs on, where `--endpointServiceId` was left out: all of the project's services
// of that cloud are asked. Atlas's own CLI demands the flag, or, by a slip, sends an empty id.

import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { type Cloud, endpointIdsOf } from './clouds.ts'

/** Throws UsageError where none or several have it. */
export async function serviceIdOf(context: Context, cloud: Cloud, endpointId: string): Promise<string> {
  const given = context.optional('endpointServiceId')
  if (given !== undefined) return given
  const { body } = await (await context.client()).call('listGroupPrivateEndpointEndpointService', {
    params: { groupId: await context.groupId(), cloudProvider: cloud.provider },
  })
  const same = sameId(cloud)
  const found = body.filter((service) => endpointIdsOf(cloud, service).some((id) => same(id, endpointId)))
  const [only, ...others] = found
  if (only === undefined) {
    throw new UsageError(
      `no ${cloud.product} private endpoint of this project has an interface endpoint "${endpointId}"`,
    )
  }
  if (others.length > 0) {
    const lines = found.map((service) => `  ${service.id}   ${service.regionName}   ${service.status}`)
    throw new UsageError(
      `"${endpointId}" is on several private endpoints; choose one with --endpointServiceId:\n${lines.join('\n')}`,
    )
  }
  return only.id
}

/** Azure compares resource ids without regard to case. */
const sameId =
  (cloud: Cloud) =>
  (one: string, other: string): boolean =>
    cloud.provider === 'AZURE' ? one.toLowerCase() === other.toLowerCase() : one === other
