// Which clusters had no user, or role, of that name before it was made there: only those are taken back when a registered
// deployment is let go. Of rows that are older nothing is known, and nothing is taken back.

import type { Migration } from '../migrations.ts'

export const madeThere: Migration = {
  name: '0035-made-there',
  statements: [
    `alter table database_user add column made_there jsonb not null default '{}'`,
    `alter table custom_db_role add column made_there jsonb not null default '{}'`,
  ],
}
