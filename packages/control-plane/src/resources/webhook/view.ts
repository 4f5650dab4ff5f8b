// A webhook and its deliveries as the API shows them; the secret is shown by whoever makes it, and never again.

import type { DeliveryReply, WebhookReply } from '@postern/contract/schemas/webhook'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Tables } from '../../store/tables.ts'

export type WebhookRow = Selectable<Tables['webhook']>

const eventTypes = z.array(z.string())

export const webhookView = (row: WebhookRow): WebhookReply => ({
  allowPlainHttp: row.allow_plain_http,
  created: row.created.toISOString(),
  description: row.description,
  disabledReason: row.disabled_reason,
  enabled: row.enabled,
  eventTypes: eventTypes.parse(row.event_types),
  groupId: row.group_id,
  id: row.id,
  orgId: row.org_id,
  url: row.url,
})

export const deliveryView = (row: Selectable<Tables['webhook_delivery']>): DeliveryReply => ({
  attempts: row.attempts,
  created: row.created.toISOString(),
  error: row.error,
  eventId: row.event_id,
  eventTypeName: row.event_type,
  id: row.id,
  lastAttempt: row.last_attempt?.toISOString() ?? null,
  nextAttempt: row.next_attempt?.toISOString() ?? null,
  state: row.state,
  statusCode: row.status_code,
})
