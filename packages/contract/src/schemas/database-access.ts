// How database users and custom roles stand on the deployments of a group: what Atlas's own views have no fields for.

import { z } from 'zod'

const standing = z.object({
  kind: z.enum(['USER', 'ROLE']),
  name: z.string(),
  databaseName: z.string(),
  /**
   * PENDING: some deployment does not have the newest wish yet. READY: all that can have it do. NOT_MANAGED: the user
   * proves itself by something else than a password, and is only remembered.
   */
  state: z.enum(['PENDING', 'READY', 'NOT_MANAGED']),
  /** What a deployment said against it, or what is waited for. */
  errorMessage: z.string().nullable(),
  /** Deployments that have the newest wish. */
  clusters: z.array(z.string()),
  /** The last time that a deployment was found to have something else; it was put right since, or is being put right. */
  drift: z.object({ clusterName: z.string(), difference: z.string(), noticedAt: z.string() }).nullable(),
})

export const databaseAccessSchemas = {
  listGroupDatabaseAccess: { reply: z.object({ results: z.array(standing) }) },
} as const

export type Standing = z.output<typeof standing>
