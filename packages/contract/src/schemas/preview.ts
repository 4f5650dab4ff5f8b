// What a change would do, and what the caller may do, told before anything is tried.

import { z } from 'zod'
import { deploymentSchemas } from './deployment.ts'
import { endpointServiceSchemas } from './endpoint-service.ts'
import { privateEndpointSchemas } from './private-endpoint.ts'

/** Why not, as the change itself would be refused; the code is null where a turn would refuse it later. */
const blocker = z.object({
  errorCode: z.string().nullable(),
  detail: z.string(),
  /** Of the body; null where it is none of them. */
  field: z.string().nullable(),
})
export type Blocker = z.output<typeof blocker>

const check = z.object({ possible: z.boolean(), blockers: z.array(blocker) })
const count = z.number().int()

const deletion = check.extend({
  /** Live ones through the endpoints that are named. */
  connections: count,
  /** By cluster and by application, most first: of at most 500 connections of each edge. */
  clusters: z.array(z.object({ clusterName: z.string().nullable(), connections: count })),
  appNames: z.array(z.object({ appName: z.string().nullable(), connections: count })),
  /** Edges that did not say; what they hold is not counted. */
  unansweredEdges: z.array(z.string()),
  /** Those that are there now and would not be afterwards. */
  connectionStrings: z.array(
    z.object({ clusterName: z.string(), endpointId: z.string(), standard: z.string(), srv: z.string() }),
  ),
  /** The endpoint itself, or what is attached to the service. */
  endpointIds: z.array(z.string()),
  /** Whether the endpoint service goes, at once or with this endpoint as its last. */
  endpointServiceGoes: z.boolean(),
  /** For how long it can be taken back, in minutes; 0: not at all. */
  undoMinutes: count,
})
export type DeletionPreview = z.output<typeof deletion>

export const previewSchemas = {
  checkGroupEndpointService: {
    body: endpointServiceSchemas.createGroupPrivateEndpointEndpointService.body,
    reply: check,
  },
  checkGroupPrivateEndpoint: {
    body: privateEndpointSchemas.createGroupPrivateEndpointEndpointServiceEndpoint.body,
    reply: check,
  },
  checkGroupPrivateEndpointRegionalMode: {
    body: endpointServiceSchemas.toggleGroupPrivateEndpointRegionalMode.body,
    reply: check,
  },
  previewGroupEndpointServiceDeletion: { reply: deletion },
  previewGroupPrivateEndpointDeletion: {
    query: privateEndpointSchemas.deleteGroupPrivateEndpoint.query,
    reply: deletion,
  },
  checkGroupDeployment: {
    body: deploymentSchemas.registerGroupDeployment.body,
    reply: check.extend({
      /** Null where it was not found out. */
      deployment: deploymentSchemas.registerGroupDeployment.reply
        .pick({
          type: true,
          setName: true,
          mongoDBVersion: true,
          hiddenMembersUnknownReason: true,
          usersManaged: true,
          usersNotManagedReason: true,
        })
        .extend({ members: z.array(z.object({ hostPort: z.string(), role: z.string() })) })
        .nullable(),
    }),
  },
  getGroupCallerRoles: {
    reply: z.object({
      groupId: z.string(),
      orgId: z.string(),
      /** Held on the project by whatever way, implied ones included. */
      roles: z.array(z.string()),
      /** The same of its organization. */
      orgRoles: z.array(z.string()),
      /** An Organization Owner who is no Project Owner yet, and may add themselves (`addGroupUserRole`). */
      mayAddThemselves: z.boolean(),
      /** Operations on this project and its organization that are not refused to these roles. */
      operations: z.array(z.string()),
    }),
  },
} as const
