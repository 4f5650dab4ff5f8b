// What is forbidden at a standard listener, beside who may come.

import type { Migration } from '../migrations.ts'

export const listenerPolicy: Migration = {
  name: '0033-listener-policy',
  statements: ['alter table standard_listener add column max_snapshot_age_seconds integer'],
}
