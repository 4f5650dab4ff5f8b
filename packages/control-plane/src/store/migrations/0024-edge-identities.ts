// Edges that enrolled: what each proves itself by and what it is sent; and the tokens that edges may enrol with, as hashes.
// A third authority signs what they show in TLS.

import type { Migration } from '../migrations.ts'

export const edgeIdentities: Migration = {
  name: '0024-edge-identities',
  statements: [
    `create table edge_identity (
      edge text primary key,
      proof text not null,
      key_hash text not null unique,
      credential_hash text not null,
      token_hash text not null,
      programs jsonb not null,
      org_ids jsonb,
      group_ids jsonb,
      owner_org_ids jsonb not null,
      enrolled timestamptz not null,
      revoked timestamptz
    )`,
    `create table edge_enrolment (
      edge text primary key,
      token_hash text not null,
      programs jsonb not null,
      org_ids jsonb,
      group_ids jsonb,
      owner_org_ids jsonb not null,
      expires timestamptz not null,
      created timestamptz not null
    )`,
    'alter table certificate_authority drop constraint certificate_authority_id_check',
    'alter table certificate_authority add constraint certificate_authority_id_check check (id in (1, 2, 3))',
  ],
}
