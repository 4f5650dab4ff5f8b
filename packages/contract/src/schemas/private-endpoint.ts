// Private endpoints. Which fields a body must have depends on the provider in the path, so the body schema only says
// what kind each field is (Atlas CreateEndpointRequest, its three forms together); the handler demands the provider's
// own and names the field that is wrong. Replies have keys in alphabetical order, as Atlas sends them.

import { z } from 'zod'
import { cloudProviders } from '../cloud.ts'

const awsInterfaceEndpointSchema = z.object({
  cloudProvider: z.literal('AWS'),
  connectionStatus: z.enum(['PENDING_ACCEPTANCE', 'PENDING', 'AVAILABLE', 'REJECTED', 'DELETING']),
  deleteRequested: z.boolean(),
  errorMessage: z.string().nullable(),
  interfaceEndpointId: z.string(),
})

const azurePrivateEndpointSchema = z.object({
  cloudProvider: z.literal('AZURE'),
  deleteRequested: z.boolean(),
  errorMessage: z.string().nullable(),
  /** Null until Azure knows the connection. */
  privateEndpointConnectionName: z.string().nullable(),
  privateEndpointIPAddress: z.string(),
  privateEndpointResourceId: z.string(),
  status: z.enum(['INITIATING', 'AVAILABLE', 'FAILED', 'DELETING']),
})

const gcpEndpointGroupSchema = z.object({
  cloudProvider: z.literal('GCP'),
  deleteRequested: z.boolean(),
  endpointGroupName: z.string(),
  endpoints: z.array(
    z.object({
      endpointName: z.string(),
      ipAddress: z.string(),
      status: z.enum(['INITIATING', 'AVAILABLE', 'FAILED', 'DELETING']),
    }),
  ),
  errorMessage: z.string().nullable(),
  gcpProjectId: z.string(),
  portMappingEnabled: z.boolean(),
  status: z.enum(['INITIATING', 'VERIFIED', 'AVAILABLE', 'FAILED', 'DELETING']),
})

const privateEndpointSchema = z.discriminatedUnion('cloudProvider', [
  awsInterfaceEndpointSchema,
  azurePrivateEndpointSchema,
  gcpEndpointGroupSchema,
])

/** As the API shows an attached endpoint. */
export type PrivateEndpointView = z.output<typeof privateEndpointSchema>

export const createPrivateEndpointSchema = z.object({
  cloudProvider: z.enum(cloudProviders).optional(),
  id: z.string().max(1024).nullish(),
  privateEndpointIPAddress: z.string().max(64).nullish(),
  endpointGroupName: z.string().max(256).nullish(),
  gcpProjectId: z.string().max(64).nullish(),
  endpoints: z
    .array(z.object({ endpointName: z.string().max(256).nullish(), ipAddress: z.string().max(64).nullish() }))
    .max(150)
    .nullish(),
})

export const privateEndpointSchemas = {
  createGroupPrivateEndpointEndpointServiceEndpoint: {
    body: createPrivateEndpointSchema,
    reply: privateEndpointSchema,
  },
  getGroupPrivateEndpointEndpointServiceEndpoint: { reply: privateEndpointSchema },
  deleteGroupPrivateEndpointEndpointServiceEndpoint: { reply: z.object({}) },
} as const
