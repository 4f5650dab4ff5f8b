// Audit events: every change leaves one, with Atlas's type names, who did it and from where, in the same transaction as
// the change itself; so there is no change without a trace, and no trace of a change that was rolled back.

import type { RecordedEventType } from '@postern/contract/event'
import type { Transaction } from 'kysely'
import type { Actor } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { postEvent } from '../webhook/outbox.ts'

export interface NewEvent {
  /** Atlas's `eventTypeName`: `GROUP_CREATED`, `PRIVATE_ENDPOINT_SERVICE_CREATED`, … */
  readonly type: RecordedEventType
  readonly orgId: string
  /** Null for what belongs to the organization alone. */
  readonly groupId: string | null
  /** Null when the system itself acted: a reconciler, the first start. */
  readonly actor: Pick<Actor, 'kind' | 'id' | 'name'> | null
  readonly sourceAddress: string | null
  /** Ids and names of what was changed; never a secret. */
  readonly target: Readonly<Record<string, string | number | boolean | null>>
}

/** Writes one audit event inside the transaction of the change that it tells of, and what webhooks are to be sent. */
export const recordEvent = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'clock' | 'ids' | 'turns'>,
  { type, orgId, groupId, actor, sourceAddress, target }: NewEvent,
): Promise<void> => {
  const id = parts.ids.objectId()
  await tx
    .insertInto('event')
    .values({
      id,
      org_id: orgId,
      group_id: groupId,
      type,
      actor_kind: actor?.kind ?? 'SYSTEM',
      actor_id: actor?.id ?? '',
      actor_name: actor?.name ?? 'postern',
      source_address: sourceAddress,
      target: JSON.stringify(target),
      created: new Date(parts.clock.now()),
    })
    .execute()
  await postEvent(tx, parts, { id, type, orgId, groupId })
}
