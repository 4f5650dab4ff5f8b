// Live connections through a group's private endpoints and its clusters' standard listeners, as the gateways of the edges know them, and what flowed through
// one lately, as they reported it.

import { z } from 'zod'
import { clusterNamePattern, clusterNameWords } from '../cluster.ts'
import { periodMinutes } from '../traffic-period.ts'
import { pageOf } from './paging.ts'

const unansweredEdges = z.array(z.string()).meta({
  description:
    'Edges that did not answer in time or have not been heard of for a while; what they hold is not counted.',
})

const connection = z.object({
  id: z.string(),
  edge: z.string(),
  /** The cloud's own id of the endpoint that it came through; of a standard listener `standard:` with its cluster's name. */
  endpointId: z.string(),
  /** Of a standard listener: its own id, which is no endpoint service's. */
  endpointServiceId: z.string(),
  cloudProvider: z.enum(['AWS', 'AZURE', 'GCP']),
  /** Null where the cluster has gone meanwhile. */
  clusterName: z.string().nullable(),
  /** `host:port` of the member. */
  member: z.string(),
  /** `host:port` of the client as the endpoint's cloud names it. */
  source: z.string().nullable(),
  tls: z.boolean(),
  driver: z.string().nullable(),
  appName: z.string().nullable(),
  os: z.string().nullable(),
  platform: z.string().nullable(),
  /** As whom it asked to be let in, `name@database`; null where it did not with its first message, or does not say. */
  user: z.string().nullable(),
  since: z.string(),
  lastActivity: z.string(),
  operations: z.number().int(),
  bytesFromClient: z.number().int(),
  bytesFromMember: z.number().int(),
})

const filter = z.object({
  appName: z.string().min(1).max(128).optional(),
  clusterName: z.string().regex(clusterNamePattern, clusterNameWords).optional(),
  endpointId: z.string().min(1).max(512).optional(),
})

/** Since the gateways started. */
const refused = z.object({
  code: z.string(),
  count: z.number().int(),
  last: z.string(),
  /** The id of the last one, by which the gateway's log has it; null where that is not known. */
  lastConnection: z.string().nullable(),
})

const summary = z.object({
  connections: z.number().int(),
  /** Those that have connections or turned some away; most first, as every list here, and cut after a hundred. */
  endpoints: z.array(
    z.object({
      endpointId: z.string(),
      endpointServiceId: z.string(),
      cloudProvider: z.enum(['AWS', 'AZURE', 'GCP']),
      connections: z.number().int(),
      /** Of these: those that have said more than hello. The limit is theirs; drivers watch members by others. */
      working: z.number().int(),
      /** Of each gateway, where this endpoint has limits of its own; null: as the gateway is set. */
      connectionsLimit: z.number().int().nullable(),
      newPerSecondLimit: z.number().int().nullable(),
      refused: z.array(refused),
    }),
  ),
  /** Those at whose ports somebody was turned away before it was known through which endpoint he came. */
  endpointServices: z.array(
    z.object({
      endpointServiceId: z.string(),
      cloudProvider: z.enum(['AWS', 'AZURE', 'GCP']),
      refused: z.array(
        refused.extend({
          lastEdge: z.string(),
          /** The gateway's. */
          lastPort: z.number().int().nullable(),
          /** The address that connected, or that a trusted load balancer named. */
          lastFrom: z.string().nullable(),
        }),
      ),
    }),
  ),
  appNames: z.array(z.object({ appName: z.string().nullable(), connections: z.number().int() })),
  sources: z.array(z.object({ source: z.string().nullable(), connections: z.number().int() })),
  /** What each gateway lets in. */
  gateways: z.array(
    z.object({
      edge: z.string(),
      /** Through the endpoints of this project. */
      connections: z.number().int(),
      connectionsPerEndpointLimit: z.number().int(),
      /** 0: any number. */
      newPerSecondPerEndpointLimit: z.number().int(),
      /** Of all projects together. */
      connectionsLimit: z.number().int(),
    }),
  ),
  unansweredEdges,
})

const killed = z.object({ killed: z.number().int(), unansweredEdges })

const period = z
  .string()
  .refine((text) => periodMinutes(text) !== null, 'must be from PT1M to PT24H')
  .default('PT1H')

const traffic = z.object({
  /** How long each point is. */
  granularity: z.enum(['PT1M', 'PT15M']),
  /** Oldest first, without gaps; the last one is not over yet. */
  points: z.array(
    z.object({
      /** When it begins. */
      from: z.string(),
      bytesFromClient: z.number().int(),
      bytesFromMember: z.number().int(),
      /** Open when it ended; of the last point, now. */
      connections: z.number().int(),
      newConnections: z.number().int(),
      refused: z.number().int(),
    }),
  ),
})

export const connectionSchemas = {
  listGroupConnections: { query: filter, reply: pageOf(connection).extend({ unansweredEdges }) },
  summarizeGroupConnections: { query: filter, reply: summary },
  killGroupConnections: { query: filter, reply: killed },
  killGroupConnection: { reply: killed },
  getGroupPrivateEndpointTraffic: { query: z.object({ period }), reply: traffic },
  getGroupClusterStandardListenerTraffic: { query: z.object({ period }), reply: traffic },
} as const

export type TrafficView = z.output<typeof traffic>
export type ConnectionView = z.output<typeof connection>
export type ConnectionSummary = z.output<typeof summary>
export type ConnectionQuery = z.output<typeof filter>
