// What the consumer's side is made with, as commands: which tools, and with what filled in, is the caller's choice; the
// words are the contract's. Pure.

import { atlasRegion, cloudRegion } from '@postern/contract/cloud'
import { type Given, givenProblem } from '@postern/contract/consumer-setup/blanks'
import { consumerSetup } from '@postern/contract/consumer-setup/consumer-setup'
import { targetsOf } from '@postern/contract/consumer-setup/targets'
import { type SetupTool, toolsOf } from '@postern/contract/consumer-setup/tools'
import { AtlasError } from '@postern/contract/errors'
import type { EndpointServiceView } from '@postern/contract/schemas/endpoint-service'
import type { ReplyOf } from '@postern/contract/schemas/operations'

interface Asked extends Given {
  readonly groupId: string
  /** Empty: all that the provider has. */
  readonly tool: readonly SetupTool[]
}

/**
 * Throws POSTERN_SETUP_TOOL_UNSUPPORTED for another cloud's tool, QUERY_PARAM_PARSE_ERROR for what the provider's commands
 * do not take, POSTERN_CONSUMER_REGION_NOT_ACCEPTED for a region from which the service takes no endpoint.
 */
export const setupsOf = (
  service: EndpointServiceView,
  { groupId, tool: tools, ...blanks }: Asked,
): ReplyOf<'getGroupEndpointServiceSetup'> => {
  const { cloudProvider, id, status } = service
  const known: readonly SetupTool[] = toolsOf[cloudProvider]
  const wrong = tools.find((tool) => !known.includes(tool))
  if (wrong !== undefined)
    throw new AtlasError('POSTERN_SETUP_TOOL_UNSUPPORTED', {
      tool: wrong,
      provider: cloudProvider,
      tools: known.join(', '),
    })
  const filledIn = Object.fromEntries(
    Object.entries(blanks).filter(([, value]) => value !== undefined && value.length > 0),
  )
  const problem = givenProblem(cloudProvider, filledIn)
  if (problem !== undefined) throw new AtlasError('QUERY_PARAM_PARSE_ERROR', problem)
  const { consumerRegion: typed } = filledIn
  const given = typeof typed === 'string' ? { ...filledIn, consumerRegion: consumerRegion(service, typed) } : filledIn
  const chosen = tools.length === 0 ? known : known.filter((tool) => tools.includes(tool))
  const setups =
    targetsOf(service).length === 0 ? [] : chosen.map((tool) => consumerSetup(tool, { groupId, service, given }))
  return {
    cloudProvider,
    endpointServiceId: id,
    results: setups.map((setup) => ({ ...setup, placeholders: [...setup.placeholders] })),
    status,
  }
}

/** In the cloud's own spelling. */
const consumerRegion = (service: EndpointServiceView, typed: string): string => {
  const { cloudProvider, id, regionName } = service
  const region = atlasRegion(cloudProvider, typed)
  if (region === undefined)
    throw new AtlasError('QUERY_PARAM_PARSE_ERROR', { parameter: 'consumerRegion', value: typed })
  if (cloudProvider === 'AWS' && region !== regionName && !(service.supportedRemoteRegions ?? []).includes(region))
    throw new AtlasError('POSTERN_CONSUMER_REGION_NOT_ACCEPTED', { endpointServiceId: id, region })
  return cloudRegion(cloudProvider, region)
}
