// Which homes' first identities were made here, by the id of their organization: what was seeded once is not seeded again,
// even where all of it was deleted. Homes of an earlier release were all seeded, since that was one transaction.

import type { Migration } from '../migrations.ts'

export const seedMark: Migration = {
  name: '0020-seed-mark',
  statements: [
    'create table seed_mark (org_id text primary key, created timestamptz not null)',
    'insert into seed_mark (org_id, created) select id, created from organization',
  ],
}
