// Webhooks, and the outbox of what is to be sent to each: a delivery is written in the transaction of its event.

import type { Migration } from '../migrations.ts'

export const webhooks: Migration = {
  name: '0011-webhooks',
  statements: [
    `create table webhook (
      id text primary key,
      org_id text not null references organization (id) on delete cascade,
      group_id text references "group" (id) on delete cascade,
      url text not null,
      allow_plain_http boolean not null,
      description text not null,
      event_types jsonb not null,
      secret text not null,
      enabled boolean not null,
      disabled_reason text,
      created timestamptz not null
    )`,
    `create index webhook_by_org on webhook (org_id)`,
    `create index webhook_by_group on webhook (group_id)`,
    // No reference to the event: a test has none, and events stay.
    `create table webhook_delivery (
      id text primary key,
      webhook_id text not null references webhook (id) on delete cascade,
      event_id text,
      event_type text not null,
      state text not null,
      attempts integer not null default 0,
      status_code integer,
      error text,
      next_attempt timestamptz,
      last_attempt timestamptz,
      created timestamptz not null
    )`,
    `create index webhook_delivery_by_webhook on webhook_delivery (webhook_id, created desc, id desc)`,
    `create index webhook_delivery_due on webhook_delivery (webhook_id, next_attempt) where state = 'PENDING'`,
  ],
}
