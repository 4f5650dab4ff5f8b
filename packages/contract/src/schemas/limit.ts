// Limits of a group.

import { z } from 'zod'

const limit = z.object({
  currentUsage: z.number().int().optional(),
  defaultLimit: z.number().int().optional(),
  maximumLimit: z.number().int().optional(),
  name: z.string(),
  value: z.number().int(),
})

export const limitSchemas = {
  listGroupLimits: { reply: z.array(limit) },
  getGroupLimit: { reply: limit },
  setGroupLimit: {
    /** The path names the limit; a body that names another one contradicts itself. */
    body: z.object({ name: z.string().optional(), value: z.number().int() }),
    reply: limit,
  },
} as const
