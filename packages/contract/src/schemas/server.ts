// The server itself.

import { z } from 'zod'
import { link } from './paging.ts'

const systemStatus = z.object({
  /** Null where the caller is no API key. */
  apiKey: z
    .object({
      accessList: z.array(z.object({ cidrBlock: z.string(), ipAddress: z.string().nullable() })),
      id: z.string(),
      publicKey: z.string(),
      roles: z.array(
        z.union([
          z.object({ groupId: z.string(), roleName: z.string() }),
          z.object({ orgId: z.string(), roleName: z.string() }),
        ]),
      ),
    })
    .nullable(),
  appName: z.literal('MongoDB Atlas'),
  /** 40 hex digits that change with each release. */
  build: z.string(),
  links: z.array(link),
  throttling: z.boolean(),
})

export const serverSchemas = {
  getSystemStatus: { reply: systemStatus },
  getIpInfo: { reply: z.object({ currentIpv4Address: z.string() }) },
  /** Plain text, such as `8.0`. */
  getDefaultMongoDBMajorVersion: { reply: z.string() },
  getHealth: { reply: z.object({ status: z.literal('ok') }) },
  getReadiness: { reply: z.object({ status: z.literal('ready') }) },
} as const
