// Atlas's behaviour instead of Postern's, chosen for a group. Under it states that pass are shown for a while
// (`settles_at`), a cluster shows while it is UPDATING the connection strings that it showed before (`held_strings`), and
// it is remembered when a cluster was resumed.

import type { Migration } from '../migrations.ts'

export const fidelity: Migration = {
  name: '0010-fidelity',
  statements: [
    `alter table "group" add column fidelity text`,
    `alter table endpoint_service add column settles_at timestamptz`,
    `alter table private_endpoint add column settles_at timestamptz`,
    `alter table cluster add column settles_at timestamptz, add column resumed_at timestamptz,
      add column held_strings jsonb`,
  ],
}
