// Private endpoints. Which fields a body must have depends on the provider in the path, so the body schema only says
// what kind each field is (Atlas CreateEndpointRequest, its three forms together); the handler demands the provider's
// own and names the field that is wrong. Replies have keys in alphabetical order, as Atlas sends them.

import { z } from 'zod'
import { cloudProviders } from '../cloud.ts'
import { tlsVersions } from '../endpoint-policy.ts'
import { endpointStatuses } from '../private-endpoint.ts'
import { description, labelFilter, labels } from './labels.ts'
import { pageOf } from './paging.ts'
import { repeated } from './query.ts'

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

const mostConnections = 1_000_000

/** What each gateway lets in through one endpoint; null: as the gateway is set. */
export const endpointLimits = z.strictObject({
  /** Open at a time. */
  connections: z.number().int().min(1).max(mostConnections).nullable(),
  /** New ones a second, after a burst of as many as it may have open; 0: any number. */
  newPerSecond: z.number().int().min(0).max(mostConnections).nullable(),
})

/** What is forbidden at one endpoint; see contract/endpoint-policy.ts. */
export const endpointPolicy = z.strictObject({
  /** Names of the clusters that it opens, and of which it offers strings; null: every one of the project. */
  clusters: z.array(z.string().min(1).max(64)).max(500).nullable(),
  /** Clients must speak TLS, of this version or a newer one; null: as the endpoint's form has it. */
  minimumTls: z.enum(tlsVersions).nullable(),
  /** A connection without a byte for as long, and with nothing on its way, is ended; null: as the gateway is set. */
  idleSeconds: z.number().int().min(30).max(86_400).nullable(),
  /** Who may authenticate, and nobody may do anything without; null: whoever the deployment knows. */
  databaseUsers: z
    .array(
      z.strictObject({
        username: z.string().min(1).max(1024),
        /** Its authentication database: `admin` or `$external`. */
        databaseName: z.string().min(1).max(63),
      }),
    )
    .max(500)
    .nullable(),
  /** Only commands and aggregation stages that are known to read; a guard rail, no substitute for roles. */
  readOnly: z.boolean(),
  /**
   * A gateway that has not heard for as long that its snapshot is the newest lets nobody in and ends who is there; null: it
   * serves on.
   */
  maxSnapshotAgeSeconds: z.number().int().min(60).max(604_800).nullable(),
  /** CA certificates in PEM; a client must show a certificate that one of them signed. Only with TLS; null: none is asked for. */
  clientCa: z.string().min(1).max(16_384).nullable(),
  /**
   * What that certificate is called: its subject, last part first, letters as they are and no spaces but around the plus of
   * a part with several (`CN=app,O=Shop`, `CN=app + UID=7,O=Café`), or a DNS name in it; null: anything.
   */
  clientNames: z.array(z.string().min(1).max(512)).max(50).nullable(),
})

/** What Postern's own API shows beside Atlas's fields: under one name what each cloud calls otherwise. */
const ownFields = {
  createDate: z.string(),
  description,
  /** What paths call it: the VPC endpoint's id, the resource id, the group's name. */
  endpointId: z.string(),
  endpointServiceId: z.string(),
  /** Does its service stay when it is the last to go? Null: by the server's setting. */
  keepService: z.boolean().nullable(),
  labels,
  limits: endpointLimits,
  policy: endpointPolicy,
  regionName: z.string(),
  /** Until when its deletion can be undone; null where none was asked for. */
  undoUntil: z.string().nullable(),
}
const awsFields = { ...ownFields, status: awsInterfaceEndpointSchema.shape.connectionStatus }
/** Of ensuring: it was attached by this call; else it was before. */
const created = z.boolean()
const ensuredPrivateEndpoint = z.discriminatedUnion('cloudProvider', [
  awsInterfaceEndpointSchema.extend({ ...awsFields, created }),
  azurePrivateEndpointSchema.extend({ ...ownFields, created }),
  gcpEndpointGroupSchema.extend({ ...ownFields, created }),
])
const privateEndpointDetails = z.discriminatedUnion('cloudProvider', [
  awsInterfaceEndpointSchema.extend(awsFields),
  azurePrivateEndpointSchema.extend(ownFields),
  gcpEndpointGroupSchema.extend(ownFields),
])

/** As Postern's own API shows an attached endpoint. */
export type PrivateEndpointDetails = z.output<typeof privateEndpointDetails>

const correctionFields = createPrivateEndpointSchema.omit({ cloudProvider: true })

const termination = z.object({
  kind: z.enum(['endpointService', 'endpoint']),
  cloudProvider: z.enum(cloudProviders),
  regionName: z.string(),
  endpointServiceId: z.string(),
  /** Null where it is the service itself. */
  endpointId: z.string().nullable(),
  terminated: z.string(),
  undoUntil: z.string(),
  /** Why it cannot be taken back at the moment; null where it can. */
  problem: z.string().nullable(),
})

/** Something that was terminated and can be taken back. */
export type TerminationView = z.output<typeof termination>

export const privateEndpointSchemas = {
  createGroupPrivateEndpointEndpointServiceEndpoint: {
    body: createPrivateEndpointSchema,
    reply: privateEndpointSchema,
  },
  getGroupPrivateEndpointEndpointServiceEndpoint: { reply: privateEndpointSchema },
  deleteGroupPrivateEndpointEndpointServiceEndpoint: { reply: z.object({}) },
  listGroupPrivateEndpoints: {
    query: z.object({
      cloudProvider: repeated(z.enum(cloudProviders)),
      /** In any spelling, of any of the asked providers. */
      region: z.string().min(1).max(64).optional(),
      /** Any cloud's word for a state. */
      status: repeated(z.enum(endpointStatuses)),
      endpointServiceId: z.string().max(24).optional(),
      endpointId: z.string().max(1024).optional(),
      label: labelFilter.optional(),
    }),
    reply: pageOf(privateEndpointDetails),
  },
  ensureGroupPrivateEndpoint: {
    body: createPrivateEndpointSchema.extend({
      labels: labels.optional(),
      description: description.optional(),
      /** Of one that is attached by this call: from its first moment. */
      policy: endpointPolicy.partial().optional(),
    }),
    reply: ensuredPrivateEndpoint,
  },
  getGroupPrivateEndpoint: { reply: privateEndpointDetails },
  updateGroupPrivateEndpoint: {
    body: z.strictObject({
      ...correctionFields.shape,
      labels: labels.optional(),
      description: description.optional(),
      keepService: z.boolean().nullable().optional(),
      /** What is left out stays. */
      limits: endpointLimits.partial().optional(),
      /** What is left out stays. */
      policy: endpointPolicy.partial().optional(),
    }),
    reply: privateEndpointDetails,
  },
  deleteGroupPrivateEndpoint: {
    query: z.object({
      /** true: waits for no edge that is silent, though such a one may still serve it; also asked of one that waits. */
      force: z.enum(['true', 'false']).optional(),
      /** true: its service stays, also when it was the last; false: it goes with the last. Else by the setting. */
      keepService: z.enum(['true', 'false']).optional(),
    }),
    reply: z.object({}),
  },
  retryGroupPrivateEndpoint: { reply: privateEndpointDetails },
  undoGroupPrivateEndpointDeletion: { reply: privateEndpointDetails },
  listGroupGatewayPorts: {
    reply: z.object({
      results: z.array(
        z.object({
          endpointServiceId: z.string(),
          providerName: z.enum(cloudProviders),
          /** Atlas's spelling. */
          regionName: z.string(),
          clusterName: z.string(),
          /** The member, `host:port`; null where the routers of a sharded cluster are balanced. */
          member: z.string().nullable(),
          /** What connection strings show, and a balancer listens on. */
          servicePort: z.number().int(),
          /** What every gateway listens on for it. */
          gatewayPort: z.number().int(),
        }),
      ),
      totalCount: z.number().int(),
    }),
  },
  listGroupTerminations: { reply: pageOf(termination) },
} as const
