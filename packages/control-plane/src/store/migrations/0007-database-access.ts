// Custom roles of a group's databases; users' certificates, and the authority that signs them beside the one for
// endpoints; and what is remembered of users on deployments, so that a change made there is noticed.

import type { Migration } from '../migrations.ts'

export const databaseAccess: Migration = {
  name: '0007-database-access',
  statements: [
    `create table custom_db_role (
      id text primary key,
      group_id text not null references "group" (id) on delete cascade,
      name text not null,
      spec jsonb not null,
      state text not null,
      wish integer not null default 0,
      applied jsonb not null,
      error_message text,
      drift jsonb,
      delete_requested boolean not null default false,
      created timestamptz not null,
      constraint custom_db_role_name_once unique (group_id, name)
    )`,
    "alter table database_user add column credentials jsonb not null default '{}'",
    'alter table database_user add column drift jsonb',
    `create table database_user_cert (
      serial bigint primary key,
      user_id text not null references database_user (id) on delete cascade,
      subject text not null,
      created timestamptz not null,
      not_after timestamptz not null
    )`,
    'create index database_user_cert_of on database_user_cert (user_id, created)',
    'alter table certificate_authority drop constraint certificate_authority_id_check',
    'alter table certificate_authority add constraint certificate_authority_id_check check (id in (1, 2))',
  ],
}
