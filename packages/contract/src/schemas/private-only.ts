// Whether a project has private ways into its clusters alone.

import { z } from 'zod'

const privateOnly = z.strictObject({
  /** True: no standard connection string is handed out, only those of private endpoints, and no standard listener is open. */
  enabled: z.boolean(),
})

export const privateOnlySchemas = {
  getGroupPrivateOnly: { reply: privateOnly },
  updateGroupPrivateOnly: { body: privateOnly, reply: privateOnly },
} as const
