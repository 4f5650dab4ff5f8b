// A cluster's standard listener: ports of the gateways that lead to its members for whoever comes from an address of the
// project's IP access list, without a private endpoint.

import { z } from 'zod'

const standardListenerStates = ['OFF', 'OPENING', 'OPEN', 'CLOSED_BY_PRIVATE_ONLY', 'CLOSING', 'FAILED'] as const

const standardListener = z.object({
  /** By which a gateway's file of listeners names it, as an endpoint and as an endpoint service; null: it was never on. */
  id: z.string().nullable(),
  /** Wanted by its owner. */
  enabled: z.boolean(),
  /** OPEN: every live gateway serves it. OFF and CLOSED_BY_PRIVATE_ONLY: no gateway does any more. */
  state: z.enum(standardListenerStates),
  /** What it waits for, what stands in its way, or why nobody is let in; null: nothing. */
  problem: z.string().nullable(),
  /** Entries of the access list that let somebody in: addresses and ranges whose time is not over. */
  accessList: z.number().int(),
  /** Null where it is off or closed, and until its ports are there. */
  connectionString: z.string().nullable(),
  srvConnectionString: z.string().nullable(),
  members: z.array(
    z.object({
      /** `host:port` of the member itself. */
      hostPort: z.string(),
      /** What clients dial. */
      host: z.string(),
      port: z.number().int(),
      /** On which the gateways listen. */
      gatewayPort: z.number().int(),
    }),
  ),
})

export const standardListenerSchemas = {
  getGroupClusterStandardListener: { reply: standardListener },
  updateGroupClusterStandardListener: { body: z.strictObject({ enabled: z.boolean() }), reply: standardListener },
} as const

export type StandardListenerView = z.output<typeof standardListener>
export type StandardListenerState = StandardListenerView['state']
