// The events of the place in the URL: page after page, for as long as somebody scrolls.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { call } from '../../api/operation.ts'
import { useGroupId, useOrgId } from '../../frame/place.ts'
import { whoOf } from './event-words.ts'
import { distinct, eventQuery } from './filters.ts'

const itemsPerPage = 100

const useEventPlace = () => {
  const groupId = useGroupId()
  const orgId = useOrgId()
  return groupId === ''
    ? { of: { params: { orgId } }, list: (query: object) => call('searchOrgEvents', { params: { orgId }, query }) }
    : {
        of: { params: { groupId } },
        list: (query: object) => call('searchGroupEvents', { params: { groupId }, query }),
      }
}

export const useEvents = (search: Readonly<Record<string, string>>) => {
  const { of, list } = useEventPlace()
  const filter = eventQuery(search)
  return useInfiniteQuery({
    queryKey: ['events', of, filter],
    queryFn: ({ pageParam }) => list({ ...filter, includeRaw: 'true', itemsPerPage, pageNum: pageParam }),
    initialPageParam: 1,
    getNextPageParam: ({ totalCount }, pages) => (pages.length * itemsPerPage < totalCount ? pages.length + 1 : null),
  })
}

export interface EventChoices {
  readonly types: readonly string[]
  readonly clusters: readonly string[]
  readonly who: readonly string[]
}

/** What the newest events tell of, to choose from. */
export const useEventChoices = (): EventChoices => {
  const { of, list } = useEventPlace()
  const newest = useQuery({ queryKey: ['event-choices', of], queryFn: () => list({ itemsPerPage: 500 }) }).data
  const events = newest?.results ?? []
  return {
    types: distinct(events.map(({ eventTypeName }) => eventTypeName)),
    clusters: distinct(events.flatMap(({ clusterName }) => clusterName ?? [])),
    who: distinct(events.map(whoOf)),
  }
}

export const useEvent = (eventId: string) => {
  const groupId = useGroupId()
  const orgId = useOrgId()
  const query = { includeRaw: 'true' } as const
  return useQuery({
    queryKey: ['event', { params: { groupId, orgId, eventId } }],
    queryFn: () =>
      groupId === ''
        ? call('getOrgEvent', { params: { orgId, eventId }, query })
        : call('getGroupEvent', { params: { groupId, eventId }, query }),
  })
}
