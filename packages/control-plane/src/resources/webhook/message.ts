// The body of a delivery: Standard Webhooks' `{ type, timestamp, data }`. Data is the event as the API shows it, and the
// whole of what was changed as `target`. Made anew at each attempt out of what never changes, so it is always the same.

import type { Selectable } from 'kysely'
import type { Tables } from '../../store/tables.ts'
import { type EventRow, eventView } from '../event/view.ts'

export const testType = 'POSTERN_WEBHOOK_TEST'

export const messageOf = (
  { group_id }: Pick<Selectable<Tables['webhook']>, 'group_id'>,
  delivery: Pick<Selectable<Tables['webhook_delivery']>, 'webhook_id' | 'created'>,
  event: EventRow | null,
): string => {
  if (event === null)
    return JSON.stringify({
      type: testType,
      timestamp: delivery.created.toISOString(),
      data: { webhookId: delivery.webhook_id },
    })
  const { links: _, ...shown } = eventView(event, {
    within: group_id === null ? 'org' : 'group',
    withRaw: false,
    names: { groupName: null, orgName: null },
    link: (path) => path,
  })
  return JSON.stringify({
    type: event.type,
    timestamp: event.created.toISOString(),
    data: { ...shown, target: event.target },
  })
}
