// What a local endpoint is made for: the cloud's name of a service, typed or looked up by the service's id, so that
// nobody has to copy a resource id out of JSON.

import type { EndpointServiceView } from '@postern/contract/schemas/endpoint-service'
import type { Flag } from '../../core/command.ts'
import { type Context, objectIdProblem } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'

export const endpointServiceId: Flag = {
  name: 'endpoint-service-id',
  also: ['endpointServiceId'],
  kind: 'text',
  usage: 'Identifier of the endpoint service; its name in the cloud is looked up.',
}

/** The service behind `--endpoint-service-id`; undefined where the flag was not given. Throws UsageError. */
export async function chosenService<Provider extends EndpointServiceView['cloudProvider']>(
  context: Context,
  provider: Provider,
): Promise<Extract<EndpointServiceView, { cloudProvider: Provider }> | undefined> {
  const id = context.optional('endpoint-service-id')
  if (id === undefined) return undefined
  const problem = objectIdProblem(id)
  if (problem !== undefined) throw new UsageError(problem)
  const { body } = await (await context.client()).call('getGroupPrivateEndpointEndpointService', {
    params: { groupId: await context.groupId(), cloudProvider: provider, endpointServiceId: id },
  })
  return body as Extract<EndpointServiceView, { cloudProvider: Provider }>
}

/** The typed name, else the looked-up one. Throws UsageError where there is neither. */
export function targetName(given: {
  readonly typed: string | undefined
  readonly service: EndpointServiceView | undefined
  readonly name: string | null | undefined
  readonly flag: string
}): string {
  const { typed, service, name, flag } = given
  if (typed !== undefined) return typed
  if (service === undefined) throw new UsageError(`required flag(s) "${flag}" or "${endpointServiceId.name}" not set`)
  if (name !== null && name !== undefined) return name
  throw new UsageError(`private endpoint ${service.id} is ${service.status} and has no name in its cloud yet`)
}
