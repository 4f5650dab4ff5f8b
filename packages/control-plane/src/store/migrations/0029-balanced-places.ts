// A sharded cluster has a place of its own behind each endpoint service, over all of its routers: `cluster_id` says so, and
// `member_id` is then the cluster's id. The rule that a place goes with its member is kept by a column that is made from
// the two.

import type { Migration } from '../migrations.ts'

export const balancedPlaces: Migration = {
  name: '0029-balanced-places',
  statements: [
    `alter table member_port drop constraint member_port_member_id_fkey`,
    `alter table member_port add column cluster_id text references cluster (id) on delete cascade`,
    `alter table member_port add column only_member text
      generated always as (case when cluster_id is null then member_id end) stored
      references member (id) on delete cascade`,
    `alter table member_port add constraint member_port_of_cluster check (cluster_id is null or cluster_id = member_id)`,
    `create index member_port_by_only_member on member_port (only_member)`,
    `create index member_port_by_cluster on member_port (cluster_id)`,
  ],
}
