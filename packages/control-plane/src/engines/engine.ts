// The seam for where a cluster's members come from. An engine makes members, or takes them as they are; finding out
// what they say is the same for all (watch.ts). Two implementations behind engine.case.ts: the sandbox on this machine,
// and a deployment of the user's own.

import type { ClusterEngine } from '@postern/contract/cluster'
import { z } from 'zod'

const reachSchema = z.object({
  /** `host:port` of every member that is known, the deployment's own spelling. */
  hosts: z.array(z.string()),
  /** Null: the control plane may look, but manages no users. */
  admin: z.object({ user: z.string(), password: z.string(), source: z.string() }).nullable(),
  /** Who may look and manages no users: kept where that is all that was given, and it shows hidden members. */
  monitor: z.object({ user: z.string(), password: z.string(), source: z.string() }).nullable().default(null),
  /** Null: members speak plain TCP. */
  tls: z
    .object({
      ca: z.string().nullable(),
      allowInvalidHostnames: z.boolean(),
      /** What is shown to members that ask for a certificate, in PEM. */
      shown: z.object({ cert: z.string(), key: z.string() }).nullable().default(null),
    })
    .nullable(),
})

/** How the control plane itself reaches a deployment: the `access` column, sealed, because it holds a password. */
export type Reach = z.output<typeof reachSchema>

/** Parses what was sealed in `access`. Throws ZodError on a row that this program never wrote. */
export const parseReach = (text: string): Reach => reachSchema.parse(JSON.parse(text))

interface EngineWish {
  readonly id: string
  readonly name: string
  readonly setName: string
  readonly members: number
  /** Members are to be routers of a sharded cluster. */
  readonly routers: boolean
  /** No member is to serve; their data stays. Only where the engine makes the members. */
  readonly paused: boolean
  readonly reach: Reach
}

/** What `ensure` was last asked in this process, and what it answered. */
export interface Made extends Pick<EngineWish, 'members' | 'paused'> {
  /** Of the cluster's row, when it was asked. */
  readonly revision: number
  /** Where members listen, in order. */
  readonly hosts: readonly string[]
}

/** What a test may do to the members that an engine makes. A member is named by its number. */
export interface EngineDrills {
  readonly kill: (clusterId: string, member: number) => Promise<void>
  readonly revive: (clusterId: string, member: number) => Promise<void>
  readonly stepDown: (clusterId: string) => Promise<void>
  /** Keeps every cluster as it is now: members, data, users. */
  readonly keep: () => Promise<void>
  /** Puts every cluster back to what was kept, ends connections of database users, and removes clusters made since. */
  readonly restore: () => Promise<void>
}

export interface Engine {
  readonly name: ClusterEngine
  /** Makes what is wished, or changes what is there until it is so; answers where the members listen, in order. Rejects when it cannot. */
  readonly ensure: (wish: EngineWish, signal: AbortSignal) => Promise<readonly string[]>
  /** Ends the members and their data where the engine made them; does nothing when they are gone already. */
  readonly remove: (clusterId: string, signal: AbortSignal) => Promise<void>
  /** Absent: its members are somebody's own. */
  readonly drills?: EngineDrills
}

/** What a deployment's members say of themselves, put together. */
export type Seen =
  | { readonly kind: 'unreachable'; readonly reason: string }
  | {
      readonly kind: 'replicaSet'
      readonly setName: string
      readonly hasPrimary: boolean
      readonly version: string | null
      /** Every member that the set lists, reachable or not; and hidden ones where its configuration was read. */
      readonly members: readonly SeenMember[]
      /** Why hidden members are not among them; null where they are. */
      readonly hidden: HiddenUnknown | null
    }
  | { readonly kind: 'routers'; readonly version: string | null; readonly members: readonly SeenMember[] }
  | { readonly kind: 'standalone'; readonly version: string | null }

/** NOT_TOLD: nobody who may ask is known, or no longer. UNREAD: whoever may did not get an answer this time. */
export type HiddenUnknown = 'NOT_TOLD' | 'UNREAD'

export interface SeenMember {
  /** `host:port`, host in lower case. */
  readonly hostPort: string
  readonly role: MemberRole
}

/** `unknown`: not reachable from here, or in no state to serve. */
export type MemberRole = 'primary' | 'secondary' | 'arbiter' | 'passive' | 'hidden' | 'delayed' | 'mongos' | 'unknown'
