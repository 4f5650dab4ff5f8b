// A cluster's standard listener at the gateways, and the ports that lead to its members there. A port stays a member's for as
// long as that is there, also while the listener is off. That it is no place of a member behind an endpoint service is seen
// to where snapshots are made (resources/feed), which happens in one place at a time.

import type { Migration } from '../migrations.ts'

export const standardListeners: Migration = {
  name: '0030-standard-listeners',
  statements: [
    `create table standard_listener (
      id text primary key,
      cluster_id text not null references cluster (id) on delete cascade,
      enabled boolean not null,
      gateway_n integer,
      created timestamptz not null,
      constraint standard_listener_once unique (cluster_id)
    )`,
    `create table standard_port (
      member_id text primary key references member (id) on delete cascade,
      gateway_port integer not null,
      constraint standard_port_once unique (gateway_port)
    )`,
  ],
}
