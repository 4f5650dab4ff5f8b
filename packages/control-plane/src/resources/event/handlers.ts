// Audit events, read: newest first, by page, under Atlas's filters. They are written by whoever changes something, in
// the transaction of the change (record.ts); nothing here changes or removes one.

import { AtlasError } from '@postern/contract/errors'
import { groupEventsOfOrganization } from '@postern/contract/event'
import type { EventReply } from '@postern/contract/schemas/event'
import { type ExpressionBuilder, sql } from 'kysely'
import type { Call, Handlers } from '../../http/handler.ts'
import { type Page, pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { type EventRow, eventView, type Shown } from './view.ts'

type Operation = 'listGroupEvents' | 'getGroupEvent' | 'listOrgEvents' | 'getOrgEvent'

interface Filter {
  readonly eventType: readonly string[]
  readonly excludedEventType?: readonly string[]
  readonly clusterNames?: readonly string[]
  readonly minDate?: string | undefined
  readonly maxDate?: string | undefined
}

type Place = { readonly groupId: string } | { readonly orgId: string }
type Asked = Pick<Call<Operation>, 'paging' | 'self' | 'link'>

export const eventHandlers = (parts: Pick<Parts, 'store'>): Handlers<Operation> => {
  const { read } = parts.store

  const list = async (
    call: Asked,
    { place, filter, withRaw }: { readonly place: Place; readonly filter: Filter; readonly withRaw: boolean },
  ): Promise<Page<EventReply>> => {
    const { limit, offset } = rowsOf(call)
    const found = await read
      .selectFrom('event')
      .selectAll()
      .where((where) => where.and([at(where, place), ...fits(where, filter)]))
      .orderBy('created', 'desc')
      .orderBy('id', 'desc')
      // One more than the page: whether there is a next one is known without counting.
      .limit(limit + 1)
      .offset(offset)
      .execute()
    const rows = found.slice(0, limit)
    const total = call.paging.includeCount ? await count(place, filter) : offset + found.length
    const names = withRaw ? await namesOf(rows) : noNames
    const results = rows.map((row) =>
      eventView(row, { within: 'groupId' in place ? 'group' : 'org', withRaw, names: names(row), link: call.link }),
    )
    return pageOf(call, { results, total })
  }

  const count = async (place: Place, filter: Filter): Promise<number> => {
    const { total } = await read
      .selectFrom('event')
      .select(({ fn }) => fn.countAll<string>().as('total'))
      .where((where) => where.and([at(where, place), ...fits(where, filter)]))
      .executeTakeFirstOrThrow()
    return Number(total)
  }

  const one = async (
    id: string,
    { place, withRaw, link }: { readonly place: Place; readonly withRaw: boolean; readonly link: Shown['link'] },
  ): Promise<EventReply> => {
    const row = await read
      .selectFrom('event')
      .selectAll()
      .where((where) => where.and([at(where, place), where('id', '=', id)]))
      .executeTakeFirst()
    if (row === undefined) throw new AtlasError('EVENT_NOT_FOUND', { eventId: id })
    const names = withRaw ? await namesOf([row]) : noNames
    return eventView(row, { within: 'groupId' in place ? 'group' : 'org', withRaw, names: names(row), link })
  }

  const namesOf = async (rows: readonly EventRow[]): Promise<(row: EventRow) => Shown['names']> => {
    const groupIds = [...new Set(rows.flatMap(({ group_id }) => group_id ?? []))]
    const orgIds = [...new Set(rows.map(({ org_id }) => org_id))]
    const groups = await read
      .selectFrom('group')
      .select(['id', 'name'])
      .where(sql<boolean>`id = any(${groupIds}::text[])`)
      .execute()
    const orgs = await read
      .selectFrom('organization')
      .select(['id', 'name'])
      .where(sql<boolean>`id = any(${orgIds}::text[])`)
      .execute()
    const groupNames = new Map(groups.map(({ id, name }) => [id, name]))
    const orgNames = new Map(orgs.map(({ id, name }) => [id, name]))
    return ({ group_id, org_id }) => ({
      groupName: groupNames.get(group_id ?? '') ?? null,
      orgName: orgNames.get(org_id) ?? null,
    })
  }

  return {
    listGroupEvents: async (call) => ({
      body: await list(call, {
        place: { groupId: call.params.groupId ?? '' },
        filter: call.query,
        withRaw: call.query.includeRaw === 'true',
      }),
    }),
    listOrgEvents: async (call) => ({
      body: await list(call, {
        place: { orgId: call.params.orgId ?? '' },
        filter: call.query,
        withRaw: call.query.includeRaw === 'true',
      }),
    }),
    getGroupEvent: async ({ params, query, link }) => ({
      body: await one(params.eventId ?? '', {
        place: { groupId: params.groupId ?? '' },
        withRaw: query.includeRaw === 'true',
        link,
      }),
    }),
    getOrgEvent: async ({ params, query, link }) => ({
      body: await one(params.eventId ?? '', {
        place: { orgId: params.orgId ?? '' },
        withRaw: query.includeRaw === 'true',
        link,
      }),
    }),
  }
}

type Where = ExpressionBuilder<Tables, 'event'>

/** An organization's list shows what is its own, and of its groups what concerns the whole. */
const at = (where: Where, place: Place) =>
  'groupId' in place
    ? where('group_id', '=', place.groupId)
    : where.and([
        where('org_id', '=', place.orgId),
        where.or([where('group_id', 'is', null), where('type', 'in', groupEventsOfOrganization)]),
      ])

const fits = (where: Where, filter: Filter) => [
  ...(filter.eventType.length > 0 ? [where('type', 'in', filter.eventType)] : []),
  ...(filter.excludedEventType?.length ? [where('type', 'not in', filter.excludedEventType)] : []),
  ...(filter.clusterNames?.length ? [where(sql<string>`target ->> 'clusterName'`, 'in', filter.clusterNames)] : []),
  ...(filter.minDate === undefined ? [] : [where('created', '>=', new Date(filter.minDate))]),
  ...(filter.maxDate === undefined ? [] : [where('created', '<=', new Date(filter.maxDate))]),
]

const noNames = (): Shown['names'] => ({ groupName: null, orgName: null })
