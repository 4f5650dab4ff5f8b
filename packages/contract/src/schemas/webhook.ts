// Webhooks: where events are sent to, and what became of each. A receiver gets Standard Webhooks' three headers and a body
// `{ type, timestamp, data }`; the secret that it checks them with is shown once, when the webhook is made.

import { z } from 'zod'
import { eventTypePattern, eventTypeWords } from '../event.ts'

const link = z.object({ href: z.string(), rel: z.string() })

const wish = z.strictObject({
  /** Plain HTTP to another host than loopback: whoever is in between reads along. */
  allowPlainHttp: z.boolean().optional(),
  description: z.string().max(250).optional(),
  enabled: z.boolean().optional(),
  /** None: every type. */
  eventTypes: z.array(z.string().regex(eventTypePattern, eventTypeWords)).max(100).optional(),
  url: z.string().min(1).max(2000),
})

const webhook = z.object({
  allowPlainHttp: z.boolean(),
  created: z.string(),
  description: z.string(),
  /** Why it was disabled by the server; null while it is enabled, or where a caller did it. */
  disabledReason: z.string().nullable(),
  enabled: z.boolean(),
  eventTypes: z.array(z.string()),
  groupId: z.string().nullable(),
  id: z.string(),
  orgId: z.string(),
  url: z.string(),
})

const deliveryStates = ['PENDING', 'DELIVERED', 'FAILED'] as const

const delivery = z.object({
  attempts: z.int(),
  created: z.string(),
  /** What went wrong at the last attempt. */
  error: z.string().nullable(),
  /** Null for a test. */
  eventId: z.string().nullable(),
  eventTypeName: z.string(),
  /** What the receiver gets as `webhook-id`, the same at each attempt. */
  id: z.string(),
  lastAttempt: z.string().nullable(),
  nextAttempt: z.string().nullable(),
  state: z.enum(deliveryStates),
  /** HTTP status of the last answer; null where none came. */
  statusCode: z.int().nullable(),
})

const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ links: z.array(link), results: z.array(item), totalCount: z.int() })

const made = { body: wish, reply: webhook.extend({ secret: z.string() }) }
const changed = { body: wish.partial(), reply: webhook }
const read = { reply: webhook }
const listed = { reply: pageOf(webhook) }
const tested = { reply: delivery }
const deliveries = { reply: pageOf(delivery) }

export const webhookSchemas = {
  listGroupWebhooks: listed,
  createGroupWebhook: made,
  getGroupWebhook: read,
  updateGroupWebhook: changed,
  testGroupWebhook: tested,
  listGroupWebhookDeliveries: deliveries,
  listOrgWebhooks: listed,
  createOrgWebhook: made,
  getOrgWebhook: read,
  updateOrgWebhook: changed,
  testOrgWebhook: tested,
  listOrgWebhookDeliveries: deliveries,
} as const

export type WebhookReply = z.output<typeof webhook>
export type DeliveryReply = z.output<typeof delivery>
