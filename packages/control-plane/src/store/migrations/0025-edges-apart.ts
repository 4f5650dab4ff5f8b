// Endpoints whose deletion is not to wait for edges that are silent, because somebody said so; and from where a gateway
// believes PROXY headers, as it reported.

import type { Migration } from '../migrations.ts'

export const edgesApart: Migration = {
  name: '0025-edges-apart',
  statements: [
    'alter table private_endpoint add column without_silent boolean not null default false',
    `alter table edge_report add column trusts jsonb not null default '[]'`,
  ],
}
