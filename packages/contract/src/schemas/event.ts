// Audit events of a group and of an organization. A filter that may name several values is repeated in the query
// (`eventType=A&eventType=B`), as Atlas's clients send it.

import { z } from 'zod'
import { clusterNamePattern, clusterNameWords } from '../cluster.ts'
import { eventTypePattern, eventTypeWords } from '../event.ts'
import { repeated } from './query.ts'

const link = z.object({ href: z.string(), rel: z.string() })
const flag = z.enum(['true', 'false']).optional()
/** ISO 8601, with any offset. */
const moment = z.iso.datetime({ offset: true }).optional()

/** The whole of what is kept, where the caller asks for it. */
const raw = z.object({
  _t: z.string(),
  cid: z.string().optional(),
  cre: z.string(),
  description: z.string().nullable(),
  gn: z.string().optional(),
  id: z.string(),
  orgId: z.string(),
  orgName: z.string().optional(),
  severity: z.enum(['INFO']),
})

const event = z.object({
  apiKeyId: z.string().optional(),
  clusterName: z.string().optional(),
  created: z.string(),
  dbUserUsername: z.string().optional(),
  eventTypeName: z.string(),
  groupId: z.string().optional(),
  id: z.string(),
  isGlobalAdmin: z.boolean(),
  links: z.array(link),
  orgId: z.string().optional(),
  publicKey: z.string().optional(),
  raw: raw.optional(),
  remoteAddress: z.string().optional(),
  resourceId: z.string().optional(),
  resourceType: z.string().optional(),
  targetPublicKey: z.string().optional(),
  targetUsername: z.string().optional(),
  teamId: z.string().optional(),
  userId: z.string().optional(),
  username: z.string().optional(),
  whitelistEntry: z.string().optional(),
})

const page = z.object({ links: z.array(link), results: z.array(event), totalCount: z.int() })
const type = z.string().regex(eventTypePattern, eventTypeWords)
const common = { eventType: repeated(type), includeRaw: flag, maxDate: moment, minDate: moment }

/** Of Postern's own lists: by cluster also over an organization, and by who acted. */
const search = z.object({
  ...common,
  /** A person's username, a key's public key, a service account's client id; `postern`: the system itself. */
  actor: repeated(z.string().min(1).max(256)),
  clusterNames: repeated(z.string().regex(clusterNamePattern, clusterNameWords)),
  excludedEventType: repeated(type),
})

const stream = z.string().meta({
  description:
    'Server-sent events. Unnamed ones hold one audit event as JSON under its id; those named `changed` hold ResourceChange: something of the group is otherwise than before and is to be read again.',
})

export const eventSchemas = {
  listGroupEvents: {
    query: z.object({
      ...common,
      clusterNames: repeated(z.string().regex(clusterNamePattern, clusterNameWords)),
      excludedEventType: repeated(type),
    }),
    reply: page,
  },
  getGroupEvent: { query: z.object({ includeRaw: flag }), reply: event },
  listOrgEvents: { query: z.object(common), reply: page },
  getOrgEvent: { query: z.object({ includeRaw: flag }), reply: event },
  searchGroupEvents: { query: search, reply: page },
  searchOrgEvents: { query: search, reply: page },
  streamGroupEvents: {
    query: z.object({
      clusterNames: repeated(z.string().regex(clusterNamePattern, clusterNameWords)),
      eventType: repeated(type),
      excludedEventType: repeated(type),
      includeRaw: flag,
    }),
    reply: stream,
  },
  streamOrgEvents: { query: z.object({ eventType: repeated(type), includeRaw: flag }), reply: stream },
} as const

/** What a frame named `changed` says; its names are those of the API's paths. */
export interface ResourceChange {
  readonly groupId: string
  readonly id: string
  readonly kind: string
  /** What the API names it within: the endpoint service of an endpoint, the database of a user. */
  readonly parentId?: string
}

export type EventReply = z.output<typeof event>
