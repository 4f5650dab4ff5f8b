// A cluster's standard listener: ports of the gateways that lead to its members for whoever comes from an address of the
// project's IP access list, without a private endpoint.

import { z } from 'zod'
import { endpointPolicy } from './private-endpoint.ts'

const standardListenerStates = ['OFF', 'OPENING', 'OPEN', 'CLOSED_BY_PRIVATE_ONLY', 'CLOSING', 'FAILED'] as const

/** A rule that is said of endpoints too, in the same words. */
const listenerPolicy = endpointPolicy.pick({ maxSnapshotAgeSeconds: true })

const standardListener = z.object({
  /** By which a gateway's file of listeners names it, as an endpoint and as an endpoint service; null: it was never on, nor had a policy. */
  id: z.string().nullable(),
  /** Wanted by its owner. */
  enabled: z.boolean(),
  policy: listenerPolicy,
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
  updateGroupClusterStandardListener: {
    /** What is left out stays. */
    body: z
      .strictObject({ enabled: z.boolean().optional(), policy: listenerPolicy.partial().optional() })
      .refine(({ enabled, policy }) => enabled !== undefined || policy !== undefined, 'must say enabled or policy'),
    reply: standardListener,
  },
} as const

export type StandardListenerView = z.output<typeof standardListener>
export type StandardListenerState = StandardListenerView['state']
