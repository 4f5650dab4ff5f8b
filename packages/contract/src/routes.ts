// Every operation once, as plain data: path, media-type versions, success status, who may; the lines stand by resource
// in routes/. The HTTP engine, the typed client, the OpenAPI document and the tests read this table; bodies and replies
// are in schemas/, under the same ids. Statuses are the recorded ones where a recording exists (POST endpointService
// 201, its DELETE 202 with `{}`).

import { absentRoutes } from './routes/absent.ts'
import { clusterRoutes } from './routes/cluster.ts'
import { connectionRoutes } from './routes/connection.ts'
import { databaseUserRoutes } from './routes/database-user.ts'
import { diagnosisRoutes } from './routes/diagnosis.ts'
import { edgeRoutes } from './routes/edge.ts'
import { eventRoutes } from './routes/event.ts'
import { groupFidelityRoutes } from './routes/group-fidelity.ts'
import { groupNetworkRoutes } from './routes/group-network.ts'
import { inviteRoutes } from './routes/invite.ts'
import { localCloudRoutes } from './routes/local-cloud.ts'
import { machineRoutes } from './routes/machine.ts'
import { organizationRoutes } from './routes/organization.ts'
import { peopleRoutes } from './routes/people.ts'
import { previewRoutes } from './routes/preview.ts'
import { privateEndpointRoutes } from './routes/private-endpoint.ts'
import { privateOnlyRoutes } from './routes/private-only.ts'
import type { Route } from './routes/route.ts'
import { serverRoutes } from './routes/server.ts'
import { testingRoutes } from './routes/testing.ts'
import { webhookRoutes } from './routes/webhook.ts'

export type { Access, Route } from './routes/route.ts'

export const routes = {
  ...organizationRoutes,
  ...peopleRoutes,
  ...inviteRoutes,
  ...machineRoutes,
  ...groupNetworkRoutes,
  ...absentRoutes,
  ...privateEndpointRoutes,
  ...previewRoutes,
  ...clusterRoutes,
  ...databaseUserRoutes,
  ...eventRoutes,
  ...groupFidelityRoutes,
  ...privateOnlyRoutes,
  ...connectionRoutes,
  ...diagnosisRoutes,
  ...webhookRoutes,
  ...localCloudRoutes,
  ...edgeRoutes,
  ...testingRoutes,
  ...serverRoutes,
} as const satisfies Record<string, Route>

export type OperationId = keyof typeof routes
