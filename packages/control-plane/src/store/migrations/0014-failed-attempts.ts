// Who failed to sign in, so that every control plane of one store slows the same guessing down. A row is a bucket of
// tokens for a name and an address; one that has been full again for a while is swept out.

import type { Migration } from '../migrations.ts'

export const failedAttempts: Migration = {
  name: '0014-failed-attempts',
  statements: [
    `create table failed_attempt (
      who text primary key,
      tokens double precision not null,
      at timestamptz not null
    )`,
    `create index failed_attempt_by_age on failed_attempt (at)`,
  ],
}
