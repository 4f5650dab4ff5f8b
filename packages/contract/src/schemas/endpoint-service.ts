// Endpoint services and the regional mode. Bodies follow Atlas's CloudProviderEndpointServiceRequest and
// ApiAtlasModifyEndpointServiceRequestView, replies its three EndpointService shapes with keys in the recorded order:
// what is not known yet is sent as null or as an empty list, never left out.

import { z } from 'zod'
import { cloudProviders } from '../cloud.ts'
import { endpointServiceStatuses } from '../endpoint-service.ts'

const objectId = z.string().regex(/^[a-f0-9]{24}$/)
const status = z.enum(endpointServiceStatuses)
/** Atlas's limit on accepted endpoint regions. */
const remoteRegions = z.array(z.string().min(1).max(64)).max(35).nullable()

const awsEndpointServiceSchema = z.object({
  cloudProvider: z.literal('AWS'),
  endpointServiceName: z.string().nullable(),
  errorMessage: z.string().nullable(),
  id: objectId,
  /** The clouds' ids of the attached endpoints: `vpce-…`. */
  interfaceEndpoints: z.array(z.string()),
  regionName: z.string(),
  status,
  supportedRemoteRegions: remoteRegions,
})

const azureEndpointServiceSchema = z.object({
  cloudProvider: z.literal('AZURE'),
  errorMessage: z.string().nullable(),
  id: objectId,
  privateEndpoints: z.array(z.string()),
  privateLinkServiceName: z.string().nullable(),
  privateLinkServiceResourceId: z.string().nullable(),
  regionName: z.string(),
  status,
})

const gcpEndpointServiceSchema = z.object({
  cloudProvider: z.literal('GCP'),
  endpointGroupNames: z.array(z.string()),
  errorMessage: z.string().nullable(),
  id: objectId,
  portMappingEnabled: z.boolean(),
  regionName: z.string(),
  serviceAttachmentNames: z.array(z.string()),
  status,
})

const endpointServiceSchema = z.discriminatedUnion('cloudProvider', [
  awsEndpointServiceSchema,
  azureEndpointServiceSchema,
  gcpEndpointServiceSchema,
])

/** As the API shows an endpoint service. */
export type EndpointServiceView = z.output<typeof endpointServiceSchema>

const regionalMode = z.object({ enabled: z.boolean() })

export const endpointServiceSchemas = {
  createGroupPrivateEndpointEndpointService: {
    body: z.object({
      providerName: z.enum(cloudProviders),
      region: z.string().min(1).max(64),
      portMappingEnabled: z.boolean().default(false),
      supportedRemoteRegions: remoteRegions.optional(),
    }),
    reply: endpointServiceSchema,
  },
  updateGroupPrivateEndpointEndpointService: {
    body: z.object({
      /** Only AWS is right; the others are refused with PROVIDER_UNSUPPORTED, which says more than a bad enum. */
      cloudProvider: z.enum(cloudProviders),
      supportedRemoteRegions: remoteRegions.optional(),
    }),
    reply: endpointServiceSchema,
  },
  listGroupPrivateEndpointEndpointService: { reply: z.array(endpointServiceSchema) },
  getGroupPrivateEndpointEndpointService: { reply: endpointServiceSchema },
  deleteGroupPrivateEndpointEndpointService: { reply: z.object({}) },
  getGroupPrivateEndpointRegionalMode: { reply: regionalMode },
  toggleGroupPrivateEndpointRegionalMode: { body: regionalMode, reply: regionalMode },
} as const
