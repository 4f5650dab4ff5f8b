// Why a deployment's hidden members are not known, as its last look found; null of those that were not looked at since.

import type { Migration } from '../migrations.ts'

export const hiddenUnknown: Migration = {
  name: '0032-hidden-unknown',
  statements: ['alter table cluster add column hidden_unknown text'],
}
