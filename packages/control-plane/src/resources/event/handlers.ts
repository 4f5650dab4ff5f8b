// Audit events, read: newest first, by page, under Atlas's filters. They are written by whoever changes something, in
// the transaction of the change (record.ts); nothing here changes or removes one.

import { AtlasError } from '@postern/contract/errors'
import type { EventReply } from '@postern/contract/schemas/event'
import { behaviourOf, serverBehaviour } from '../../fidelity/fidelity-of.ts'
import type { Call, Handlers } from '../../http/handler.ts'
import { type Page, pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { at, type Filter, fits, type Place } from './filter.ts'
import { hiddenTypes, refuseUnknownTypes } from './known-types.ts'
import { namesOf, noNames } from './names.ts'
import { eventView, type Shown } from './view.ts'

type Operation =
  | 'listGroupEvents'
  | 'getGroupEvent'
  | 'listOrgEvents'
  | 'getOrgEvent'
  | 'searchGroupEvents'
  | 'searchOrgEvents'

type Asked = Pick<Call<Operation>, 'params' | 'paging' | 'self' | 'link'>
type Query = Filter & { readonly includeRaw?: 'true' | 'false' | undefined }

export const eventHandlers = (parts: Pick<Parts, 'store' | 'settings'>): Handlers<Operation> => {
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
    const names = withRaw ? await namesOf(read, rows) : noNames
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
    {
      place,
      hidden,
      withRaw,
      link,
    }: Pick<Shown, 'withRaw' | 'link'> & {
      readonly place: Place
      readonly hidden: readonly string[]
    },
  ): Promise<EventReply> => {
    const row = await read
      .selectFrom('event')
      .selectAll()
      .where((where) =>
        where.and([
          at(where, place),
          ...fits(where, { eventType: [], excludedEventType: hidden }),
          where('id', '=', id),
        ]),
      )
      .executeTakeFirst()
    if (row === undefined) throw new AtlasError('EVENT_NOT_FOUND', { eventId: id })
    const names = withRaw ? await namesOf(read, [row]) : noNames
    return eventView(row, { within: 'groupId' in place ? 'group' : 'org', withRaw, names: names(row), link })
  }

  const ofGroup = async (call: Asked, query: Query): Promise<Page<EventReply>> => {
    const { groupId = '' } = call.params
    const { eventType, excludedEventType = [], includeRaw } = query
    const behaviour = await behaviourOf(read, parts, groupId)
    refuseUnknownTypes(behaviour, { within: 'group', eventType, excludedEventType })
    const filter = { ...query, excludedEventType: [...excludedEventType, ...hiddenTypes(behaviour)] }
    return list(call, { place: { groupId }, filter, withRaw: includeRaw === 'true' })
  }

  const ofOrg = async (call: Asked, query: Query): Promise<Page<EventReply>> => {
    const { orgId = '' } = call.params
    const { eventType, excludedEventType = [], includeRaw } = query
    const behaviour = serverBehaviour(parts.settings)
    refuseUnknownTypes(behaviour, { within: 'org', eventType, excludedEventType })
    const filter = { ...query, excludedEventType: [...excludedEventType, ...hiddenTypes(behaviour)] }
    return list(call, { place: { orgId }, filter, withRaw: includeRaw === 'true' })
  }

  return {
    listGroupEvents: async (call) => ({ body: await ofGroup(call, call.query) }),
    listOrgEvents: async (call) => ({ body: await ofOrg(call, call.query) }),
    searchGroupEvents: async (call) => ({ body: await ofGroup(call, call.query) }),
    searchOrgEvents: async (call) => ({ body: await ofOrg(call, call.query) }),
    getGroupEvent: async ({ params: { groupId = '', eventId = '' }, query, link }) => ({
      body: await one(eventId, {
        place: { groupId },
        hidden: hiddenTypes(await behaviourOf(read, parts, groupId)),
        withRaw: query.includeRaw === 'true',
        link,
      }),
    }),
    getOrgEvent: async ({ params: { orgId = '', eventId = '' }, query, link }) => ({
      body: await one(eventId, {
        place: { orgId },
        hidden: hiddenTypes(serverBehaviour(parts.settings)),
        withRaw: query.includeRaw === 'true',
        link,
      }),
    }),
  }
}
