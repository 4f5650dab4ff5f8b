// Links that log a person in once: a hash of what each carries. One that was not used is swept out when the next is made.
// A session that began so is marked, because the person's password did not open it.

import type { Migration } from '../migrations.ts'

export const sessionLinks: Migration = {
  name: '0018-session-links',
  statements: [
    `create table session_link (
      token_hash text primary key,
      user_id text not null references app_user (id) on delete cascade,
      expires timestamptz not null
    )`,
    'alter table console_session add column by_link boolean not null default false',
  ],
}
