// Snapshots and reports of the edge (see ../snapshot.ts for what they mean), questions about its live connections
// (../edge-question.ts), and the list of edges that have reported.

import { z } from 'zod'
import { cloudProviders } from '../cloud.ts'
import { type EdgeAnswer, type EdgeQuestion, edgeDoings, longestSummary } from '../edge-question.ts'
import { mostTraffic, type TrafficReport } from '../edge-traffic.ts'
import { feeds, longestReason } from '../snapshot.ts'
import { versionPattern, versionStandings } from '../version.ts'
import { objectId } from './role.ts'

const said = z.string().max(256)
const count = z.number().int().min(0)

const traffic = z.object({
  run: z.string().min(1).max(64),
  n: count,
  endpoints: z
    .array(
      z.object({
        endpointId: said,
        bytesFromClient: count,
        bytesFromMember: count,
        connections: count,
        newConnections: count,
        refused: count,
      }),
    )
    .max(mostTraffic)
    .refine(
      (all) => new Set(all.map(({ endpointId }) => endpointId)).size === all.length,
      'must name each endpoint once',
    ),
}) satisfies z.ZodType<TrafficReport>

/** Either its lists, or what they are known by. */
const reportSchema = z
  .object({
    epoch: z.string().min(1).max(64),
    n: z.number().int().min(0),
    bound: z.array(z.string().max(128)).max(65_536).optional(),
    failed: z
      .array(z.object({ id: z.string().max(128), reason: z.string().max(longestReason) }))
      .max(65_536)
      .optional(),
    trusts: z.array(z.string().max(64)).max(1000).optional(),
    lists: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
      .optional(),
    traffic: traffic.optional(),
    dnsAddress: said.optional(),
    version: z.string().regex(versionPattern, 'must be a version such as 1.2.3').optional(),
  })
  .superRefine(({ lists, ...report }, { addIssue }) => {
    for (const list of ['bound', 'failed', 'trusts'] as const) {
      const isThere = report[list] !== undefined
      if (lists !== undefined && isThere)
        addIssue({ code: 'custom', path: [list], message: 'must not be there beside lists' })
      else if (lists === undefined && !isThere && list !== 'trusts')
        addIssue({ code: 'custom', path: [list], message: 'must be there' })
    }
  })

const question = z.object({
  id: z.string(),
  do: z.enum(edgeDoings),
  where: z.object({
    endpointIds: z.array(z.string()),
    serviceIds: z.array(z.string()).nullable().optional(),
    clusterId: z.string().nullable(),
    appName: z.string().nullable(),
    connectionId: z.string().nullable(),
  }),
  from: z.number().int(),
  limit: z.number().int(),
}) satisfies z.ZodType<EdgeQuestion>

const answer = z.object({
  count,
  connections: z
    .array(
      z.object({
        id: objectId,
        endpointId: said,
        clusterId: said,
        member: z.string().max(512),
        source: said.nullable(),
        tls: z.boolean(),
        driver: said.nullable(),
        appName: said.nullable(),
        os: said.nullable(),
        platform: said.nullable(),
        user: said.nullable().optional(),
        startedAt: count,
        lastActivityAt: count,
        operations: count,
        bytesFromClient: count,
        bytesFromMember: count,
      }),
    )
    .max(500),
  summary: z
    .object({
      endpoints: z
        .array(z.object({ endpointId: said, connections: count, working: count.optional() }))
        .max(longestSummary),
      appNames: z.array(z.object({ appName: said.nullable(), connections: count })).max(longestSummary),
      sources: z.array(z.object({ source: said.nullable(), connections: count })).max(longestSummary),
      refused: z
        .array(
          z.object({ endpointId: said, code: said, count, lastAt: count, lastConnection: said.nullable().optional() }),
        )
        .max(longestSummary),
      refusedUnknown: z
        .array(
          z.object({
            serviceId: said,
            code: said,
            count,
            lastAt: count,
            lastConnection: said.nullable(),
            lastPort: z.number().int().min(0).max(65_535).nullable(),
            lastFrom: said.nullable(),
          }),
        )
        .max(longestSummary)
        .optional(),
      limits: z.object({ connections: count, connectionsPerEndpoint: count, newPerSecondPerEndpoint: count }),
    })
    .optional(),
  ports: z
    .array(z.object({ member: z.string().max(512), ports: z.array(z.number().int().min(0).max(65_535)).max(65_536) }))
    .max(65_536)
    .optional(),
}) satisfies z.ZodType<EdgeAnswer>

/** By an own certificate in TLS; or, where the control plane's door speaks no TLS, by an own secret. */
export const edgeProofs = ['CERTIFICATE', 'CREDENTIAL'] as const

const programs = z.array(z.enum(feeds)).min(1).max(feeds.length)

/** What an edge is sent; null: everything. */
const serves = z.object({
  programs: z.array(z.enum(feeds)),
  orgIds: z.array(z.string()).nullable(),
  groupIds: z.array(z.string()).nullable(),
})

const edgeSchema = z.object({
  edge: z.string(),
  /** EXPECTED: it may enrol, or has and never reported; SILENT: its last word is too old to count on it. */
  state: z.enum(['EXPECTED', 'LIVE', 'SILENT', 'REVOKED']),
  /** Null: it never reported. */
  seen: z.string().nullable(),
  /** Null: it shows the token that edges share, and is sent everything. */
  identity: z
    .object({
      proof: z.enum(edgeProofs),
      /** SHA-256 of the public key (SubjectPublicKeyInfo), in hex. */
      keyHash: z.string(),
      enrolled: z.string(),
      revoked: z.string().nullable(),
      serves,
    })
    .nullable(),
  /** A token that nobody has used yet. */
  enrolment: z.object({ expires: z.string() }).nullable(),
  /** `host:port` on which its DNS server listens, which resolves endpoints' names; null where it says none. */
  dnsAddress: z.string().nullable(),
  /** Through endpoints of projects that the caller sees, as the edge last told of each; null where it is no gateway. */
  connections: count.nullable(),
  /** Of its program, as it reported last; null where it never did, or is of a release that did not tell it yet. */
  version: z.string().nullable(),
  /** Beside the control plane that answers: one release older or newer goes on working. Null: it never reported. */
  versionIs: z.enum(versionStandings).nullable(),
  feeds: z.array(
    z.object({
      feed: z.enum(feeds),
      epoch: z.string(),
      n: z.number().int(),
      /** By how many numbers the newest snapshot is ahead of it; null: it has none of this control plane's yet. */
      behind: count.nullable(),
      bound: z.number().int(),
      /** Null: it is shown to who owns every organization that the edge serves. */
      failed: z.array(z.object({ id: z.string(), reason: z.string() })).nullable(),
      seen: z.string(),
    }),
  ),
})

export const edgeSchemas = {
  getEdgeSnapshot: {
    query: z.object({
      epoch: z.string().max(64).optional(),
      after: z
        .string()
        .regex(/^\d{1,9}$/, 'must be a number of one to nine digits')
        .transform(Number)
        .optional(),
    }),
    /** `schema` is absent from a whole of schema 1. Instead of `body`: see ../snapshot-change.ts. */
    reply: z.object({
      schema: z.number().int().optional(),
      epoch: z.string(),
      n: z.number().int(),
      body: z.unknown().optional(),
      after: z.number().int().optional(),
      hash: z.string().optional(),
      changes: z
        .array(
          z.object({ lists: z.record(z.string(), z.array(z.unknown())), values: z.record(z.string(), z.unknown()) }),
        )
        .optional(),
    }),
  },
  createEdgeReport: { body: reportSchema },
  getEdgeQuestions: { reply: z.object({ questions: z.array(question) }) },
  createEdgeAnswer: { body: answer },
  createEdgeEnrolment: {
    body: z.strictObject({
      /** What the edge may fetch; gateway alone unless told. */
      programs: programs.optional(),
      /** Only these projects; all of the caller's organizations unless told. For gateways. */
      groupIds: z.array(objectId).min(1).max(100).optional(),
      /** How long the token can be used. */
      expiresAfterMinutes: z.number().int().min(1).max(10_080).optional(),
    }),
    reply: z.object({
      edge: z.string(),
      /** Shown this once; an edge takes it as POSTERN_EDGE_ENROLMENT. */
      token: z.string(),
      expires: z.string(),
      serves,
    }),
  },
  enrolEdge: {
    body: z.strictObject({
      token: z.string().min(1).max(256),
      /** PKCS #10 in PEM, of the edge's own P-256 key. */
      csr: z.string().max(8192),
      /** SHA-256 in hex of a secret that the edge made, for doors without TLS. */
      credentialHash: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
    }),
    reply: z.object({
      edge: z.string(),
      proof: z.enum(edgeProofs),
      /** PEM: the edge's certificate, then its authority's; null where the secret is its proof. */
      chain: z.string().nullable(),
      serves,
    }),
  },
  previewEdgeRemoval: {
    reply: z.object({
      edge: z.string(),
      /** Of the caller's organizations, at most 100 of them: those that nothing serves without this edge. */
      unserved: z.array(
        z.object({
          groupId: z.string(),
          groupName: z.string(),
          cloudProvider: z.enum(cloudProviders),
          endpointServiceId: z.string(),
          endpointId: z.string(),
        }),
      ),
      totalCount: count,
    }),
  },
  listEdges: { reply: z.object({ results: z.array(edgeSchema), totalCount: z.number().int() }) },
} as const
