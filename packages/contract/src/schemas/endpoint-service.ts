// Endpoint services and the regional mode. Bodies follow Atlas's CloudProviderEndpointServiceRequest and
// ApiAtlasModifyEndpointServiceRequestView, replies its three EndpointService shapes with keys in the recorded order:
// what is not known yet is sent as null or as an empty list, never left out.

import { z } from 'zod'
import { cloudProviders } from '../cloud.ts'
import { setupTools } from '../consumer-setup/tools.ts'
import { endpointServiceStatuses } from '../endpoint-service.ts'
import { description, labelFilter, labels } from './labels.ts'
import { pageOf } from './paging.ts'
import { repeated } from './query.ts'
import { objectId } from './role.ts'

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

/** What Postern's own API shows beside Atlas's fields. */
const ownFields = {
  /** Ids of the attached endpoints, oldest first: as the cloud calls them, whatever cloud it is. */
  endpointIds: z.array(z.string()),
  createDate: z.string(),
  description,
  labels,
  /** Until when its deletion can be undone; null where none was asked for. */
  undoUntil: z.string().nullable(),
}
const endpointServiceDetails = z.discriminatedUnion('cloudProvider', [
  awsEndpointServiceSchema.extend(ownFields),
  azureEndpointServiceSchema.extend(ownFields),
  gcpEndpointServiceSchema.extend(ownFields),
])

/** `created`: it was made by this call; else it was there. */
const created = { ...ownFields, created: z.boolean() }
const ensuredEndpointService = z.discriminatedUnion('cloudProvider', [
  awsEndpointServiceSchema.extend(created),
  azureEndpointServiceSchema.extend(created),
  gcpEndpointServiceSchema.extend(created),
])

/** What a cloud takes is looked at by whoever writes the command; here it is only text. */
const blank = z.string().min(1).max(256)
const setup = z.object({
  tool: z.enum(setupTools),
  syntax: z.enum(['shell', 'hcl']),
  /** Makes the endpoint in its cloud. */
  create: z.string(),
  /** Attaches it to the service afterwards; null where `create` does that too. */
  attach: z.string().nullable(),
  /** What is left to fill in: by `parameter`, or, where that is null, with what `create` tells. */
  placeholders: z.array(z.object({ placeholder: z.string(), meaning: z.string(), parameter: z.string().nullable() })),
})

/** As Postern's own API shows an endpoint service. */
export type EndpointServiceDetails = z.output<typeof endpointServiceDetails>

const createBody = z.object({
  providerName: z.enum(cloudProviders),
  region: z.string().min(1).max(64),
  portMappingEnabled: z.boolean().default(false),
  supportedRemoteRegions: remoteRegions.optional(),
})

const regionalMode = z.object({ enabled: z.boolean() })

export const endpointServiceSchemas = {
  createGroupPrivateEndpointEndpointService: {
    body: createBody,
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
  listGroupEndpointServices: {
    query: z.object({
      cloudProvider: repeated(z.enum(cloudProviders)),
      /** In any spelling, of any of the asked providers. */
      region: z.string().min(1).max(64).optional(),
      status: repeated(status),
      label: labelFilter.optional(),
    }),
    reply: pageOf(endpointServiceDetails),
  },
  ensureGroupEndpointService: {
    body: createBody.extend({ labels: labels.optional(), description: description.optional() }),
    reply: ensuredEndpointService,
  },
  getGroupEndpointService: { reply: endpointServiceDetails },
  getGroupEndpointServiceSetup: {
    query: z.object({
      tool: repeated(z.enum(setupTools)),
      vpcId: blank.optional(),
      subnetIds: repeated(blank),
      securityGroupIds: repeated(blank),
      consumerRegion: blank.optional(),
      endpointName: blank.optional(),
      subscriptionId: blank.optional(),
      resourceGroup: blank.optional(),
      gcpProjectId: blank.optional(),
      network: blank.optional(),
      subnet: blank.optional(),
    }),
    /** `results` is empty while the service has no name in its cloud: its status says why. */
    reply: z.object({
      cloudProvider: z.enum(cloudProviders),
      endpointServiceId: objectId,
      results: z.array(setup),
      status,
    }),
  },
  updateGroupEndpointService: {
    body: z.strictObject({
      labels: labels.optional(),
      description: description.optional(),
      supportedRemoteRegions: remoteRegions.optional(),
    }),
    reply: endpointServiceDetails,
  },
  retryGroupEndpointService: { reply: endpointServiceDetails },
  undoGroupEndpointServiceDeletion: { reply: endpointServiceDetails },
  getGroupPrivateEndpointRegionalMode: { reply: regionalMode },
  toggleGroupPrivateEndpointRegionalMode: { body: regionalMode, reply: regionalMode },
} as const
