// The server itself.

import { z } from 'zod'

export const serverSchemas = {
  getIpInfo: { reply: z.object({ currentIpv4Address: z.string() }) },
  /** Plain text, such as `8.0`. */
  getDefaultMongoDBMajorVersion: { reply: z.string() },
  getHealth: { reply: z.object({ status: z.literal('ok') }) },
  getReadiness: { reply: z.object({ status: z.literal('ready') }) },
} as const
