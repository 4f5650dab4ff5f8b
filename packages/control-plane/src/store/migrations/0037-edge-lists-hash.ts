// What an edge's lists are known by: most gateways report the same, so each is looked into once, and who repeats what it said
// is not read. The store keeps it by itself, also for a control plane of the release before.

import type { Migration } from '../migrations.ts'

export const edgeListsHash: Migration = {
  name: '0037-edge-lists-hash',
  statements: [
    // A backslash is doubled, since a text that becomes bytes is read with escapes.
    `alter table edge_report add column lists_hash bytea generated always as
      (sha256(replace(bound::text || failed::text || trusts::text, '\\', '\\\\')::bytea)) stored`,
  ],
}
