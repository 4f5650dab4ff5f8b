// Which events a caller asks for: a place, and Atlas's filters. The list and the stream judge alike.

import { groupEventsOfOrganization } from '@postern/contract/event'
import { type ExpressionBuilder, sql } from 'kysely'
import type { Tables } from '../../store/tables.ts'

export interface Filter {
  readonly eventType: readonly string[]
  readonly excludedEventType?: readonly string[]
  readonly clusterNames?: readonly string[]
  /** By name, as events show it. */
  readonly actor?: readonly string[]
  readonly minDate?: string | undefined
  readonly maxDate?: string | undefined
}

export type Place = { readonly groupId: string } | { readonly orgId: string }

type Where = ExpressionBuilder<Tables, 'event'>

/** An organization's list shows what is its own, and of its groups what concerns the whole. */
export const at = (where: Where, place: Place) =>
  'groupId' in place
    ? where('group_id', '=', place.groupId)
    : where.and([
        where('org_id', '=', place.orgId),
        where.or([where('group_id', 'is', null), where('type', 'in', groupEventsOfOrganization)]),
      ])

export const fits = (where: Where, filter: Filter) => [
  ...(filter.eventType.length > 0 ? [where('type', 'in', filter.eventType)] : []),
  ...(filter.excludedEventType?.length ? [where('type', 'not in', filter.excludedEventType)] : []),
  ...(filter.clusterNames?.length ? [where(sql<string>`target ->> 'clusterName'`, 'in', filter.clusterNames)] : []),
  ...(filter.actor?.length ? [where('actor_name', 'in', filter.actor)] : []),
  ...(filter.minDate === undefined ? [] : [where('created', '>=', new Date(filter.minDate))]),
  ...(filter.maxDate === undefined ? [] : [where('created', '<=', new Date(filter.maxDate))]),
]
