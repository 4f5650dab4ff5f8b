// Groups (projects).

import { z } from 'zod'
import { link, pageOf } from './paging.ts'

/** The contract's pattern, and the space that recorded names have. */
const name = z
  .string()
  .regex(/^[\p{L}\p{N} \-_.(),:&@+']{1,64}$/u, "must be 1 to 64 letters, digits, spaces or -_.(),:&@+'")
  .refine((text) => text.trim() !== '', 'must not be blank')
const objectId = z.string().regex(/^[a-f0-9]{24}$/, 'must be 24 hexadecimal digits')
const tag = z.object({ key: z.string().min(1).max(255), value: z.string().min(1).max(255) })

export const groupReply = z.object({
  clusterCount: z.number().int(),
  created: z.string(),
  id: z.string(),
  links: z.array(link),
  name: z.string(),
  orgId: z.string(),
  /** Left out of the answer to a POST that gave none (recorded). */
  tags: z.array(tag).optional(),
  withDefaultAlertsSettings: z.boolean(),
})

export const groupSchemas = {
  listGroups: { reply: pageOf(groupReply) },
  createGroup: {
    /** The official CLI sends it empty. */
    query: z.object({ projectOwnerId: z.union([z.literal(''), objectId]).optional() }),
    body: z.object({
      name,
      orgId: objectId,
      tags: z.array(tag).max(50).optional(),
      withDefaultAlertsSettings: z.boolean().default(true),
    }),
    reply: groupReply,
  },
  getGroup: { reply: groupReply },
  getGroupByName: { reply: groupReply },
  deleteGroup: { reply: z.object({}) },
} as const
