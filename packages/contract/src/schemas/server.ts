// The server itself.

import { z } from 'zod'

export const serverSchemas = {
  getHealth: { reply: z.object({ status: z.literal('ok') }) },
  getReadiness: { reply: z.object({ status: z.literal('ready') }) },
} as const
