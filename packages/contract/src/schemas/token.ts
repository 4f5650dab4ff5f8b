// OAuth 2.0 client credentials (RFC 6749, 4.4 and 5.2) and revocation (RFC 7009). Errors have OAuth's own shape here.

import { z } from 'zod'

const oauthError = z.object({ error: z.string(), error_description: z.string() })

export const tokenSchemas = {
  createToken: {
    body: z.object({
      grant_type: z.string().optional(),
      client_id: z.string().optional(),
      client_secret: z.string().optional(),
    }),
    reply: z.union([
      z.object({ access_token: z.string(), expires_in: z.number().int(), token_type: z.string() }),
      oauthError,
    ]),
  },
  revokeToken: {
    body: z.object({
      token: z.string().optional(),
      token_type_hint: z.string().optional(),
      client_id: z.string().optional(),
      client_secret: z.string().optional(),
    }),
    reply: z.union([z.object({}), oauthError]),
  },
} as const
