// What flowed through endpoints. `edge_run` and `edge_traffic` are what an edge said last, so that only what came on top is
// added up; `traffic_point` is one minute of an endpoint at an edge, kept for a day. Counters are doubles, as they are in
// the edge: whole numbers up to 2^53.

import type { Migration } from '../migrations.ts'

export const traffic: Migration = {
  name: '0019-traffic',
  statements: [
    `create table edge_run (
      edge text primary key,
      run text not null,
      run_before text,
      n double precision not null,
      at timestamptz not null
    )`,
    `create table edge_traffic (
      edge text not null references edge_run (edge) on delete cascade,
      endpoint_id text not null references private_endpoint (id) on delete cascade,
      bytes_from_client double precision not null,
      bytes_from_member double precision not null,
      connections double precision not null,
      new_connections double precision not null,
      refused double precision not null,
      primary key (edge, endpoint_id)
    )`,
    `create index edge_traffic_of_endpoint on edge_traffic (endpoint_id)`,
    `create table traffic_point (
      endpoint_id text not null references private_endpoint (id) on delete cascade,
      edge text not null,
      at timestamptz not null,
      bytes_from_client double precision not null,
      bytes_from_member double precision not null,
      connections double precision not null,
      new_connections double precision not null,
      refused double precision not null,
      primary key (endpoint_id, edge, at)
    )`,
    `create index traffic_point_by_age on traffic_point (at)`,
  ],
}
