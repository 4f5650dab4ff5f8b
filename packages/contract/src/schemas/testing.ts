// Faults, time and the seed of a server that was started for tests.

import { z } from 'zod'
import { cloudProviders } from '../cloud.ts'
import { faultNames, faults } from '../fault.ts'
import { objectId } from './role.ts'

/** A year. */
const longestMs = 365 * 24 * 3_600_000

const fields = {
  name: z.enum(faultNames),
  provider: z.enum(cloudProviders).optional(),
  /** In any spelling, one that some cloud has. */
  region: z.string().min(1).max(64).optional(),
  endpointId: z.string().min(1).max(512).optional(),
  groupId: objectId.optional(),
  clusterName: z.string().min(1).max(64).optional(),
  /** From 0. */
  member: z.number().int().min(0).max(49).optional(),
  /** How much longer it takes. */
  ms: z.number().int().min(1).max(longestMs).optional(),
  /** How often it happens; absent: as the fault's own row says. */
  times: z.number().int().min(1).max(1_000_000).optional(),
  /** What the cloud says instead of the fault's own sentence. */
  message: z.string().min(1).max(500).optional(),
}

const newFault = z.strictObject(fields).superRefine((fault, context) => {
  for (const field of faults[fault.name].needs)
    if (fault[field] === undefined)
      context.addIssue({ code: 'custom', path: [field], message: `is required with ${fault.name}` })
})

const faultSchema = z.object({
  ...fields,
  id: z.string(),
  /** How often it still happens; null: until it is cleared. */
  left: z.number().int().nullable(),
  /** How often it has happened. */
  struck: z.number().int(),
})

export const testingSchemas = {
  listTestingFaults: { reply: z.object({ results: z.array(faultSchema), totalCount: z.number().int() }) },
  createTestingFault: { body: newFault, reply: faultSchema },
  advanceTestingClock: {
    body: z.strictObject({ ms: z.number().int().min(1).max(longestMs) }),
    /** What the server's clock shows now. */
    reply: z.object({ now: z.string() }),
  },
  stopTesting: { reply: z.object({}) },
} as const
