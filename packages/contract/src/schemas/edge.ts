// Snapshots and reports of the edge (see ../snapshot.ts for what they mean), and the list of edges that have reported.

import { z } from 'zod'
import { feeds } from '../snapshot.ts'

const reportSchema = z.object({
  epoch: z.string().min(1).max(64),
  n: z.number().int().min(0),
  bound: z.array(z.string().max(128)).max(65_536),
  failed: z.array(z.object({ id: z.string().max(128), reason: z.string().max(1024) })).max(65_536),
})

const edgeSchema = z.object({
  edge: z.string(),
  /** SILENT: its last word is too old to count on it. */
  state: z.enum(['LIVE', 'SILENT']),
  seen: z.string(),
  feeds: z.array(
    z.object({
      feed: z.enum(feeds),
      epoch: z.string(),
      n: z.number().int(),
      bound: z.number().int(),
      failed: z.array(z.object({ id: z.string(), reason: z.string() })),
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
        .regex(/^\d{1,9}$/)
        .transform(Number)
        .optional(),
    }),
    /** `schema` is absent from a whole of schema 1. */
    reply: z.object({ schema: z.number().int().optional(), epoch: z.string(), n: z.number().int(), body: z.unknown() }),
  },
  createEdgeReport: { body: reportSchema },
  listEdges: { reply: z.object({ results: z.array(edgeSchema), totalCount: z.number().int() }) },
} as const
