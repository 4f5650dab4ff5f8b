// The store's own certificate authority: one row, so that control planes that start at once agree on one.

import type { Migration } from '../migrations.ts'

export const certificateAuthority: Migration = {
  name: '0002-certificate-authority',
  statements: [
    `create table certificate_authority (
      id integer primary key check (id = 1),
      certificate text not null,
      private_key text not null,
      created timestamptz not null
    )`,
  ],
}
