// What a caller told of the endpoint to attach: each provider's own fields, demanded here and named when wrong. Whether
// such an endpoint exists is asked of its cloud later, and answered by the endpoint's status (as Atlas does).

import { type CloudProvider, cloudRegion } from '@postern/contract/cloud'
import { AtlasError } from '@postern/contract/errors'
import { consumerIdPattern } from '@postern/contract/ids'
import type { createPrivateEndpointSchema } from '@postern/contract/schemas/private-endpoint'
import { z } from 'zod'
import type { ConsumerRef } from '../../providers/provider.ts'

const awsRequest = z.object({ provider: z.literal('AWS') })
const azureRequest = z.object({ provider: z.literal('AZURE'), address: z.string() })
const gcpRequest = z.object({
  provider: z.literal('GCP'),
  project: z.string(),
  rules: z.array(z.object({ name: z.string(), address: z.string() })).min(1),
})

/** The `request` column of private_endpoint. */
export const endpointRequestSchema = z.discriminatedUnion('provider', [awsRequest, azureRequest, gcpRequest])
export type EndpointRequest = z.output<typeof endpointRequestSchema>

export interface ParsedRequest {
  /** What the API calls the endpoint from now on. */
  readonly cloudId: string
  readonly request: EndpointRequest
}

type Body = z.output<typeof createPrivateEndpointSchema>

/** Throws INVALID_ATTRIBUTE or MISSING_ATTRIBUTE, the field named. */
export const parseEndpointRequest = (
  provider: CloudProvider,
  body: Body,
  { portMapping }: { readonly portMapping: boolean },
): ParsedRequest => {
  if (body.cloudProvider !== undefined && body.cloudProvider !== provider) {
    throw wrong('cloudProvider', `the path says ${provider}`)
  }
  switch (provider) {
    case 'AWS':
      return {
        cloudId: matching('id', body.id, consumerIdPattern.AWS, 'vpce- and 17 hex digits'),
        request: { provider },
      }
    case 'AZURE':
      return {
        cloudId: matching('id', body.id, consumerIdPattern.AZURE, 'the resource ID of an Azure private endpoint'),
        request: { provider, address: address('privateEndpointIPAddress', body.privateEndpointIPAddress) },
      }
    case 'GCP':
      return {
        cloudId: matching('endpointGroupName', body.endpointGroupName, consumerIdPattern.GCP, googleName),
        request: {
          provider,
          project: matching('gcpProjectId', body.gcpProjectId, googleProject, 'the ID of a Google Cloud project'),
          rules: parseRules(body.endpoints ?? [], portMapping),
        },
      }
  }
}

/** How the provider's cloud names the things of a request: one, or for GCP one per forwarding rule. */
export const consumerRefs = (cloudId: string, request: EndpointRequest, region: string): readonly ConsumerRef[] => {
  switch (request.provider) {
    case 'AWS':
      return [{ cloudId, address: null }]
    case 'AZURE':
      return [{ cloudId, address: request.address }]
    case 'GCP':
      return request.rules.map(({ name, address: told }) => ({
        cloudId: `projects/${request.project}/regions/${cloudRegion('GCP', region)}/forwardingRules/${name}`,
        address: told,
      }))
  }
}

/** Do both tell the same of an endpoint? */
export const sameRequest = (one: EndpointRequest, other: EndpointRequest): boolean => {
  if (one.provider !== 'GCP' || other.provider !== 'GCP') return addressOf(one) === addressOf(other)
  const rules = ({ rules: all }: typeof one) => JSON.stringify(all.map(({ name, address }) => [name, address]))
  return one.project === other.project && rules(one) === rules(other)
}

const addressOf = (request: EndpointRequest): string => (request.provider === 'AZURE' ? request.address : '')

const googleName = '1-63 lower-case letters, digits and hyphens, beginning with a letter'
const googleProject = /^[a-z][-a-z0-9]{4,61}[a-z0-9]$/
const ipAddress = z.union([z.ipv4(), z.ipv6()])

const parseRules = (rules: NonNullable<Body['endpoints']>, portMapping: boolean) => {
  if (rules.length === 0) throw new AtlasError('MISSING_ATTRIBUTE', { attribute: 'endpoints' })
  if (portMapping && rules.length !== 1) {
    throw wrong('endpoints', 'a service with port mapping takes exactly one forwarding rule')
  }
  const parsed = rules.map((rule, at) => ({
    name: matching(`endpoints[${at}].endpointName`, rule.endpointName, consumerIdPattern.GCP, googleName),
    address: address(`endpoints[${at}].ipAddress`, rule.ipAddress),
  }))
  const twice = parsed.find(({ name }, at) => parsed.findIndex((other) => other.name === name) !== at)
  if (twice !== undefined) throw wrong('endpoints', `the rule ${twice.name} is listed twice`)
  return parsed
}

const matching = (field: string, text: string | null | undefined, pattern: RegExp, shape: string): string => {
  if (text === null || text === undefined || text === '')
    throw new AtlasError('MISSING_ATTRIBUTE', { attribute: field })
  if (!pattern.test(text)) throw wrong(field, `it must be ${shape}`)
  return text
}

const address = (field: string, text: string | null | undefined): string => {
  if (text === null || text === undefined || text === '')
    throw new AtlasError('MISSING_ATTRIBUTE', { attribute: field })
  if (!ipAddress.safeParse(text).success) throw wrong(field, 'it must be an IP address')
  return text
}

const wrong = (field: string, description: string): AtlasError =>
  new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })
