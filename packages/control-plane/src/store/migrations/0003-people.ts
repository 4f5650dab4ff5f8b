// People beyond the first owner: who was invited, who is in which team, who is signed in, and what an organization set.

import type { Migration } from '../migrations.ts'

export const people: Migration = {
  name: '0003-people',
  statements: [
    `alter table organization add column settings jsonb not null default '{}'`,
    `alter table app_user alter column password drop not null`,
    `alter table app_user add column country text not null default 'ZZ'`,
    `alter table app_user add column mobile_number text`,
    `alter table app_user add column last_auth timestamptz`,
    `create table invitation (
      org_id text not null references organization (id) on delete cascade,
      user_id text not null references app_user (id) on delete cascade,
      inviter text not null,
      created timestamptz not null,
      expires timestamptz not null,
      token_hash text,
      primary key (org_id, user_id),
      constraint invitation_token_once unique (token_hash)
    )`,
    `create index invitation_by_user on invitation (user_id)`,
    `create table console_session (
      token_hash text primary key,
      user_id text not null references app_user (id) on delete cascade,
      created timestamptz not null,
      seen timestamptz not null
    )`,
    `create index console_session_by_user on console_session (user_id)`,
    `create index console_session_by_age on console_session (created)`,
    `create table team (
      id text primary key,
      org_id text not null references organization (id) on delete cascade,
      name text not null,
      created timestamptz not null,
      constraint team_name_once unique (org_id, name)
    )`,
    `create table team_member (
      team_id text not null references team (id) on delete cascade,
      user_id text not null references app_user (id) on delete cascade,
      primary key (team_id, user_id)
    )`,
    `create index team_member_by_user on team_member (user_id)`,
    `create index role_assignment_by_org on role_assignment (org_id)`,
  ],
}
