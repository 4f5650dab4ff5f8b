// The schemas of every operation under its id in ../routes.ts: path parameters are text, so only query, body and reply
// stand here. One file per resource; this one only gathers them.

import type { z } from 'zod'
import type { OperationId } from '../routes.ts'
import { absentSchemas } from './absent.ts'
import { apiKeySchemas } from './api-key.ts'
import { callerAccessSchemas } from './caller-access.ts'
import { certificateSchemas } from './certificate.ts'
import { clusterSchemas } from './cluster.ts'
import { clusterOverviewSchemas } from './cluster-overview.ts'
import { connectionSchemas } from './connection.ts'
import { customDbRoleSchemas } from './custom-db-role.ts'
import { databaseAccessSchemas } from './database-access.ts'
import { databaseUserSchemas } from './database-user.ts'
import { deploymentSchemas } from './deployment.ts'
import { diagnosisSchemas } from './diagnosis.ts'
import { edgeSchemas } from './edge.ts'
import { endpointServiceSchemas } from './endpoint-service.ts'
import { eventSchemas } from './event.ts'
import { flexClusterSchemas } from './flex-cluster.ts'
import { groupSchemas } from './group.ts'
import { groupFidelitySchemas } from './group-fidelity.ts'
import { groupNetworkSchemas } from './group-network.ts'
import { inviteSchemas } from './invite.ts'
import { limitSchemas } from './limit.ts'
import { localCloudSchemas } from './local-cloud.ts'
import { organizationSchemas } from './organization.ts'
import { previewSchemas } from './preview.ts'
import { privateEndpointSchemas } from './private-endpoint.ts'
import { privateOnlySchemas } from './private-only.ts'
import { processArgsSchemas } from './process-args.ts'
import { serverSchemas } from './server.ts'
import { serviceAccountSchemas } from './service-account.ts'
import { invitationSchemas, sessionSchemas } from './session.ts'
import { standardListenerSchemas } from './standard-listener.ts'
import { teamSchemas } from './team.ts'
import { testingSchemas } from './testing.ts'
import { tokenSchemas } from './token.ts'
import { userSchemas } from './user.ts'
import { webhookSchemas } from './webhook.ts'

export interface OperationSchemas {
  /** Beside pageNum, itemsPerPage, includeCount, envelope and pretty, which the engine knows. */
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly reply?: z.ZodType
}

export const operationSchemas = {
  ...organizationSchemas,
  ...groupSchemas,
  ...apiKeySchemas,
  ...callerAccessSchemas,
  ...serviceAccountSchemas,
  ...groupNetworkSchemas,
  ...absentSchemas,
  ...userSchemas,
  ...inviteSchemas,
  ...teamSchemas,
  ...sessionSchemas,
  ...invitationSchemas,
  ...limitSchemas,
  ...tokenSchemas,
  ...endpointServiceSchemas,
  ...privateEndpointSchemas,
  ...previewSchemas,
  ...clusterSchemas,
  ...standardListenerSchemas,
  ...clusterOverviewSchemas,
  ...processArgsSchemas,
  ...flexClusterSchemas,
  ...deploymentSchemas,
  ...eventSchemas,
  ...webhookSchemas,
  ...databaseUserSchemas,
  ...customDbRoleSchemas,
  ...databaseAccessSchemas,
  ...groupFidelitySchemas,
  ...privateOnlySchemas,
  ...connectionSchemas,
  ...diagnosisSchemas,
  ...localCloudSchemas,
  ...edgeSchemas,
  ...certificateSchemas,
  ...testingSchemas,
  ...serverSchemas,
} as const

type Of<
  Op extends OperationId,
  Part extends keyof OperationSchemas,
  Otherwise,
> = Op extends keyof typeof operationSchemas
  ? (typeof operationSchemas)[Op] extends { readonly [Key in Part]: infer Schema extends z.ZodType }
    ? Schema
    : Otherwise
  : Otherwise

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : Schema

export type BodyOf<Op extends OperationId> = Output<Of<Op, 'body', undefined>>
export type QueryOf<Op extends OperationId> = Output<Of<Op, 'query', Readonly<Record<string, never>>>>
export type ReplyOf<Op extends OperationId> = Output<Of<Op, 'reply', undefined>>
/** What a client sends: defaults not yet filled in. */
export type BodyInputOf<Op extends OperationId> =
  Of<Op, 'body', undefined> extends infer Schema ? (Schema extends z.ZodType ? z.input<Schema> : undefined) : never
