// A whole is read as it was written, byte for byte, and handed on to every edge: text that is known to be JSON, not a
// document that is taken apart and put together again.

import type { Migration } from '../migrations.ts'

export const snapshotText: Migration = {
  name: '0016-snapshot-text',
  statements: ['alter table snapshot alter column body type json using body::json'],
}
