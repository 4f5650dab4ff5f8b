// What each gateway lets in through one endpoint, where its owner set it.

import type { Migration } from '../migrations.ts'

export const endpointLimits: Migration = {
  name: '0015-endpoint-limits',
  statements: ['alter table private_endpoint add column limits jsonb'],
}
