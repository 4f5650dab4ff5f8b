// Secrets of service accounts become rows of their own (two may be valid at once), and what belongs to machines and
// networks: addresses that callers may come from, a group's access list, network containers, custom database roles. An
// account's secret of before moves over under an id that its account's own digits make.

import type { Migration } from '../migrations.ts'

export const machineAccounts: Migration = {
  name: '0004-machine-accounts',
  statements: [
    `create table service_account_secret (
      id text primary key,
      client_id text not null references service_account (client_id) on delete cascade,
      secret_hash text not null,
      secret_tail text not null,
      created timestamptz not null,
      expires timestamptz not null,
      last_used timestamptz
    )`,
    `create index service_account_secret_by_account on service_account_secret (client_id)`,
    `insert into service_account_secret (id, client_id, secret_hash, secret_tail, created, expires)
      select right(client_id, 24), client_id, secret_hash, secret_tail, created, expires from service_account`,
    `alter table service_account drop column secret_hash, drop column secret_tail, drop column expires`,
    `create index service_account_by_org on service_account (org_id)`,
    `create table caller_access_entry (
      holder_kind text not null,
      holder_id text not null,
      cidr text not null,
      created timestamptz not null,
      request_count integer not null default 0,
      last_used timestamptz,
      last_used_address text,
      primary key (holder_kind, holder_id, cidr)
    )`,
    `create table group_access_entry (
      id text primary key,
      group_id text not null references "group" (id) on delete cascade,
      value text not null,
      comment text not null,
      delete_after timestamptz,
      created timestamptz not null,
      constraint group_access_entry_once unique (group_id, value)
    )`,
    `create table network_container (
      id text primary key,
      group_id text not null references "group" (id) on delete cascade,
      provider text not null,
      region text,
      regions jsonb not null,
      cidr text not null,
      created timestamptz not null
    )`,
    // A project has one container on Google Cloud, and one a region elsewhere.
    `create unique index network_container_once on network_container (group_id, provider, coalesce(region, ''))`,
    `alter table "group" add column aws_custom_dns boolean not null default false`,
    `alter table "group" add column managed_slow_ms boolean not null default true`,
  ],
}
