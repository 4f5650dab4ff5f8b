// In which schema a feed's newest whole is stored: during an upgrade releases that write different ones share a store.

import type { Migration } from '../migrations.ts'

export const snapshotSchema: Migration = {
  name: '0008-snapshot-schema',
  statements: ['alter table snapshot add column schema integer not null default 1'],
}
