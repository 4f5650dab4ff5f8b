// The first tables, as tables.ts describes them. Unique indexes hold the rules that must hold under races: handlers
// check first for a good sentence, the index decides. Rows that are going (`delete_requested`) still hold their place.
// Foreign keys are written where the parent must outlive the child; the local cloud's tables are another world's truth
// and refer only to each other.

import type { Migration } from '../migrations.ts'

export const tables: Migration = {
  name: '0001-tables',
  statements: [
    `create table store_mark (
      id integer primary key check (id = 1),
      epoch text not null,
      created timestamptz not null
    )`,
    `create table organization (
      id text primary key,
      name text not null,
      created timestamptz not null
    )`,
    `create table "group" (
      id text primary key,
      org_id text not null references organization (id),
      name text not null,
      hash text not null,
      created timestamptz not null,
      next_pl integer not null default 0,
      next_psc integer not null default 0,
      regional_mode boolean not null default false,
      tags jsonb not null,
      settings jsonb not null,
      revision integer not null default 0,
      constraint group_name_once unique (org_id, name),
      constraint group_hash_once unique (hash)
    )`,
    `create table group_limit (
      group_id text not null references "group" (id) on delete cascade,
      name text not null,
      value integer not null,
      primary key (group_id, name)
    )`,
    `create table app_user (
      id text primary key,
      email text not null,
      password text not null,
      first_name text not null,
      last_name text not null,
      created timestamptz not null
    )`,
    `create unique index app_user_email_once on app_user (lower(email))`,
    `create table api_key (
      id text primary key,
      org_id text not null references organization (id),
      public_key text not null,
      ha1 text not null,
      key_tail text not null,
      description text not null,
      created timestamptz not null,
      constraint api_key_public_key_once unique (public_key)
    )`,
    `create index api_key_by_org on api_key (org_id)`,
    `create table service_account (
      client_id text primary key,
      org_id text not null references organization (id),
      name text not null,
      description text not null,
      secret_hash text not null,
      secret_tail text not null,
      created timestamptz not null,
      expires timestamptz not null
    )`,
    `create table revoked_token (token_hash text primary key, expires timestamptz not null)`,
    `create index revoked_token_by_expiry on revoked_token (expires)`,
    `create table role_assignment (
      holder_kind text not null,
      holder_id text not null,
      org_id text references organization (id) on delete cascade,
      group_id text references "group" (id) on delete cascade,
      role text not null,
      constraint role_assignment_one_place check ((org_id is null) <> (group_id is null))
    )`,
    `create unique index role_assignment_org_once on role_assignment (holder_kind, holder_id, org_id, role)
      where org_id is not null`,
    `create unique index role_assignment_group_once on role_assignment (holder_kind, holder_id, group_id, role)
      where group_id is not null`,
    `create index role_assignment_by_group on role_assignment (group_id)`,
    `create table used_nonce (
      nonce text not null,
      nc text not null,
      expires timestamptz not null,
      primary key (nonce, nc)
    )`,
    `create index used_nonce_by_expiry on used_nonce (expires)`,
    `create table endpoint_service (
      id text primary key,
      group_id text not null references "group" (id),
      provider text not null,
      region text not null,
      port_mapping boolean not null,
      status text not null,
      names jsonb not null,
      supported_remote_regions jsonb not null,
      error_message text,
      delete_requested boolean not null default false,
      created timestamptz not null,
      revision integer not null default 0,
      constraint endpoint_service_region_once unique (group_id, provider, region, port_mapping)
    )`,
    `create table private_endpoint (
      id text primary key,
      service_id text not null references endpoint_service (id),
      group_id text not null references "group" (id),
      provider text not null,
      cloud_id text not null,
      phase text not null,
      request jsonb not null,
      link_ids jsonb not null,
      name_index integer,
      form text,
      advertised jsonb,
      was_available boolean not null default false,
      gateway_n integer,
      forwarder_n integer,
      error_message text,
      delete_requested boolean not null default false,
      created timestamptz not null,
      revision integer not null default 0
    )`,
    // Once per service, not once at all: else whoever names a stranger's endpoint first would keep its owner out. That an
    // endpoint is accepted by one service only follows from the service that it was made for. Azure ignores case.
    `create unique index private_endpoint_cloud_id_once on private_endpoint (service_id, lower(cloud_id))`,
    // One count for `pl` and one for GCP's `psc`: contract/host-name.ts.
    `create unique index private_endpoint_name_index_once
      on private_endpoint (group_id, (provider = 'GCP'), name_index) where name_index is not null`,
    `create table cluster (
      id text primary key,
      group_id text not null references "group" (id),
      name text not null,
      engine text not null,
      cluster_type text not null,
      state text not null,
      spec jsonb not null,
      set_name text,
      mongodb_version text,
      access text,
      tls jsonb,
      error_message text,
      termination_protection boolean not null default false,
      delete_requested boolean not null default false,
      created timestamptz not null,
      revision integer not null default 0,
      constraint cluster_name_once unique (group_id, name)
    )`,
    // Names that differ only in case would share their SRV name.
    `create unique index cluster_name_any_case_once on cluster (group_id, lower(name))`,
    `create table member (
      id text primary key,
      cluster_id text not null references cluster (id) on delete cascade,
      host_port text not null,
      provider text not null,
      region text not null,
      role text not null,
      position integer not null,
      constraint member_host_port_once unique (cluster_id, host_port)
    )`,
    `create table member_port (
      service_id text not null references endpoint_service (id) on delete cascade,
      member_id text not null references member (id) on delete cascade,
      slot integer not null,
      service_port integer not null,
      gateway_port integer not null,
      primary key (service_id, member_id),
      constraint member_port_slot_once unique (service_id, slot),
      constraint member_port_service_port_once unique (service_id, service_port),
      constraint member_port_gateway_port_once unique (gateway_port)
    )`,
    `create index member_port_by_member on member_port (member_id)`,
    `create table database_user (
      id text primary key,
      group_id text not null references "group" (id) on delete cascade,
      username text not null,
      database_name text not null,
      password text,
      spec jsonb not null,
      state text not null,
      wish integer not null default 0,
      applied jsonb not null,
      error_message text,
      delete_after timestamptz,
      delete_requested boolean not null default false,
      created timestamptz not null,
      revision integer not null default 0,
      constraint database_user_name_once unique (group_id, database_name, username)
    )`,
    `create table local_endpoint (
      id text primary key,
      provider text not null,
      cloud_id text not null,
      region text not null,
      target text not null,
      link_id text not null,
      hosts jsonb not null,
      first_port integer not null,
      port_count integer not null,
      form text not null,
      state text not null,
      properties jsonb not null,
      created timestamptz not null
    )`,
    `create unique index local_endpoint_cloud_id_once on local_endpoint (provider, lower(cloud_id))`,
    `create unique index local_endpoint_link_id_once on local_endpoint (provider, link_id)`,
    // Own addresses differ in the host, blocks of ports on one host in their first port.
    `create unique index local_endpoint_address_once on local_endpoint ((hosts ->> 0), first_port)`,
    `create table local_service (
      service_id text primary key,
      provider text not null,
      region text not null,
      names jsonb not null,
      ready_at timestamptz not null,
      deleted boolean not null default false
    )`,
    `create table local_acceptance (
      service_id text not null references local_service (service_id) on delete cascade,
      local_endpoint_id text not null references local_endpoint (id) on delete cascade,
      ready_at timestamptz not null,
      primary key (service_id, local_endpoint_id)
    )`,
    // The newest whole of each feed.
    `create table snapshot (
      feed text primary key,
      epoch text not null,
      n integer not null,
      hash text not null,
      body jsonb not null,
      created timestamptz not null
    )`,
    `create table edge_report (
      edge text not null,
      feed text not null,
      epoch text not null,
      n integer not null,
      bound jsonb not null,
      failed jsonb not null,
      seen timestamptz not null,
      primary key (edge, feed)
    )`,
    // No foreign keys: what happened stays told after its organization or group is gone.
    `create table event (
      id text primary key,
      org_id text not null,
      group_id text,
      type text not null,
      actor_kind text not null,
      actor_id text not null,
      actor_name text not null,
      source_address text,
      target jsonb not null,
      created timestamptz not null
    )`,
    `create index event_by_org on event (org_id, created desc, id desc)`,
    `create index event_by_group on event (group_id, created desc, id desc)`,
  ],
}
