// What is to be sent to whom, written in the transaction of the event itself: an event that was committed will be sent,
// one that was rolled back will not.

import { groupEventsOfOrganization } from '@postern/contract/event'
import { sql, type Transaction } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'

interface Happened {
  readonly id: string
  readonly type: string
  readonly orgId: string
  readonly groupId: string | null
}

/**
 * Puts the event into the outbox of every enabled webhook that wants it. An organization's webhook gets what its list
 * of events shows: its own, and of its groups what concerns the whole.
 */
export const postEvent = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'clock' | 'ids' | 'turns'>,
  { id, type, orgId, groupId }: Happened,
): Promise<void> => {
  const concernsOrg = groupId === null || groupEventsOfOrganization.some((each) => each === type)
  const wanting = await tx
    .selectFrom('webhook')
    .select('id')
    .where('org_id', '=', orgId)
    .where('enabled', '=', true)
    .where((where) =>
      where.or([
        ...(groupId === null ? [] : [where('group_id', '=', groupId)]),
        ...(concernsOrg ? [where('group_id', 'is', null)] : []),
      ]),
    )
    .where(sql<boolean>`(event_types = '[]' or event_types @> to_jsonb(${type}::text))`)
    .execute()
  for (const webhook of wanting) await post(tx, parts, { webhookId: webhook.id, eventId: id, type })
}

/** One delivery, due now; `eventId` null: a test. Answers its id. */
export const post = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'clock' | 'ids' | 'turns'>,
  { webhookId, eventId, type }: { readonly webhookId: string; readonly eventId: string | null; readonly type: string },
): Promise<string> => {
  const id = parts.ids.objectId()
  const now = new Date(parts.clock.now())
  await tx
    .insertInto('webhook_delivery')
    .values({
      id,
      webhook_id: webhookId,
      event_id: eventId,
      event_type: type,
      state: 'PENDING',
      next_attempt: now,
      created: now,
    })
    .execute()
  await parts.turns.wake(tx, 'webhook', webhookId)
  return id
}

/** What was not sent yet never will be: the webhook is disabled. */
export const dropPending = async (tx: Transaction<Tables>, webhookId: string): Promise<void> => {
  await tx
    .updateTable('webhook_delivery')
    .set({ state: 'FAILED', next_attempt: null, error: 'the webhook was disabled' })
    .where('webhook_id', '=', webhookId)
    .where('state', '=', 'PENDING')
    .execute()
}
