// How each number of a feed differs from the one before, for edges that hold a recent one: they are not sent the whole again.
// `hash` is of the whole that comes out.

import type { Migration } from '../migrations.ts'

export const snapshotChange: Migration = {
  name: '0026-snapshot-change',
  statements: [
    `create table snapshot_change (
      feed text not null,
      epoch text not null,
      n integer not null,
      schema integer not null,
      hash text not null,
      change json not null,
      primary key (feed, epoch, n)
    )`,
  ],
}
