// What people write on endpoint services and endpoints, and the way back from a termination: a row that goes leaves what
// it was behind, together with a service's member ports, until the window for taking it back is over. What is left behind
// holds no region, no endpoint id and no port: those belong to whoever comes next.

import type { Migration } from '../migrations.ts'

export const labelsAndUndo: Migration = {
  name: '0012-labels-and-undo',
  statements: [
    `alter table endpoint_service
      add column labels jsonb not null default '{}',
      add column description text not null default '',
      add column terminated timestamptz`,
    `alter table private_endpoint
      add column labels jsonb not null default '{}',
      add column description text not null default '',
      add column keep_service boolean,
      add column terminated timestamptz`,
    `create table termination (
      id text primary key,
      kind text not null,
      group_id text not null references "group" (id) on delete cascade,
      provider text not null,
      region text not null,
      service_id text not null,
      cloud_id text,
      content jsonb not null,
      terminated timestamptz not null,
      expires timestamptz not null
    )`,
    `create index termination_by_service on termination (service_id, lower(cloud_id))`,
    `create index termination_by_group on termination (group_id)`,
  ],
}
