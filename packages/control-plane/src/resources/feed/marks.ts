// What the store can say cheaply of each group that is served: a mark that is another as soon as any row of it is that a
// snapshot is made of, or one comes or goes. A row's version is the transaction that wrote it (xmin), which PostgreSQL keeps
// with it, so nothing has to be noted by whoever writes, and nothing can be forgotten. Of ten thousand endpoints it is a
// tenth of the work of reading them.

import { type Kysely, sql } from 'kysely'
import type { Tables } from '../../store/tables.ts'

/** By group id, of every group with an endpoint or a standard listener that the edges are to know. */
export type Marks = ReadonlyMap<string, string>

/** Of the same moment as what is read in the same transaction, if that is repeatable read. */
export const readMarks = async (tx: Kysely<Tables>): Promise<Marks> => {
  const { rows } = await sql<{ marks: Readonly<Record<string, string>> | null }>`
    with served as (
      select id, group_id, provider, link_ids, xmin::text as version from private_endpoint
      where phase in ('ACCEPTED', 'AVAILABLE') and not delete_requested
    ), open as (
      select group_id from standard_listener
        join cluster on cluster.id = cluster_id join "group" on "group".id = group_id
      where enabled and not cluster.delete_requested and not private_only
    ), versions as (
      select group_id, id, version from served
      union all select id, 'group', xmin::text from "group"
      union all select group_id, name, xmin::text from group_limit
      union all select group_id, id, xmin::text from endpoint_service
      union all select group_id, id, xmin::text from cluster
      union all select group_id, member.id, member.xmin::text from member join cluster on cluster.id = cluster_id
      union all select group_id, member_id || service_id, member_port.xmin::text
        from member_port join endpoint_service on endpoint_service.id = service_id
      union all select group_id, local_endpoint.id || served.id, local_endpoint.xmin::text
        from served
        cross join lateral jsonb_array_elements_text(link_ids) as link
        join local_endpoint on local_endpoint.provider = served.provider and link_id = link
        where local_endpoint.id in (select local_endpoint_id from local_acceptance)
      union all select group_id, standard_listener.id, standard_listener.xmin::text
        from standard_listener join cluster on cluster.id = cluster_id
      union all select group_id, 'standard' || member_id, standard_port.xmin::text
        from standard_port join member on member.id = member_id join cluster on cluster.id = cluster_id
      union all select group_id, id, xmin::text from group_access_entry where group_id in (select group_id from open)
    ), marks as (
      select group_id, sum(hashtextextended(id || ' ' || version, 0))::text as mark from versions
      where group_id in (select group_id from served union select group_id from open)
      group by group_id
    )
    select json_object_agg(group_id, mark) as marks from marks`.execute(tx)
  return new Map(Object.entries(rows[0]?.marks ?? {}))
}

/** Groups that are not as they were: they came, went, or a row of them is another. */
export const changedGroups = (before: Marks, now: Marks): ReadonlySet<string> =>
  new Set([...before.keys(), ...now.keys()].filter((groupId) => before.get(groupId) !== now.get(groupId)))
