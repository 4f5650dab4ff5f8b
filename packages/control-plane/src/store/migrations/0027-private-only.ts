// Groups that hand out private ways alone.

import type { Migration } from '../migrations.ts'

export const privateOnly: Migration = {
  name: '0027-private-only',
  statements: ['alter table "group" add column private_only boolean not null default false'],
}
